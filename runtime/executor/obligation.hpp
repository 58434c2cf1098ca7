// obligation: something reserved that must be committed or aborted. Dropped, it is aborted.
//
// Threading: used from the tasks of the executor that it is on.
// Failure:   resolving twice does nothing the second time.
//
//     obligation hold = r.reserve(obligation_kind::lease, "3 × lamp");
//     ...
//     hold.commit();
#pragma once

#include "runtime/executor/executor.hpp"

#include <utility>

namespace cancelscope {

using trace::obligation_kind;

class [[nodiscard]] obligation {
public:
  obligation(executor& runs_on, obligation_handle handle) noexcept
      : executor_(&runs_on), handle_(handle) {}
  obligation(obligation&& from) noexcept
      : executor_(from.executor_), handle_(std::exchange(from.handle_, {})) {}
  obligation& operator=(obligation&& from) noexcept {
    std::swap(executor_, from.executor_);
    std::swap(handle_, from.handle_);
    return *this;
  }
  ~obligation() { abort(); }

  void commit();
  void abort();
  /// Gives up the guard, not the duty: whoever keeps the handle has to resolve it, or it is found
  /// leaked when its region closes.
  [[nodiscard]] obligation_handle detach() noexcept { return std::exchange(handle_, {}); }

  /// The body that holds it is ending early: what it holds now, it gives up.
  [[nodiscard]] bool is_given_up() const noexcept {
    const job* holder = executor_->current();
    return holder == nullptr || holder->is_unwinding();
  }

  /// Null once resolved or detached.
  [[nodiscard]] obligation_handle handle() const noexcept { return handle_; }

private:
  executor* executor_;
  obligation_handle handle_;
};

} // namespace cancelscope
