// A value or a reason why there is none: the shape of std::expected, for the compilers that lack it.
//
// Threading: a value type, no shared state.
// Failure:   reading the side that is not there is a broken invariant and aborts in every build.
//
//     result<int> parse(std::string_view text);
//     if (auto n = parse("12")) use(*n); else show(n.error().message);
#pragma once

#include <cstdlib>
#include <string>
#include <utility>
#include <variant>

namespace cancelscope::trace {

/// Why something could not be done: one clear sentence that says what, where, and what to do.
struct failure {
  std::string message;
};

template <class Value> class [[nodiscard]] result {
public:
  result(Value value) : state_(std::in_place_index<0>, std::move(value)) {}
  result(failure why) : state_(std::in_place_index<1>, std::move(why)) {}

  [[nodiscard]] bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }

  [[nodiscard]] Value& operator*() & { return get(*this); }
  [[nodiscard]] const Value& operator*() const& { return get(*this); }
  [[nodiscard]] Value&& operator*() && { return std::move(get(*this)); }
  [[nodiscard]] Value* operator->() { return &get(*this); }
  [[nodiscard]] const Value* operator->() const { return &get(*this); }

  [[nodiscard]] const failure& error() const {
    if (has_value()) std::abort();
    return std::get<1>(state_);
  }

private:
  template <class Self> static auto& get(Self& self) {
    if (!self.has_value()) std::abort();
    return std::get<0>(self.state_);
  }

  std::variant<Value, failure> state_;
};

} // namespace cancelscope::trace
