#include "runtime/io/io_thread.hpp"

namespace cancelscope {

namespace {

/// So often may tasks run before somebody looks outside: they could be ready for ever.
constexpr int polls_between_looks = 64;

} // namespace

io_thread::~io_thread() {
  // What was destroyed while it was queued is still there.
  while (job* const left = ready_.pop())
    left->drop_reference();
}

void io_thread::make_ready(job& j) noexcept {
  if (j.is_queued || j.is_over()) return;
  j.add_reference(); // the queue's
  ready_.push(j);
}

void io_thread::run_until_closed(region_handle root) {
  int polls = 0;
  while (core().is_live(root)) {
    timers().fire_due(poll_time());
    core().expire();
    if (job* const next = ready_.pop()) {
      poll(*next);
      next->drop_reference();
      if (++polls % polls_between_looks == 0) reactor_.look();
    } else if (!wait() && core().is_live(root)) {
      give_up(root);
    }
  }
  has_closed();
}

bool io_thread::wait() {
  if (!reactor_.is_watching()) return wait_for_time();
  if (const auto due = next_due()) {
    if (!reactor_.wait(clock().machine_time_until(*due))) clock().wait_until(*due);
  } else {
    reactor_.wait();
  }
  read_clock();
  return true;
}

} // namespace cancelscope
