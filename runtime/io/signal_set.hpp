// signal_set: the signals of the process, awaited instead of suffered.
//
// While it lives, these signals do not do what they otherwise do. One that comes while nobody waits, or while the waiting
// task is cancelled, is kept for the next wait.
//
// Threading: used from tasks of the executor that its reactor belongs to; one waits at a time.
// Failure:   values and errors, with a sentence.
//
//     outcome<signal_set> caught = signal_set::catch_signals(runtime.io(), SIGINT, SIGTERM);
//     int which = co_await caught->next();
//     runtime.shutdown("interrupted");
#pragma once

#include "runtime/executor/task.hpp"
#include "runtime/io/reactor.hpp"

#include <array>
#include <concepts>
#include <csignal>
#include <memory>
#include <span>

namespace cancelscope {

namespace detail {
struct caught_signals;
} // namespace detail

class [[nodiscard]] signal_set {
public:
  /// Not a list in braces, which g++ 12 does not take within a co_await.
  template <std::same_as<int>... Signals>
  static outcome<signal_set> catch_signals(const reactor& on, Signals... which) {
    const std::array<int, sizeof...(which)> all{which...};
    return catch_all(on, all);
  }

  explicit signal_set(std::shared_ptr<detail::caught_signals> caught) noexcept;
  signal_set(signal_set&& from) noexcept;
  signal_set& operator=(signal_set&& from) noexcept;
  ~signal_set();

  /// Waits for one of them, and says which.
  task<int> next();

private:
  static outcome<signal_set> catch_all(const reactor& on, std::span<const int> which);

  std::shared_ptr<detail::caught_signals> caught_;
};

} // namespace cancelscope
