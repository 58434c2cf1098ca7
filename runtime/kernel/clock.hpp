// Time as the kernel sees it: a number that somebody else moves.
#pragma once

#include <cstdint>

namespace cancelscope {

/// Nanoseconds since the trace began.
using time_ns = std::uint64_t;

/// Implementations never go back.
class clock {
public:
  clock() = default;
  clock(const clock&) = delete;
  clock& operator=(const clock&) = delete;
  virtual ~clock() = default;

  [[nodiscard]] virtual time_ns now() const = 0;
  /// Code of the program has run, for which a clock that stands still within a poll has to be read again.
  virtual void catch_up() const {}
};

/// A clock that stands still until it is told to move: tests, and executors that read the real time
/// once a poll.
class manual_clock : public clock {
public:
  [[nodiscard]] time_ns now() const override { return now_; }
  void set(time_ns t) noexcept {
    if (t > now_) now_ = t;
  }
  void advance(time_ns by) noexcept { now_ += by; }

private:
  time_ns now_ = 0;
};

} // namespace cancelscope
