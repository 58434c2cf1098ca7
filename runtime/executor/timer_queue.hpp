// Timers in the order in which they come due; equal times in the order they were started.
//
// An intrusive binary heap: a timer knows its place, so that stopping one costs no search and no
// memory.
//
// Threading: that of the executor. Failure: none.
#pragma once

#include "runtime/kernel/clock.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace cancelscope {

/// Something to be told of a time. Must be stopped before it goes.
class timer {
public:
  virtual void fire() noexcept = 0;
  /// How many timers of its queue were started before it.
  [[nodiscard]] std::uint64_t order() const noexcept { return order_; }

protected:
  virtual ~timer() = default;

private:
  friend class timer_queue;
  static constexpr std::size_t not_queued = ~std::size_t{0};
  time_ns at_ = 0;
  std::uint64_t order_ = 0;
  std::size_t position_ = not_queued;
};

class timer_queue {
public:
  void start(timer& t, time_ns at);
  /// Does nothing to a timer that is not running.
  void stop(timer& t) noexcept;
  [[nodiscard]] std::optional<time_ns> next() const;
  /// Fires all timers due at `now`, the earliest first.
  void fire_due(time_ns now) {
    while (!heap_.empty() && heap_.front()->at_ <= now)
      fire(*heap_.front());
  }
  /// Appends those due at `now` to `found`, the earliest first.
  void find_due(time_ns now, std::vector<timer*>& found) const;
  /// Fires this one, which must be running.
  void fire(timer& t) {
    stop(t);
    t.fire();
  }

private:
  static bool earlier(const timer& a, const timer& b);
  void place(std::size_t position, timer& t) noexcept;
  void sift_up(std::size_t position) noexcept;
  void sift_down(std::size_t position) noexcept;

  std::vector<timer*> heap_;
  std::uint64_t started_ = 0;
};

} // namespace cancelscope
