#include "runtime/executor/run_loop.hpp"

#include <algorithm>
#include <cstdlib>

namespace cancelscope {

run_loop::run_loop(executor_clock& clock, const runtime_settings& settings)
    : host(kernel_), clock_(clock), kernel_(poll_time_, settings.sink, settings.limits) {
  poll_time_.set(clock_.now());
  trace::header header{.clock = clock_.kind(), .start_unix_ns = clock_.start_unix_ns()};
  trace::producer_info producer{.language = "C++"};
  if (!settings.name.empty()) producer.name = settings.name;
  if (!settings.version.empty()) producer.version = settings.version;
  header.producer = producer;
  if (!settings.seed.empty()) header.seed = settings.seed;
  kernel_.trace().trace_began(header);
}

run_loop::~run_loop() {
  kernel_.trace().trace_ended();
}

void run_loop::poll(job& j) {
  current_ = &j;
  const bool ran = j.run();
  current_ = nullptr;
  if (ran) has_run(j, clock_.now());
}

void run_loop::has_run(job& j, time_ns until) {
  const time_ns began = poll_time_.now();
  poll_time_.set(until);
  kernel_.task_ran(j.handle(), began, poll_time_.now() - began);
  if (!j.is_body_over()) {
    j.rest();
    kernel_.task_parked(j.handle(), j.parked_at());
    return;
  }
  const bool is_finalized = j.finalize();
  j.rest();
  if (!is_finalized) return; // it goes on in a finalizer that awaits
  const task_handle taken_by = j.taker();
  j.announce_end();
  kernel_.end_task(j.handle(), j.ended(), taken_by);
}

std::optional<time_ns> run_loop::next_due() {
  const auto timer = timers_.next();
  const auto deadline = kernel_.next_deadline();
  if (!timer || !deadline) return timer ? timer : deadline;
  return std::min(*timer, *deadline);
}

bool run_loop::wait_for_time() {
  const auto next = next_due();
  if (!next) return false;
  clock_.wait_until(*next);
  read_clock();
  return true;
}

void run_loop::give_up(region_handle root) {
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
