// helper_threads: the threads beside an executor, on which plain functions run that would block it; see offload.hpp.
//
// A function begins at once, on an idle thread or on a new one: functions that wait for each other do not starve. How
// many run at a time is the program's to bound, by a `semaphore`. What has returned stands in an inbox until the
// executor takes it in, between polls, or where it waits.
//
// Threading: to be used from inside the runtime of the executor it belongs to. A function, and `knock`, run on a thread of
//            its own.
// Failure:   std::system_error from `run` when no thread can be started; nothing has begun then.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace cancelscope {

/// What is run on a helper thread. Lives until it was taken in.
class errand {
public:
  /// On a helper thread.
  virtual void run() noexcept = 0;
  /// It has run; inside the runtime.
  virtual void returned() noexcept = 0;

  errand* next = nullptr; ///< owned by the queue it stands in

protected:
  ~errand() = default;
};

/// First in, first out.
class errand_queue {
public:
  void push(errand& last) noexcept;
  /// Null when there is none.
  errand* pop() noexcept;
  [[nodiscard]] bool is_empty() const noexcept { return first_ == nullptr; }

private:
  errand* first_ = nullptr;
  errand* last_ = nullptr;
};

class helper_threads {
public:
  /// `knock` is called after each function, for an executor that waits for something else than `wait`.
  explicit helper_threads(std::function<void()> knock = {}) : knock_(std::move(knock)) {}
  helper_threads(const helper_threads&) = delete;
  helper_threads& operator=(const helper_threads&) = delete;
  /// No function may run any more.
  ~helper_threads();

  void run(errand& e);
  /// Something runs, or has returned and was not taken in.
  [[nodiscard]] bool are_busy() const noexcept { return busy_ > 0; }
  /// Tells those that have returned. False: there was none.
  bool take_in() noexcept;
  /// Waits until one has returned, for so long at most, and takes in what has. False: none did.
  bool wait(std::optional<std::chrono::nanoseconds> at_most = std::nullopt);

private:
  void work();

  std::function<void()> knock_;
  std::size_t busy_ = 0; ///< the executor's
  std::mutex lock_;      ///< for all that follows
  std::condition_variable wanted_;
  std::condition_variable came_;
  errand_queue to_run_;
  errand_queue inbox_;
  std::size_t spare_ = 0; ///< threads that wait, and that nothing in `to_run_` is meant for
  bool ending_ = false;
  std::vector<std::thread> threads_;
};

} // namespace cancelscope
