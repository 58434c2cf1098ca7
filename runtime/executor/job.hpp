// A job: what runs a task. It drives the task's coroutine frames and holds the outcome until it is
// taken.
//
// A task is a stack of coroutine frames, each awaited inline by the one before. Frames are resumed
// one at a time from a loop, never from one another, so the depth of the stack costs no machine
// stack.
//
// How a body ends early: cancellation and errors are not C++ exceptions. The job destroys the
// frames from the innermost outwards, so destructors run and no `catch` can swallow the request, up
// to the nearest frame that asked for the outcome (`outcome_of`), or to the end of the task.
// Exceptions pass between frames as usual.
//
// Threading: that of its executor. Where several threads share one, a job is run by one of them at a time, inside the
//            runtime (kernel_lock.hpp) but for the body itself. Failure: none of its own.
#pragma once

#include "runtime/executor/touches.hpp"
#include "runtime/kernel/block_pool.hpp"
#include "runtime/kernel/kernel.hpp"
#include "runtime/kernel/kernel_lock.hpp"

#include <coroutine>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cancelscope {

class executor;
class job;
class wait_op;

/// The part of a coroutine frame that a job knows: the base of every promise.
struct frame {
  std::coroutine_handle<> coroutine;
  job* runs_in = nullptr;
  frame* parent = nullptr; ///< the frame that awaits this one
  /// The owner's handle, emptied when the job destroys the frame.
  std::coroutine_handle<>* held_by = nullptr;
  /// Where the parent wants a failure; none: it unwinds too.
  std::optional<failure>* catcher = nullptr;
  std::optional<failure> failed; ///< it returned a failure
  std::exception_ptr thrown;     ///< it ended by an exception

  /// Runs the destructors of everything in the frame.
  void destroy() noexcept;
};

/// What `thrown` says, as a panic.
panic panic_of(const std::exception_ptr& thrown);

/// Makes the frame that a finalizer that awaits runs in; nobody awaits that frame.
using exit_maker = std::function<frame*()>;

/// Whoever wants to know when a job is over.
class job_watcher {
public:
  virtual void job_over(job& which) noexcept = 0;

protected:
  ~job_watcher() = default;
};

class job : public task_body {
public:
  job(executor& runs_on, frame& root);
  job(const job&) = delete;
  job& operator=(const job&) = delete;
  static void* operator new(std::size_t size) { return detail::block_pool::take(size); }
  static void operator delete(void* memory, std::size_t size) noexcept {
    detail::block_pool::give_back(memory, size);
  }

  // ---- For the executor ----
  /// Runs the task until it parks or is over. False: there was no reason to run it.
  bool run();
  /// The run is over: only now can it be destroyed, or run again.
  void rest() noexcept { running_ = false; }
  /// Its outcome is there; it may have to be finalized.
  [[nodiscard]] bool is_body_over() const noexcept { return over_; }
  /// The outcome is there to be taken, and the watcher was told.
  [[nodiscard]] bool is_over() const noexcept { return announced_; }
  [[nodiscard]] const wait_fact& parked_at() const noexcept { return parked_at_; }
  /// How it ended, without the value.
  [[nodiscard]] const outcome<void>& ended() const noexcept { return ended_; }
  /// The body is over: true when its finalizers are, too. False when one of them awaits: it runs
  /// when the job is polled next.
  bool finalize();
  /// Tells the watcher, and gives up the running task's own reference.
  void announce_end() noexcept;
  /// It may not begin at all, because of `why`.
  void refuse(failure why);

  // ---- For awaitables, from within the task's own frames ----
  /// True when the body must stop here; the caller then suspends and does nothing more.
  bool stops_here(frame& at) { return is_requested() && sees_request(at); }
  void park(frame& at, wait_op& op, const wait_fact& fact);
  void call(frame& child, frame& parent);
  void returned(frame& from);
  void end_with(frame& at, failure how);
  /// Runs after the body and is awaited, in turn with the task's other finalizers.
  void add_exit(std::string label, exit_maker make);

  // ---- For whoever wakes it ----
  void schedule() noexcept;
  void wake() noexcept override { schedule(); }
  outcome_taker destroy(std::string_view why) noexcept override;
  [[nodiscard]] bool is_running() const noexcept override { return running_ || away_; }
  /// Its body runs now, or its frames are being destroyed.
  [[nodiscard]] bool is_polled() const noexcept { return running_; }
  /// While it waits, a function of its frames runs on a helper thread: none of them may go before that returns.
  void set_away(bool away) noexcept { away_ = away; }

