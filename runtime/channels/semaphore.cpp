#include "runtime/channels/semaphore.hpp"

#include <utility>

namespace cancelscope {

void permit::release() noexcept {
  semaphore* const from = std::exchange(from_, nullptr);
  if (from == nullptr) return;
  if (duty_.is_given_up())
    duty_.abort();
  else
    duty_.commit();
  from->give_back();
}

permit acquire_op::await_resume() {
  job& holder = awaiting_job();
  const region here{holder.runs_on(), holder.runs_on().core().region_of(holder.handle())};
  return {from_, here.reserve(obligation_kind::permit, from_.name())};
}

bool acquire_op::begin() {
  if (from_.take()) return true;
  from_.enqueue(*this);
  return false;
}

bool acquire_op::abandon() noexcept {
  if (granted_)
    from_.give_back();
  else
    from_.remove(*this);
  return true;
}

wait_fact acquire_op::fact() const {
  return {.on = trace::wait_reason::permit, .label = from_.name()};
}

bool semaphore::take() noexcept {
  if (available_ == 0) return false; // whoever waits has been passed nothing: none is to spare
  --available_;
  return true;
}

void semaphore::give_back() noexcept {
  if (first_ == nullptr) {
    ++available_;
    return;
  }
  acquire_op& next = *first_;
  remove(next);
  next.granted_ = true;
  next.complete();
}

void semaphore::enqueue(acquire_op& waiter) noexcept {
  waiter.previous_ = last_;
  if (last_ != nullptr)
    last_->next_ = &waiter;
  else
    first_ = &waiter;
  last_ = &waiter;
  ++waiting_;
}

void semaphore::remove(acquire_op& waiter) noexcept {
  if (waiter.previous_ != nullptr)
    waiter.previous_->next_ = waiter.next_;
  else
    first_ = waiter.next_;
  if (waiter.next_ != nullptr)
    waiter.next_->previous_ = waiter.previous_;
  else
    last_ = waiter.previous_;
  waiter.next_ = waiter.previous_ = nullptr;
  --waiting_;
}

} // namespace cancelscope
