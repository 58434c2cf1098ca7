// timeout: a task with a deadline of its own.
//
//     outcome<receipt> paid = co_await timeout("payment", 80ms, charge(order));
//
// The task runs in a region named `name` whose deadline is `after`. When it passes, the region is
// cancelled by a `timeout`; the outcome is then what the task's clean-up made of it, `cancelled` as
// a rule.
//
// Threading: that of the executor. Failure: in the outcome.
#pragma once

#include "runtime/executor/scope.hpp"

#include <string>

namespace cancelscope {

namespace detail {

template <class Value>
task<outcome<Value>> in_own_region(std::string name, region_options options, task<Value> body,
                                   place where) {
  auto give_body = [&body](region) { return std::move(body); };
  scope_op<decltype(give_body)> opened{name, options, give_body, where};
  co_return co_await opened;
}

} // namespace detail

template <class Value>
task<outcome<Value>> timeout(std::string_view name, nanoseconds after, task<Value> body,
                             const std::source_location& where = std::source_location::current()) {
  return detail::in_own_region<Value>(std::string{name}, {.deadline = after}, std::move(body),
                                      where);
}

/// The same with a bound on what the clean-up may take.
template <class Value>
task<outcome<Value>> timeout(std::string_view name, nanoseconds after, nanoseconds cleanup,
                             task<Value> body,
                             const std::source_location& where = std::source_location::current()) {
  return detail::in_own_region<Value>(std::string{name}, {.deadline = after, .cleanup = cleanup},
                                      std::move(body), where);
}

} // namespace cancelscope
