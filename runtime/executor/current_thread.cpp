#include "runtime/executor/current_thread.hpp"

namespace cancelscope {

namespace {

/// So often may tasks run before somebody looks outside: they could be ready for ever.
constexpr unsigned polls_between_looks = 64;

} // namespace

void current_thread::make_ready(job& j) noexcept {
  if (!j.is_queued && !j.is_over()) ready_.push(j);
}

void current_thread::run_until_closed(region_handle root) {
  unsigned polls = 0;
  while (core().is_live(root)) {
    timers().fire_due(poll_time());
    core().expire();
    if (job* const next = ready_.pop()) {
      poll(*next);
      next->drop_reference();
      if (++polls % polls_between_looks == 0 && is_awaiting_outside()) look_outside();
    } else if (!wait() && core().is_live(root)) {
      give_up(root);
    }
  }
  has_closed();
}

bool current_thread::wait() {
  if (!is_awaiting_outside()) return wait_for_time();
  if (const auto due = next_due()) {
    if (!wait_outside(clock().machine_time_until(*due))) clock().wait_until(*due);
  } else {
    wait_outside(std::nullopt);
  }
  read_clock();
  return true;
}

} // namespace cancelscope
