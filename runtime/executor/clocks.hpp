// The clocks an executor can stand on: the machine's, or a virtual one for which waiting takes no
// time.
//
// Product code never asks which one it runs on.
//
// Threading: one executor each. Where that has several threads, tasks may read the clock and `advance` it from all of them.
// Failure:   none.
#pragma once

#include "runtime/kernel/clock.hpp"
#include "trace-format/events.hpp"

#include <atomic>
#include <chrono>
#include <optional>

namespace cancelscope {

/// A clock that can also be waited on.
class executor_clock : public clock {
public:
  /// Returns when `now()` is at least `at`.
  virtual void wait_until(time_ns at) = 0;
  /// When that is on the machine's clock. Absent where time passes only by waiting for it.
  [[nodiscard]] virtual std::optional<std::chrono::steady_clock::time_point>
  machine_time(time_ns) const {
    return std::nullopt;
  }
  /// How long that takes on the machine's clock; where time is virtual it takes none.
  [[nodiscard]] std::chrono::nanoseconds machine_time_until(time_ns at) const;
  [[nodiscard]] virtual trace::clock_kind kind() const = 0;
  /// When the trace began, as a date; absent where dates mean nothing.
  [[nodiscard]] virtual std::optional<std::uint64_t> start_unix_ns() const { return std::nullopt; }
};

/// The machine's monotonic clock, counted from this object's construction.
class real_clock final : public executor_clock {
public:
  real_clock();
  [[nodiscard]] time_ns now() const override;
  void wait_until(time_ns at) override;
  [[nodiscard]] std::optional<std::chrono::steady_clock::time_point>
  machine_time(time_ns at) const override {
    return origin_ + std::chrono::nanoseconds{at};
  }
  [[nodiscard]] trace::clock_kind kind() const override { return trace::clock_kind::monotonic; }
  [[nodiscard]] std::optional<std::uint64_t> start_unix_ns() const override {
    return start_unix_ns_;
  }

private:
  std::chrono::steady_clock::time_point origin_;
  std::uint64_t start_unix_ns_;
};

/// Time that jumps to the next thing that happens: the same program always runs the same way, at
/// once.
class virtual_clock final : public executor_clock {
public:
  [[nodiscard]] time_ns now() const override { return now_.load(std::memory_order_relaxed); }
  void wait_until(time_ns at) override {
    for (time_ns before = now(); before < at && !now_.compare_exchange_weak(before, at);) {
    }
  }
  [[nodiscard]] trace::clock_kind kind() const override { return trace::clock_kind::virtual_time; }
  /// Work that a body pretends to do takes that long.
  void advance(std::chrono::nanoseconds by) { now_ += static_cast<time_ns>(by.count()); }

private:
  std::atomic<time_ns> now_ = 0;
};

} // namespace cancelscope
