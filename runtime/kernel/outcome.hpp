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
#include <string>
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
  failure(error e) : state_(std::move(e)) {}
  failure(cancellation c) : state_(std::move(c)) {}
  failure(panic p) : state_(std::move(p)) {}

  [[nodiscard]] outcome_kind kind() const noexcept {
    return static_cast<outcome_kind>(state_.index() + 1);
  }
  [[nodiscard]] const std::variant<error, cancellation, panic>& state() const noexcept {
    return state_;
  }

  /// The error's or the panic's words; of a cancellation, those of its root.
  [[nodiscard]] std::string_view message() const {
    if (const auto* e = std::get_if<error>(&state_)) return e->message;
    if (const auto* p = std::get_if<panic>(&state_)) return p->message;
    const auto& c = std::get<cancellation>(state_);
    return c ? c.root_message() : std::string_view{};
  }

private:
  std::variant<error, cancellation, panic> state_;
};

/// The value of an outcome that has nothing to say but that it is ok.
using nothing = std::monostate;

template <class Value> class [[nodiscard]] outcome {
public:
  using value_type = std::conditional_t<std::is_void_v<Value>, nothing, Value>;

  outcome()
    requires std::is_void_v<Value>
  = default;
  template <class From>
    requires(std::convertible_to<From, value_type> &&
             !std::same_as<std::remove_cvref_t<From>, outcome> &&
             !std::same_as<std::remove_cvref_t<From>, failure>)
  outcome(From&& value) : state_(std::in_place_index<0>, std::forward<From>(value)) {}
  outcome(failure why) : state_(std::in_place_index<1>, std::move(why)) {}
  outcome(error e) : outcome(failure{std::move(e)}) {}
  outcome(panic p) : outcome(failure{std::move(p)}) {}
  outcome(cancellation c) : outcome(failure{std::move(c)}) {}

  [[nodiscard]] outcome_kind kind() const noexcept {
    return state_.index() == 0 ? outcome_kind::ok : std::get_if<1>(&state_)->kind();
  }
  [[nodiscard]] bool is_ok() const noexcept { return state_.index() == 0; }
  [[nodiscard]] bool is_err() const noexcept { return kind() == outcome_kind::err; }
  [[nodiscard]] bool is_cancelled() const noexcept { return kind() == outcome_kind::cancelled; }
  [[nodiscard]] bool is_panicked() const noexcept { return kind() == outcome_kind::panicked; }
  explicit operator bool() const noexcept { return is_ok(); }

  [[nodiscard]] value_type& value() & { return part<0>(state_); }
  [[nodiscard]] const value_type& value() const& { return part<0>(state_); }
  [[nodiscard]] value_type&& value() && { return std::move(part<0>(state_)); }
  [[nodiscard]] value_type& operator*() & { return value(); }
  [[nodiscard]] const value_type& operator*() const& { return value(); }
  [[nodiscard]] value_type&& operator*() && { return std::move(*this).value(); }
  [[nodiscard]] value_type* operator->() { return &value(); }
  [[nodiscard]] const value_type* operator->() const { return &value(); }

  /// What went wrong, whichever way; good for `co_return std::move(o).failed()`.
  [[nodiscard]] const failure& failed() const& { return part<1>(state_); }
  [[nodiscard]] failure&& failed() && { return std::move(part<1>(state_)); }
  /// The words of the failure: the error's, the panic's, or those of the request it all began with.
  [[nodiscard]] std::string_view message() const { return failed().message(); }
  /// Of a cancelled outcome: the request in effect, with its whole chain.
  [[nodiscard]] const cancellation& why() const { return checked<cancellation>(); }
  [[nodiscard]] const error& err() const { return checked<error>(); }
  [[nodiscard]] const panic& panicked() const { return checked<panic>(); }

  /// The same end without the value.
  [[nodiscard]] outcome<void> without_value() const;

private:
  template <std::size_t Index, class State> static auto& part(State& state) {
    auto* found = std::get_if<Index>(&state);
    if (found == nullptr) std::abort();
    return *found;
  }
  template <class Part> const Part& checked() const {
    const auto* found = std::get_if<Part>(&failed().state());
    if (found == nullptr) std::abort();
    return *found;
  }

  std::variant<value_type, failure> state_;
};

template <class Value> outcome<void> outcome<Value>::without_value() const {
  if (is_ok()) return {};
  return failed();
}

/// The worse of two ends; on a tie the earlier argument stays as it is.
template <class Value> outcome<Value> combine(outcome<Value> a, outcome<Value> b) {
  return b.kind() > a.kind() ? std::move(b) : std::move(a);
}

} // namespace cancelscope
