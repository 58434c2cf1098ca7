// Timers in the order in which they come due; equal times in the order they were started.
//
// A binary heap in which a timer knows its place. Most timers are stopped before they come due: then the place is left
// empty, and goes when it comes to the top, or with all others when they are the majority. So stopping costs no search,
// no memory, and not the depth of the heap.
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
  std::uint64_t order_ = 0;
  std::size_t position_ = not_queued;
};

class timer_queue {
public:
  void start(timer& t, time_ns at);
  /// Does nothing to a timer that is not running.
  void stop(timer& t) noexcept;
  [[nodiscard]] std::optional<time_ns> next();
  /// Fires all timers due at `now`, the earliest first.
  void fire_due(time_ns now) {
    while (!heap_.empty() && heap_.front().at <= now)
      fire_or_drop_first();
  }
  /// Appends those due at `now` to `found`, the earliest first.
  void find_due(time_ns now, std::vector<timer*>& found) const;
  /// Fires this one, which must be running.
  void fire(timer& t) {
    stop(t);
    t.fire();
  }

private:
  static constexpr std::size_t fewest_swept = 64;

  struct place {
    time_ns at = 0;
    std::uint64_t order = 0;
    timer* of = nullptr; ///< null: it was stopped

    friend bool operator<(const place& a, const place& b) noexcept {
      return a.at != b.at ? a.at < b.at : a.order < b.order;
    }
  };

  void fire_or_drop_first();
  void drop_first() noexcept;
  void sweep() noexcept;
  void put(std::size_t position, const place& moved) noexcept;
  void sift_up(std::size_t position) noexcept;
  void sift_down(std::size_t position) noexcept;

  std::vector<place> heap_;
  std::size_t stopped_ = 0; ///< places that are empty
  std::uint64_t started_ = 0;
};

} // namespace cancelscope
