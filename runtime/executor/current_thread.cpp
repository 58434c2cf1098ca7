#include "runtime/executor/current_thread.hpp"

namespace cancelscope {

current_thread::~current_thread() {
  // What was destroyed while it was queued is still there.
  while (job* const left = ready_.pop())
    left->drop_reference();
}

void current_thread::make_ready(job& j) noexcept {
  if (j.is_queued || j.is_over()) return;
  j.add_reference(); // the queue's
  ready_.push(j);
}

void current_thread::run_until_closed(region_handle root) {
  while (core().is_live(root)) {
    timers().fire_due(poll_time());
    core().expire();
    if (job* const next = ready_.pop()) {
      poll(*next);
      next->drop_reference();
    } else if (!wait_for_time() && core().is_live(root)) {
      give_up(root);
    }
  }
  has_closed();
}

} // namespace cancelscope
