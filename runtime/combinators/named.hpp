// A task with a name for the trace, for combinators that start several.
#pragma once

#include "runtime/executor/task.hpp"
#include "runtime/kernel/place.hpp"

#include <source_location>
#include <string>

namespace cancelscope {

template <class Value> struct named_task {
  using value_type = Value;
  std::string name;
  task<Value> body;
  place where{}; ///< absent for tasks given without a name: nothing tells where they were asked for
};

/// `race(named("primary", charge(a)), named("backup", charge(b)))`
template <class Value>
named_task<Value> named(std::string name, task<Value> body,
                        const std::source_location& where = std::source_location::current()) {
  return {std::move(name), std::move(body), where};
}

namespace detail {

template <class Value>
named_task<Value> with_name(named_task<Value> given, const char*, std::size_t) {
  return given;
}
template <class Value>
named_task<Value> with_name(task<Value> body, const char* role, std::size_t number) {
  return {std::string{role} + ' ' + std::to_string(number), std::move(body), {}};
}

template <class Type> struct contender_value;
template <class Value> struct contender_value<task<Value>> {
  using type = Value;
};
template <class Value> struct contender_value<named_task<Value>> {
  using type = Value;
};
template <class Type>
using contender_value_t = typename contender_value<std::remove_cvref_t<Type>>::type;

} // namespace detail

} // namespace cancelscope
