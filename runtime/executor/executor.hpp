// What every executor offers to the tasks on it: a place in the ready queue, timers, and the
// kernel.
//
// Threading: an executor says so itself; tasks and awaitables use it from within the tasks it runs.
// Failure:   none.
#pragma once

#include "runtime/executor/job.hpp"
#include "runtime/executor/timer_queue.hpp"

namespace cancelscope {

class helper_threads;

class executor {
public:
  explicit executor(kernel& core) noexcept : core_(core) {}
  executor(const executor&) = delete;
  executor& operator=(const executor&) = delete;

  [[nodiscard]] kernel& core() const noexcept { return core_; }
  /// Queues the job once, however often it is asked before it runs.
  virtual void make_ready(job& j) noexcept = 0;
  virtual void start_timer(timer& t, time_ns at) = 0;
  virtual void stop_timer(timer& t) noexcept = 0;
  /// The clock itself, which moves on while a poll lasts; `core().time()` stands still then.
  [[nodiscard]] virtual time_ns now() const = 0;
  /// The job that runs now; none between polls.
  [[nodiscard]] virtual job* current() const noexcept = 0;

  /// Where plain functions run beside it (`offload`); null on an executor that has no other thread.
  [[nodiscard]] virtual helper_threads* helpers() noexcept { return nullptr; }

  /// The task that runs now, for attribution; null from outside.
  [[nodiscard]] task_handle current_task() const noexcept {
    const job* j = current();
    return j == nullptr ? task_handle{} : j->handle();
  }

protected:
  ~executor() = default;

private:
  kernel& core_;
};

} // namespace cancelscope
