// retry: the same attempt again, until it succeeds or enough is enough.
//
//     outcome<price> p = co_await retry("quote", {.attempts = 4, .backoff = 2ms},
//                                       [&] { return fetch(order); });
//
// An attempt is a task, or a combinator's outcome (`return timeout("fetch", 10ms, fetch(order))`).
// What is tried again is an error, and a cancellation that was the attempt's alone, such as its
// timeout. A panic is not; and when the task that retries is itself cancelled, nothing more is
// tried.
//
// Threading: that of the executor. Failure: the last attempt's outcome.
#pragma once

#include "runtime/executor/scope.hpp"
#include "runtime/executor/waits.hpp"

#include <algorithm>
#include <string>

namespace cancelscope {

struct retry_options {
  unsigned attempts = 3;                   ///< at most, the first included
  nanoseconds backoff{};                   ///< the pause before the second attempt
  unsigned factor = 2;                     ///< each further pause is that much longer
  nanoseconds longest{nanoseconds::max()}; ///< but never longer than this
};

namespace detail {

template <class Value> struct attempt_value {
  using type = Value;
};
template <class Value> struct attempt_value<outcome<Value>> {
  using type = Value;
};
template <class Attempt>
using attempt_value_t =
    typename attempt_value<typename std::invoke_result_t<Attempt&>::value_type>::type;

template <class Value> task<outcome<Value>> one_attempt(task<Value> attempt) {
  co_return co_await outcome_of(std::move(attempt));
}
template <class Value> task<outcome<Value>> one_attempt(task<outcome<Value>> attempt) {
  return attempt;
}

std::string retry_note(std::string_view name, unsigned attempt, const retry_options& options,
                       const failure& why);

template <class Value, class Attempt>
task<outcome<Value>> retry_loop(std::string name, retry_options options, Attempt attempt) {
  const region here = co_await this_region();
  nanoseconds pause = options.backoff;
  for (unsigned number = 1;; ++number) {
    outcome<Value> ended = co_await one_attempt(attempt());
    const bool mine_alone = ended.is_err() || (ended.is_cancelled() && !co_await my_cancellation());
    if (!mine_alone || number >= options.attempts) co_return ended;
    here.mark(retry_note(name, number, options, ended.failed()));
    co_await sleep(pause);
    pause = std::min(pause * options.factor, options.longest);
  }
}

} // namespace detail

template <class Attempt>
auto retry(std::string_view name, const retry_options& options, Attempt attempt) {
  return detail::retry_loop<detail::attempt_value_t<Attempt>>(std::string{name}, options,
                                                              std::move(attempt));
}

} // namespace cancelscope
