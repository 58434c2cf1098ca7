#include "runtime/channels/semaphore.hpp"

#include <utility>

namespace cancelscope {

void permit::release() noexcept {
  semaphore* const from = std::exchange(from_, nullptr);
  if (from == nullptr) return;
  const runtime_entry entry;
  if (duty_.is_given_up())
    duty_.abort();
  else
    duty_.commit();
  from->give_back();
}

permit acquire_op::await_resume() {
  const runtime_entry entry;
  job& holder = awaiting_job();
  const region here{holder.runs_on(), holder.runs_on().core().region_of(holder.handle())};
  return {from_, here.reserve(obligation_kind::permit, from_.name())};
}

bool acquire_op::begin() {
  if (from_.take()) return true;
  from_.waiting_.append(*this);
  return false;
}

bool acquire_op::abandon() noexcept {
  if (is_granted())
    from_.give_back();
  else
    from_.waiting_.remove(*this);
  return true;
}

wait_fact acquire_op::fact() const {
  return {.on = trace::wait_reason::permit, .label = from_.name()};
}

bool semaphore::take() noexcept {
  touches(&waiting_);
  if (available_ == 0) return false; // whoever waits has been passed nothing: none is to spare
  --available_;
  return true;
}

void semaphore::give_back() noexcept {
  if (!waiting_.grant_first()) ++available_;
}

} // namespace cancelscope
