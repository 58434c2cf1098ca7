#include "runtime/executor/waits.hpp"

namespace cancelscope {

bool sleep_op::begin() {
  if (duration_ <= std::chrono::nanoseconds::zero()) return true;
  executor& e = awaiting_job().runs_on();
  e.start_timer(*this, e.now() + static_cast<time_ns>(duration_.count()));
  return false;
}

bool sleep_op::abandon() noexcept {
  awaiting_job().runs_on().stop_timer(*this);
  return true;
}

} // namespace cancelscope
