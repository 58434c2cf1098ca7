#include "runtime/executor/current_thread.hpp"

#include <algorithm>
#include <cstdlib>

namespace cancelscope {

current_thread::current_thread(executor_clock& clock, const runtime_settings& settings)
    : clock_(clock), kernel_(poll_time_, settings.sink, settings.limits) {
  poll_time_.set(clock_.now());
  trace::header header{.clock = clock_.kind(), .start_unix_ns = clock_.start_unix_ns()};
  trace::producer_info producer{.language = "C++"};
  if (!settings.name.empty()) producer.name = settings.name;
  if (!settings.version.empty()) producer.version = settings.version;
  header.producer = producer;
  if (!settings.seed.empty()) header.seed = settings.seed;
  kernel_.trace().trace_began(header);
}

current_thread::~current_thread() {
  // What was woken by its own last poll is over, and queued still.
  while (first_ready_ != nullptr) {
    job& left = *first_ready_;
    first_ready_ = left.next_ready;
    left.drop_reference();
  }
  kernel_.trace().trace_ended();
}

void current_thread::shutdown(std::string_view message, const std::source_location& where) {
  cancel_spec spec = asked_by_current(*this, message, where);
  spec.kind = cancel_kind::shutdown;
  static_cast<void>(kernel_.cancel(root_, spec));
}

void current_thread::make_ready(job& j) noexcept {
  if (j.is_queued || j.is_over()) return;
  j.is_queued = true;
  j.next_ready = nullptr;
  j.add_reference(); // the queue's
  if (last_ready_ != nullptr)
    last_ready_->next_ready = &j;
  else
    first_ready_ = &j;
  last_ready_ = &j;
}

void current_thread::run_until_closed(region_handle root) {
  root_ = root;
  while (kernel_.is_live(root)) {
    keep_time();
    if (first_ready_ != nullptr) {
      job& next = *first_ready_;
      first_ready_ = next.next_ready;
      if (first_ready_ == nullptr) last_ready_ = nullptr;
      next.is_queued = false;
      poll(next);
      next.drop_reference();
    } else if (!wait_for_time() && kernel_.is_live(root)) {
      give_up(root);
    }
  }
  root_ = {};
  gave_up_ = 0;
}

void current_thread::poll(job& j) {
  const time_ns began = poll_time_.now();
  current_ = &j;
  const bool ran = j.run();
  current_ = nullptr;
  if (!ran) return;
  const time_ns over = std::max(clock_.now(), began);
  kernel_.task_ran(j.handle(), began, over - began);
  poll_time_.set(over);
  if (!j.is_over()) {
    kernel_.task_parked(j.handle(), j.parked_at());
    return;
  }
  const task_handle taken_by = j.taker();
  j.announce_end();
  kernel_.end_task(j.handle(), j.ended(), taken_by);
}

void current_thread::keep_time() {
  timers_.fire_due(poll_time_.now());
  kernel_.expire();
}

bool current_thread::wait_for_time() {
  const auto timer = timers_.next();
  const auto deadline = kernel_.next_deadline();
  if (!timer && !deadline) return false;
  const time_ns next = std::min(timer.value_or(~time_ns{0}), deadline.value_or(~time_ns{0}));
  clock_.wait_until(next);
  poll_time_.set(clock_.now());
  return true;
}

void current_thread::give_up(region_handle root) {
  ++gave_up_;
  if (gave_up_ == 1) {
    constexpr std::string_view why = "every task is parked and nothing is left that could wake one";
    kernel_.trace().violation_found("progress", why, root);
    static_cast<void>(kernel_.cancel(root, {.kind = cancel_kind::shutdown, .message = why}));
    return;
  }
  if (gave_up_ > 2) std::abort(); // somebody opened a region behind our back and never closes it
  kernel_.stop_by_force(root, "progress", "it waits for something that can never come");
}

} // namespace cancelscope