  [[nodiscard]] executor& runs_on() const noexcept { return executor_; }
  [[nodiscard]] task_handle handle() const noexcept { return handle_; }
  void set_handle(task_handle h) noexcept { handle_ = h; }
  /// There is one watcher at most; null ends the watch. A watcher may also wait to take the
  /// outcome.
  void set_watcher(job_watcher* watcher, task_handle takes_outcome = {}) noexcept {
    touches(handle_, access::changes);
    watcher_ = watcher;
    taker_ = takes_outcome;
  }
  /// Who takes the outcome when the job is over; null when nobody waits for that.
  [[nodiscard]] task_handle taker() const noexcept { return taker_; }
  [[nodiscard]] bool is_watched() const noexcept { return watcher_ != nullptr; }
  /// Destructors are running because the body ends early.
  [[nodiscard]] bool is_unwinding() const noexcept { return unwinding_; }
  /// Of those that are ready, who goes first: that of its region's budget.
  [[nodiscard]] std::uint8_t priority() const noexcept { return priority_; }
  void set_priority(std::uint8_t p) noexcept { priority_ = p; }

  void add_reference() noexcept {
    const runtime_entry entry;
    ++references_;
  }
  void drop_reference() noexcept;

  // Owned by the executor's ready queue.
  job* next_ready = nullptr;
  bool is_queued = false;
  bool is_woken = false; ///< while it ran: it is queued afterwards

protected:
  virtual ~job() = default;
  /// The task returned: what it returned goes to the job.
  virtual void take_value(frame& root) = 0;
  [[nodiscard]] failure take_failure() noexcept { return std::move(ended_).failed(); }

private:
  struct awaiting_exits {
    std::vector<exit_maker> registered; ///< the last registered runs first
    exit_maker running;                 ///< keeps alive what its frame refers to
  };
  enum class step : std::uint8_t { resume, parked, unwind, returned };

  bool sees_request(frame& at);
  bool wakes_up();
  void unwind();
  void finish_frame();
  void end(outcome<void> how) noexcept;
  void body_over() noexcept;
  [[nodiscard]] bool is_in_exit() const noexcept;
  void begin_exit();
  void exit_over(outcome<void> how);

  executor& executor_;
  task_handle handle_{};
  frame* leaf_;
  wait_op* op_ = nullptr;
  job_watcher* watcher_ = nullptr;
  task_handle taker_{};
  std::optional<failure> ending_; ///< why frames are being destroyed
  outcome<void> ended_;
  wait_fact parked_at_{};
  std::uint32_t references_ = 0;
  step step_ = step::resume;
  bool started_ = false;
  bool stops_after_wait_ = false;
  bool unwinding_ = false;
  bool over_ = false;
  bool announced_ = false;
  bool running_ = false;
  bool away_ = false;
  std::uint8_t priority_ = 0;
  std::unique_ptr<awaiting_exits> exits_;
};

/// What a task can be parked at; the base of every awaitable that waits. Lives in the awaiting
/// frame.
class wait_op {
public:
  wait_op() = default;
  wait_op(const wait_op&) = delete;
  wait_op& operator=(const wait_op&) = delete;

  /// Begins to wait. True when there is nothing to wait for: the body goes on, without a suspension that would cost
  /// more than the question. False: the body is to be suspended, and is parked or unwinds.
  [[nodiscard]] bool is_ready_for(frame& at) {
    runtime_entry entry;
    job_ = at.runs_in;
    done_ = false;
    if (!job_->stops_here(at)) {
      if (begin()) return true;
      job_->park(at, *this, fact());
    }
    entry.stay(); // or another thread could run the body before it is suspended
    return false;
  }
  void await_suspend(std::coroutine_handle<>) const noexcept {}

  /// What was waited for is here: the task goes on. Says nothing when the task is not parked here.
  void complete() noexcept {
    done_ = true;
    if (job_ != nullptr) job_->schedule();
  }
  [[nodiscard]] bool is_done() const noexcept { return done_; }

  /// Gives up the wait, and what came of it meanwhile. False: the wait has to be seen to its end.
  virtual bool abandon() noexcept = 0;

protected:
  ~wait_op() = default;
  /// Starts to wait; true when there is nothing to wait for.
  virtual bool begin() = 0;
  [[nodiscard]] virtual wait_fact fact() const = 0;
  [[nodiscard]] job& awaiting_job() const noexcept { return *job_; }

private:
  job* job_ = nullptr;
  bool done_ = false;
};

} // namespace cancelscope
