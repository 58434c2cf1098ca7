// Those who wait their turn at a channel or a lock, first come, first served.
//
// What somebody waits for is *granted*: from then on it is set aside for them, and they take it when they run. A waiter
// that is cancelled in between gives it up again, and whoever owns the queue passes it on: so nothing is lost, and
// nothing is taken that was not wanted any more.
//
// Threading: that of the executor. Failure: none.
#pragma once

#include "runtime/executor/job.hpp"

#include <cstddef>

namespace cancelscope {

class wait_queue;

/// A wait that can stand in a queue; lives in the awaiting frame.
class queued_wait : public wait_op {
protected:
  virtual ~queued_wait() = default; // virtual because of its friend, which could reach it
  [[nodiscard]] bool is_granted() const noexcept { return granted_; }

private:
  friend class wait_queue;
  queued_wait* next_ = nullptr;
  queued_wait* previous_ = nullptr;
  bool granted_ = false;
};

class wait_queue {
public:
  wait_queue() = default;
  wait_queue(const wait_queue&) = delete;
  wait_queue& operator=(const wait_queue&) = delete;
  ~wait_queue() { forgets(this); }

  [[nodiscard]] bool empty() const noexcept { return first_ == nullptr; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

  void append(queued_wait& waiter) noexcept {
    touches(this);
    waiter.previous_ = last_;
    (last_ != nullptr ? last_->next_ : first_) = &waiter;
    last_ = &waiter;
    ++size_;
  }
  void remove(queued_wait& waiter) noexcept {
    touches(this);
    (waiter.previous_ != nullptr ? waiter.previous_->next_ : first_) = waiter.next_;
    (waiter.next_ != nullptr ? waiter.next_->previous_ : last_) = waiter.previous_;
    waiter.next_ = waiter.previous_ = nullptr;
    --size_;
  }
  /// The first in the queue gets what it waits for; false when nobody waits.
  bool grant_first() noexcept {
    touches(this);
    if (first_ == nullptr) return false;
    queued_wait& next = *first_;
    remove(next);
    next.granted_ = true;
    next.complete();
    return true;
  }
  /// Everybody goes on and sees for themselves what has come of it.
  void wake_all() noexcept {
    touches(this);
    while (first_ != nullptr) {
      queued_wait& next = *first_;
      remove(next);
      next.complete();
    }
  }

private:
  queued_wait* first_ = nullptr;
  queued_wait* last_ = nullptr;
  std::size_t size_ = 0;
};

} // namespace cancelscope
