// Outcomes: how a task, a region or a combination of them ended. `ok < err < cancelled < panicked`,
// a lattice.
//
// An outcome carries its payload whole: the value, the error, the cancellation with its chain, or
// what a panic said. Combining takes the worst; on a tie the earlier argument's payload stays.
//
// Threading: values.
// Failure:   reading a payload that is not there is a broken invariant and aborts in every build.
//
//     outcome<price> p = co_await quote.join();
//     if (p) use(*p);
//     else if (p.is_cancelled()) log(p.why().root().message());
#pragma once

#include "runtime/kernel/cancellation.hpp"

#include <concepts>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

namespace cancelscope {

using trace::outcome_kind;

/// An expected failure, returned as a value: `co_return error{"card declined"}`.
struct error {
  std::string message;

  // A constructor, because GCC 12 copies aggregates bit by bit when they are temporaries of a
  // co_await.
  explicit error(std::string what) : message(std::move(what)) {}
  friend bool operator==(const error&, const error&) = default;
};

/// Something that should not have happened: an exception that left a task, a clean-up that had to
/// be stopped.
struct panic {
  std::string message;

  explicit panic(std::string what) : message(std::move(what)) {}
  friend bool operator==(const panic&, const panic&) = default;
};

/// How something failed, without the type of the value it did not produce.
class failure {
public:
  failure(error e) : kind_(outcome_kind::err), said_(std::make_shared<const error>(std::move(e))) {}
  failure(cancellation c) noexcept : kind_(outcome_kind::cancelled), why_(std::move(c)) {}
  failure(panic p)
      : kind_(outcome_kind::panicked), said_(std::make_shared<const panic>(std::move(p))) {}

  [[nodiscard]] outcome_kind kind() const noexcept { return kind_; }
  /// What it was, when it was a `What`: error, cancellation or panic; null otherwise.
  template <class What> [[nodiscard]] const What* get_if() const noexcept {
    if constexpr (std::same_as<What, cancellation>)
      return kind_ == outcome_kind::cancelled ? &why_ : nullptr;
    else
      return kind_ == kind_of<What> ? static_cast<const What*>(said_.get()) : nullptr;
  }

  /// The error's or the panic's words; of a cancellation, those of its root.
  [[nodiscard]] std::string_view message() const {
    if (const auto* e = get_if<error>()) return e->message;
    if (const auto* p = get_if<panic>()) return p->message;
    return why_ ? why_.root_message() : std::string_view{};
  }

private:
  template <class> friend class outcome;
  template <class What>
  static constexpr outcome_kind kind_of =
      std::same_as<What, error> ? outcome_kind::err : outcome_kind::panicked;

  /// None: what an outcome that is ok has.
  failure() noexcept = default;

  outcome_kind kind_ = outcome_kind::ok;
  cancellation why_{};
  std::shared_ptr<const void>
      said_{}; ///< an error or a panic; shared, so that a copy costs no memory
};

/// The value of an outcome that has nothing to say but that it is ok.
using nothing = std::monostate;

template <class Value> class [[nodiscard]] outcome {
public:
  using value_type = std::conditional_t<std::is_void_v<Value>, nothing, Value>;

  outcome() noexcept
    requires std::is_void_v<Value>
      : value_(std::in_place) {}
  template <class From>
    requires(std::convertible_to<From, value_type> &&
             !std::same_as<std::remove_cvref_t<From>, outcome> &&
             !std::same_as<std::remove_cvref_t<From>, failure>)
  outcome(From&& value) : value_(std::in_place, std::forward<From>(value)) {}
  outcome(failure why) noexcept : failed_(std::move(why)) {}
  outcome(error e) : outcome(failure{std::move(e)}) {}
  outcome(panic p) : outcome(failure{std::move(p)}) {}
  outcome(cancellation c) : outcome(failure{std::move(c)}) {}

  [[nodiscard]] outcome_kind kind() const noexcept { return failed_.kind(); }
  [[nodiscard]] bool is_ok() const noexcept { return kind() == outcome_kind::ok; }
  [[nodiscard]] bool is_err() const noexcept { return kind() == outcome_kind::err; }
  [[nodiscard]] bool is_cancelled() const noexcept { return kind() == outcome_kind::cancelled; }
  [[nodiscard]] bool is_panicked() const noexcept { return kind() == outcome_kind::panicked; }
  explicit operator bool() const noexcept { return is_ok(); }

  [[nodiscard]] value_type& value() & { return *checked(value_, is_ok()); }
  [[nodiscard]] const value_type& value() const& { return *checked(value_, is_ok()); }
  [[nodiscard]] value_type&& value() && { return *checked(std::move(value_), is_ok()); }
  [[nodiscard]] value_type& operator*() & { return value(); }
  [[nodiscard]] const value_type& operator*() const& { return value(); }
  [[nodiscard]] value_type&& operator*() && { return std::move(*this).value(); }
  [[nodiscard]] value_type* operator->() { return &value(); }
  [[nodiscard]] const value_type* operator->() const { return &value(); }

  /// What went wrong, whichever way; good for `co_return std::move(o).failed()`.
  [[nodiscard]] const failure& failed() const& { return checked(failed_, !is_ok()); }
  [[nodiscard]] failure&& failed() && { return checked(std::move(failed_), !is_ok()); }
  /// The words of the failure: the error's, the panic's, or those of the request it all began with.
  [[nodiscard]] std::string_view message() const { return failed().message(); }
  /// Of a cancelled outcome: the request in effect, with its whole chain.
  [[nodiscard]] const cancellation& why() const { return what<cancellation>(); }
  [[nodiscard]] const error& err() const { return what<error>(); }
  [[nodiscard]] const panic& panicked() const { return what<panic>(); }

  /// The same end without the value.
  [[nodiscard]] outcome<void> without_value() const;

private:
  template <class Part> static Part&& checked(Part&& part, bool is_there) {
    if (!is_there) std::abort();
    return std::forward<Part>(part);
  }
  template <class What> const What& what() const {
    const What* const found = failed().template get_if<What>();
    if (found == nullptr) std::abort();
    return *found;
  }

  std::optional<value_type> value_{};
  failure failed_{};
};

template <class Value> outcome<void> outcome<Value>::without_value() const {
  if (is_ok()) return {};
  return failed();
}

/// The worse of two ends; on a tie the earlier argument stays as it is.
template <class Value> outcome<Value> combine(outcome<Value> a, outcome<Value> b) {
  return b.kind() > a.kind() ? std::move(b) : std::move(a);
}

/// The same in place: `kept` becomes the other when that is worse.
template <class Value> void keep_worse(outcome<Value>& kept, outcome<Value>&& other) {
  if (other.kind() > kept.kind()) kept = std::move(other);
}

} // namespace cancelscope
