// run_loop: what the executors share: the kernel, its time, the timers, and what one run of a job means. Which job runs
// next is theirs to say.
//
// The clock is read once a poll: whatever a task does in one poll happens, in the trace, when the
// poll began.
//
// Threading: one thread at a time: the thread that calls `run`, or those of a pool in turn.
// Failure:   when every task is parked and no timer is left, nothing can ever happen again: it says
//            so (`violation`), requests a shutdown, and stops by force what does not end then.
#pragma once

#include "runtime/executor/clocks.hpp"
#include "runtime/executor/host.hpp"

namespace cancelscope {

struct runtime_settings {
  std::string_view name{};    ///< the program's, for the trace
  std::string_view version{}; ///< the program's
  std::string_view seed{};    ///< what the program's randomness was seeded with, when it was
  trace::sink* sink = nullptr;
  kernel_limits limits{};
};

class run_loop : public host {
protected:
  run_loop(executor_clock& clock, const runtime_settings& settings);
  ~run_loop();

  void start_timer(timer& t, time_ns at) final { timers_.start(t, at); }
  void stop_timer(timer& t) noexcept final { timers_.stop(t); }
  [[nodiscard]] time_ns now() const final { return clock_.now(); }
  [[nodiscard]] job* current() const noexcept override { return current_; }

  [[nodiscard]] timer_queue& timers() noexcept { return timers_; }
  /// The time of the poll that runs, or of the last.
  [[nodiscard]] time_ns poll_time() const noexcept { return poll_time_.now(); }
  /// Runs the job until it parks or is over, and tells the kernel what came of it.
  void poll(job& j);
  /// Tells the kernel that the job has run until then, and what came of it; the run began at the poll time.
  void has_run(job& j, time_ns until);
  [[nodiscard]] executor_clock& clock() noexcept { return clock_; }
  /// When the next timer or deadline comes; nothing when there is none.
  [[nodiscard]] std::optional<time_ns> next_due();
  void set_poll_time(time_ns now) noexcept { poll_time_.set(now); }
  /// What comes next happens now, though no poll has ended.
  virtual void pass_time() noexcept { read_clock(); }
  /// Waits for the next timer or deadline; false when there is none.
  bool wait_for_time();
  /// After a wait: what comes next happens now.
  void read_clock() { poll_time_.set(clock_.now()); }
  /// Nothing can happen any more, and the region lives: ask it to end, and the second time make it.
  void give_up(region_handle root);
  void has_closed() noexcept { gave_up_ = 0; }

private:
  class poll_clock final : public manual_clock {
  public:
    explicit poll_clock(run_loop& of) : of_(of) {}
    void catch_up() const override { of_.pass_time(); }

  private:
    run_loop& of_;
  };

  executor_clock& clock_;
  poll_clock poll_time_{*this};
  kernel kernel_;
  timer_queue timers_;
  job* current_ = nullptr;
  int gave_up_ = 0; ///< how often nothing could happen any more
};

} // namespace cancelscope
