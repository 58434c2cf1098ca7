#include "runtime/lab/lab.hpp"

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <utility>

namespace cancelscope {

namespace {

/// While it lives, what tasks touch is noted.
class noting {
public:
  explicit noting(access_log* log)
      : before_(std::exchange(detail::observer_of_accesses,
                              log != nullptr ? log : detail::observer_of_accesses)) {}
  noting(const noting&) = delete;
  noting& operator=(const noting&) = delete;
  ~noting() { detail::observer_of_accesses = before_; }

private:
  access_observer* before_;
};

runtime_settings settings_of(const lab_settings& settings, detail::lab_parts& parts) {
  runtime_settings program = settings.program;
  program.sink = &parts.tap;
  program.seed = parts.seed;
  return program;
}

} // namespace

detail::lab_parts::lab_parts(scheduler& picks, const lab_settings& settings)
    : seed(settings.program.seed.empty() ? picks.seed() : std::string{settings.program.seed}),
      tap(settings) {
  if (picks.wants_accesses()) tap.accesses = &accesses;
}

lab::lab(scheduler& picks, const lab_settings& settings)
    : lab_parts(picks, settings), run_loop(time, settings_of(settings, *this)), picks_(picks),
      most_steps_(settings.most_steps) {}

lab::~lab() {
  if (is_running()) {
    tap.muted = true;
    const region_handle root = started_->handle();
    core().stop_by_force(root, "", "the lab gave up the run");
    while (core().is_live(root)) // what cleans up without a task of its own has its turn
      take_step(root);
  } else {
    compare();
  }
  for (job* const each : ready_)
    each->drop_reference();
}

void lab::compare() {
  if (!std::exchange(compared_, true)) tap.panel.compare(core().counts());
}

void lab::start(std::string_view name, const region_options& options,
                const std::function<task<void>(region)>& body, const std::source_location& where) {
  if (is_running()) std::abort();
  started_ = std::make_unique<started_body>();
  if (!started_->open(*this, detail::spec_of(name, options, *this, where), body))
    started_->over = true;
  picks_.time_passed();
  if (started_->over) started_->ended.emplace(started_->take());
}

bool lab::step() {
  if (!is_running()) return false;
  take_step(started_->handle());
  if (!started_->over) return true;
  has_closed();
  started_->ended.emplace(started_->take());
  return false;
}

void lab::make_ready(job& j) noexcept {
  if (tap.accesses != nullptr) accesses.woke(j.handle());
  if (j.is_queued || j.is_over()) return;
  j.is_queued = true;
  j.add_reference(); // the queue's
  const auto behind_its_equals = std::ranges::upper_bound(
      ready_, j.priority(), std::greater<>{}, [](const job* each) { return each->priority(); });
  ready_.insert(behind_its_equals, &j);
}

void lab::run_until_closed(region_handle root) {
  picks_.time_passed(); // what an earlier program did came before
  while (core().is_live(root))
    take_step(root);
  has_closed();
}

void lab::find_candidates() {
  due_.clear();
  candidates_.clear();
  timers().find_due(poll_time(), due_);
  for (const timer* const each : due_)
    candidates_.push_back({lab_actor::what::timer, each->order()});
  if (const auto deadline = core().next_deadline(); deadline && *deadline <= poll_time())
    candidates_.push_back({lab_actor::what::deadline, 0});
  for (const job* const each : ready_)
    candidates_.push_back({lab_actor::what::task, any_handle{each->handle()}.bits()});
}

void lab::take_step(region_handle root) {
  if (steps_ >= most_steps_) {
    stop_for_steps(root);
    return;
  }
  find_candidates();
  while (candidates_.empty()) {
    if (!wait_for_time()) {
      give_up(root);
      picks_.time_passed();
      return;
    }
    picks_.time_passed();
    find_candidates();
  }
  const std::size_t index = picks_.pick(candidates_);
  if (index >= candidates_.size()) std::abort();
  if (index > 0) choices_.push_back({steps_, index});
  ++steps_;
  happen(index);
}

void lab::happen(std::size_t index) {
  const time_ns before = time.now();
  const noting notes{tap.accesses};
  if (tap.accesses != nullptr) accesses.begin(candidates_[index]);
  switch (candidates_[index].kind) {
  case lab_actor::what::timer:
    timers().fire(*due_[index]);
    break;
  case lab_actor::what::deadline:
    core().expire_next();
    break;
  case lab_actor::what::task:
    run_ready(index - (candidates_.size() - ready_.size()));
    break;
  }
  if (tap.accesses == nullptr) return;
  if (time.now() != before) accesses.moved_the_clock();
  picks_.stepped(accesses.end());
}

void lab::run_ready(std::size_t index) {
  job& next = *ready_[index];
  ready_.erase(ready_.begin() + static_cast<std::ptrdiff_t>(index));
  next.is_queued = false;
  poll(next);
  next.drop_reference();
}

void lab::stop_for_steps(region_handle root) {
  core().trace().violation_found(
      "progress", "it did not come to its end within " + std::to_string(most_steps_) + " steps",
      root);
  core().stop_by_force(root, "progress", "it took more steps than it may");
  most_steps_ = steps_ + most_steps_; // finalizers may start something new, and that must end, too
}

} // namespace cancelscope
