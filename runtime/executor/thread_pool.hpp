// thread_pool: runs a program's tasks on several threads. Bodies run in parallel; the runtime itself, one thread at a time.
//
// Each thread has a queue of its own: what a task makes ready is queued where the task runs, and runs there in turn. A
// thread that has nothing to do steals from another's queue. Priorities hold for the pool as a whole: whoever is free takes
// the highest that is ready anywhere, and of equals its own first, the one that has been ready longest. What runs already
// is not interrupted.
//
// What a body shares with others it protects as in any program with threads: by a `mutex` or a channel of the runtime,
// whose values are handed over safely, by a lock of its own, or by an atomic. All of a task's own, destructors and
// finalizers included, happens on one thread at a time, though not always on the same; so a lock of a thread
// (std::mutex) must not be held over an await.
//
// The kernel's lock (kernel_lock.hpp) is held while a thread is inside the runtime: at each await, spawn, cancel, send.
// Within it the runtime moves and copies values of the program, makes the bodies of regions, and drops outcomes that
// nobody took: what that calls must not wait for another thread.
//
// The trace is one sequence, written under the lock, in which `th` says which thread it was: 0 the one that called `run`, from
// 1 the pool's. A run of a task is written in parts when other threads' events fall into it.
// On a virtual clock time passes when every thread waits; a change of threads in the trace takes 1 ns.
//
// Threading: `run` from any one thread that is none of its own, one program at a time; that thread waits. What tasks
//            use, they may use on all of its threads at once: regions, handles, channels, locks. The `host` itself
//            (`core`, `shutdown`) from its tasks: questions to the kernel inside a `runtime_entry`.
// Failure:   as run_loop: when nothing can ever happen again it says so and shuts down. Aborts when a second program is
//            run meanwhile. std::system_error when a thread cannot be started.
//
//     real_clock clock;
//     thread_pool runtime{clock, 4, {.name = "checkout", .sink = &recorder}};
//     outcome<int> served = runtime.run("checkout", [&](region r) -> task<int> { ... });
#pragma once

#include "runtime/executor/helper_threads.hpp"
#include "runtime/executor/ready_queue.hpp"
#include "runtime/executor/run_loop.hpp"
#include "runtime/executor/waits.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace cancelscope {

class thread_pool final : public run_loop, private kernel_lock {
public:
  /// Zero threads: as many as the machine has processors.
  explicit thread_pool(executor_clock& clock, unsigned threads = 0,
                       const runtime_settings& settings = {});
  ~thread_pool();

private:
  struct worker {
    thread_pool* pool;
    std::uint64_t number; ///< in the trace
    ready_queue ready{};
    job* runs = nullptr; ///< whose body it runs
    std::thread thread{};
  };

  // ---- As an executor ----
  void make_ready(job& j) noexcept override;
  void run_until_closed(region_handle root) override;
  [[nodiscard]] job* current() const noexcept override;
  [[nodiscard]] helper_threads* helpers() noexcept override { return &helpers_; }
  [[nodiscard]] kernel_lock* guard() noexcept override { return this; }

  // ---- Whose turn it is ----
  void lock() noexcept override;
  void unlock() noexcept override;
  void wait(std::condition_variable& condition, std::optional<time_ns> due = {});
  void has_turn() noexcept;
  void pass_time() noexcept override;
  void cut_runs(time_ns until) noexcept;

  // ---- What the threads do ----
  void end_threads() noexcept;
  [[nodiscard]] worker* own_worker() const noexcept;
  void work(worker& me);
  job* take(worker& me) noexcept;
  void run_job(worker& me, job& next);
  void rest(worker& me);
  void wake_one_if_needed() noexcept;

  static thread_local worker* worker_of_thread;

  executor_clock& clock_;
  const bool time_passes_by_itself_;
  std::vector<std::unique_ptr<worker>> workers_;
  region_handle root_{}; ///< of the program that runs

  std::mutex turn_;
  std::condition_variable needed_; ///< somebody is ready, or the time has to be kept
  std::condition_variable closed_; ///< the program is over
  std::thread::id last_turn_;
  std::size_t ready_ = 0;
  std::size_t resting_ = 0;
  std::size_t next_queue_ = 0; ///< for what becomes ready outside of the pool's threads
  worker* timekeeper_ = nullptr;
  time_ns keeps_time_until_ = 0;
  bool waking_ = false; ///< one was woken that has not had its turn yet
  bool closing_ = false;
  helper_threads helpers_; ///< gone first: they take their turns, too
};

} // namespace cancelscope
