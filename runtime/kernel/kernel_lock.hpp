// The kernel's lock: how several threads use one kernel, and all that stands on it, in turn.
//
// A thread holds it while it is inside the runtime, and gives it up while code of the program runs. So the runtime is
// single-threaded inside, and bodies run in parallel. Whatever leads from a body into the runtime begins with a
// `runtime_entry`; wherever the runtime calls the program's code, `user_code` stands around it. A thread that runs an
// executor of one thread has no lock: then both are a look at a null pointer.
//
// Threading: what is known of the lock is known for each thread by itself.
// Failure:   none.
//
//     void region::mark(std::string_view label) const {
//       const runtime_entry entry;
//       executor_->core().trace().marked(label, executor_->current_task(), handle_);
//     }
#pragma once

#include <utility>

namespace cancelscope {

class kernel_lock {
public:
  virtual void lock() noexcept = 0;
  virtual void unlock() noexcept = 0;

protected:
  ~kernel_lock() = default;
};

namespace detail {

/// The lock of the runtime that the calling thread works for, and how often it has entered.
struct lock_use {
  kernel_lock* lock = nullptr;
  unsigned depth = 0;
};
inline constinit thread_local lock_use lock_of_thread{};

} // namespace detail

/// Inside the runtime, for as long as it lives; may be nested.
class [[nodiscard]] runtime_entry {
public:
  runtime_entry() noexcept : taken_(detail::lock_of_thread.lock != nullptr) {
    if (taken_ && detail::lock_of_thread.depth++ == 0) detail::lock_of_thread.lock->lock();
  }
  runtime_entry(const runtime_entry&) = delete;
  runtime_entry& operator=(const runtime_entry&) = delete;
  ~runtime_entry() {
    if (taken_ && --detail::lock_of_thread.depth == 0) detail::lock_of_thread.lock->unlock();
  }

  /// The thread stays inside: the body is suspended now, and goes back to whoever resumed it.
  void stay() noexcept { taken_ = false; }

private:
  bool taken_;
};

/// The program's code runs, for as long as it lives: the lock is given up, however often the thread has entered.
class [[nodiscard]] user_code {
public:
  user_code() noexcept {
    detail::lock_use& use = detail::lock_of_thread;
    if (use.lock == nullptr) return;
    depth_ = use.depth;
    leave();
  }
  user_code(const user_code&) = delete;
  user_code& operator=(const user_code&) = delete;
  ~user_code() {
    detail::lock_use& use = detail::lock_of_thread;
    if (use.lock == nullptr) return;
    if (use.depth == 0 && depth_ > 0) use.lock->lock();
    use.depth = depth_;
  }

  /// Gives the lock up again that a suspended body has kept.
  static void leave() noexcept {
    detail::lock_use& use = detail::lock_of_thread;
    if (use.lock != nullptr && std::exchange(use.depth, 0U) > 0) use.lock->unlock();
  }

private:
  unsigned depth_ = 0;
};

/// The calling thread works for the runtime that has this lock, or for one that has none; then for whom it did before.
class working_for {
public:
  explicit working_for(kernel_lock* lock) noexcept
      : before_(std::exchange(detail::lock_of_thread, {lock, 0})) {}
  working_for(const working_for&) = delete;
  working_for& operator=(const working_for&) = delete;
  ~working_for() { detail::lock_of_thread = before_; }

private:
  detail::lock_use before_;
};

/// Whether other threads may come in while the program's code runs.
inline bool is_shared() noexcept {
  return detail::lock_of_thread.lock != nullptr;
}

} // namespace cancelscope
