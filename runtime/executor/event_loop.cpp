#include "runtime/executor/event_loop.hpp"

#include <algorithm>
#include <cstdlib>

namespace cancelscope {

event_loop::event_loop(executor_clock& clock, const runtime_settings& settings,
                       std::chrono::nanoseconds slice)
    : run_loop(clock, settings), slice_(slice),
      time_passes_by_itself_(clock.machine_time(0).has_value()) {}

event_loop::~event_loop() {
  if (current() != nullptr) std::abort();
  is_inside_ = true; // no turn comes any more
  is_ending_ = true;
  read_clock();
  shutdown("its event loop is gone");
  for (const auto& each : programs_)
    while (!each->is_over()) // finalizers may have begun
      core().stop_by_force(each->root(), "event loop", "its event loop is gone");
  tell_those_over();
}

void event_loop::shutdown(std::string_view message, const std::source_location& where) {
  const entered here{*this};
  cancel_spec spec = asked_by_current(*this, message, where);
  spec.kind = cancel_kind::shutdown;
  for (const auto& each : programs_)
    if (!each->is_over()) static_cast<void>(core().cancel(each->root(), spec));
}

void event_loop::run_until_closed(region_handle /*root*/) {
  std::abort();
}

void event_loop::make_ready(job& j) noexcept {
  if (j.is_queued || j.is_over()) return;
  ready_.push(j);
  if (!is_inside_) ask_for_turn();
}

void event_loop::add(std::unique_ptr<program> made) {
  if (is_ending_) std::abort();
  programs_.push_back(std::move(made));
}

region_spec event_loop::root_spec(std::string_view name, const region_options& options,
                                  place where) {
  region_spec spec = detail::spec_of(name, options, *this, where);
  spec.parent = {}; // also when a task calls a function of the page that starts it
  spec.by = {};
  return spec;
}

void event_loop::run_turn() noexcept {
  if (std::exchange(is_inside_, true)) return;
  read_clock();
  run_slice();
  leave();
  tell_those_over();
}

void event_loop::run_slice() {
  const auto until = std::chrono::steady_clock::now() + slice_;
  do {
    timers().fire_due(poll_time());
    core().expire();
    if (job* const next = ready_.pop()) {
      poll(*next);
      next->drop_reference();
    } else if (time_passes_by_itself_ || !wait_for_time()) {
      return;
    }
  } while (std::chrono::steady_clock::now() < until);
}

void event_loop::leave() noexcept {
  is_inside_ = false;
  const auto due = next_due();
  if (ready_.highest() >= 0 || (due && !time_passes_by_itself_))
    ask_for_turn();
  else
    turns_.ask_after(due ? std::optional{clock().machine_time_until(*due)} : std::nullopt);
}

std::vector<std::unique_ptr<event_loop::program>>::iterator event_loop::first_over() noexcept {
  return std::find_if(programs_.begin(), programs_.end(),
                      [](const auto& each) { return each->is_over(); });
}

void event_loop::tell_those_over() noexcept {
  const std::weak_ptr<const bool> life = life_;
  while (!life.expired()) { // each may destroy this
    const auto over = first_over();
    if (over == programs_.end()) return;
    const std::unique_ptr<program> told = std::move(*over);
    programs_.erase(over);
    told->tell();
  }
}

} // namespace cancelscope
