// Regions and tasks: opening, spawning, joining, and the questions that can be asked.
#include "runtime/kernel/kernel.hpp"

#include "runtime/kernel/finalizers.hpp"
#include "runtime/kernel/list.hpp"

#include <algorithm>
#include <cstdlib>

namespace cancelscope {

namespace {

std::string_view noun(entity_kind kind) {
  switch (kind) {
  case entity_kind::region:
    return "region";
  case entity_kind::task:
    return "task";
  case entity_kind::obligation:
    return "obligation";
  }
  return "entity";
}

template <class Limit>
std::optional<Limit> tighter(const std::optional<Limit>& a, const std::optional<Limit>& b) {
  if (!a) return b;
  if (!b) return a;
  return std::min(*a, *b);
}

} // namespace

kernel::kernel(const clock& time, trace::sink* sink, kernel_limits limits)
    : clock_(time), trace_(time, sink), limits_(limits), regions_(limits.last_generation),
      tasks_(limits.last_generation), obligations_(limits.last_generation) {}

// ---- Regions ----

kernel::result<region_handle> kernel::open_region(const region_spec& spec) {
  region_record* parent = nullptr;
  const task_record* const opener = tasks_.find(spec.by);
  if (spec.parent) {
    parent = regions_.find(spec.parent);
    if (parent == nullptr) return refuse(spec.parent, entity_kind::region, "open_region", spec.by);
    const bool finalizes = opener != nullptr && opener->role == task_role::finalizer;
    if (parent->state >= trace::region_state::finalizing && !finalizes)
      return trace::failure{"region " + to_string(spec.parent.id()) +
                            " is finalizing: nothing new begins in it"};
  }
  const auto [region, record] = regions_.acquire();
  region_record& r = *record;
  r.handle = region;
  if (!spec.name.empty()) r.name = spec.name;
  r.opened_by = spec.by;
  r.owner = spec.owner;
  r.policy = spec.policy;
  r.limits = spec.limits;
  r.cleanup = spec.cleanup;
  r.cleanup_polls = spec.cleanup_polls;
  if (parent != nullptr) {
    r.parent = parent;
    if (is_limited(parent->limits)) r.limits = combine(spec.limits, parent->limits);
    r.cleanup = tighter(spec.cleanup, parent->cleanup);
    r.cleanup_polls = tighter(spec.cleanup_polls, parent->cleanup_polls);
    list::append(parent->children, r);
    ++parent->unclosed_children;
  }
  meter(r, spec.limits);
  if (opener != nullptr) r.masked = opener->shields > 0 || opener->state >= task_state::draining;
  trace_.region_opened(region, spec.parent, spec.name, r.limits, spec.by, spec.where);
  const bool passes_first =
      spec.limits.deadline && (parent == nullptr || !parent->limits.deadline ||
                               *spec.limits.deadline < *parent->limits.deadline);
  if (passes_first) {
    r.deadline = spec.limits.deadline;
    deadlines_.add(*r.deadline, region);
  }
  if (parent != nullptr && parent->cancelled && !r.masked) {
    request(r, inherited_from(parent->cancelled));
    begin_closing(r);
  }
  return region;
}

kernel::result<done> kernel::close(region_handle region) {
  region_record* r = regions_.find(region);
  if (r == nullptr) return refuse(region, entity_kind::region, "close", {});
  begin_closing(*r);
  if (settling_)
    settle_later(*r);
  else
    settle_with(*r);
  return done{};
}

kernel::result<done> kernel::on_close(region_handle region, std::string label,
                                      std::function<void()> run) {
  region_record* r = regions_.find(region);
  if (r == nullptr) return refuse(region, entity_kind::region, "on_close", {});
  r->finalizers.push_back({std::move(label), std::move(run)});
  return done{};
}

// ---- Tasks ----

kernel::result<task_handle> kernel::spawn(region_handle region, const task_spec& spec) {
  region_record* r = regions_.find(region);
  if (r == nullptr) return refuse(region, entity_kind::region, "spawn", spec.by);
  const bool finalizes = spec.role == task_role::finalizer;
  if (r->state >= trace::region_state::finalizing && !finalizes)
    return trace::failure{"region " + to_string(region.id()) +
                          " is finalizing: nothing new begins in it"};
  const auto [task, record] = tasks_.acquire();
  task_record& t = *record;
  t.handle = task;
  t.region = r;
  if (!spec.name.empty()) t.name = spec.name;
  t.body = spec.body;
  t.role = spec.role;
  list::append(r->tasks, t);
  ++r->uncompleted_tasks;
  trace_.task_spawned(task, region, spec.name, spec.by, spec.where);
  if (finalizes) {
    t.shields = 1;
    if (r->cancelled) bound_cleanup(t, r->cancelled.deadline());
  } else if (r->cancelled) {
    request(t, inherited_from(r->cancelled));
  }
  return task;
}

kernel::result<std::optional<outcome<void>>> kernel::join(task_handle task, any_handle by) {
  task_record* t = tasks_.find(task);
  if (t == nullptr) return refuse(task, entity_kind::task, "join", by);
  if (t->state != task_state::completed) return std::optional<outcome<void>>{};
  trace_.task_joined(task, by);
  std::optional<outcome<void>> taken{std::move(t->ended)};
  release_task(*t);
  return taken;
}

kernel::result<done> kernel::on_exit(task_handle task, std::string label,
                                     std::function<void()> run) {
  task_record* t = tasks_.find(task);
  if (t == nullptr) return refuse(task, entity_kind::task, "on_exit", {});
  if (t->state >= task_state::finalizing)
    return trace::failure{"task " + to_string(task.id()) +
                          " is over: nothing can be registered for its exit"};
  t->finalizers.push_back({std::move(label), std::move(run)});
  return done{};
}

void kernel::task_ran(task_handle task, time_ns began, time_ns duration) {
  trace_.task_ran(task, began, duration);
  task_record& t = tasks_.get(task);
  if (t.region->meter) count_poll(t);
  if (t.state == task_state::draining && t.cleanup_polls_left && *t.cleanup_polls_left > 0)
    --*t.cleanup_polls_left;
}

void kernel::task_parked(task_handle task, const wait_fact& wait) {
  trace_.task_parked(task, wait);
  const task_record* t = &tasks_.get(task);
  if (t->region->meter) {
    enforce_polls(task);
    t = tasks_.find(task);
    if (t == nullptr) return; // what that led to let another thread end it
  }
  if (!t->is_bounded()) return;
  if (cleanup_exhausted(*t))
    stop_for_budget(task);
  else if (t->state == task_state::draining)
    report_cleanup(*t, false);
}

finalizer_run kernel::run(finalizer& f) {
  // Other threads that come in meanwhile must not leave to us what they could settle.
  const bool was_settling = std::exchange(settling_, settling_ && !is_shared());
  finalizer_run ran = run_finalizer(f, clock_);
  settling_ = was_settling;
  return ran;
}

bool kernel::finalize(task_handle task) {
  return finalize(tasks_.get(task));
}

bool kernel::finalize(task_record& t) {
  if (t.finalizers.empty()) return false;
  if (t.state < task_state::finalizing) {
    if (t.state == task_state::draining) report_cleanup(t, cleanup_exhausted(t));
    t.state = task_state::finalizing;
    if (t.cancelled)
      trace_.phase_reached(t.handle, t.cancelled, trace::cancel_phase_name::finalizing);
  }
  const bool was_settling = std::exchange(settling_, true); // nothing is released under our feet
  while (!t.finalizers.empty() && t.finalizers.back().run) {
    finalizer last = std::move(t.finalizers.back());
    t.finalizers.pop_back();
    finalizer_run ran = run(last);
    trace_.task_finalizer_ran(t.handle, last.label, ran.duration, ran.ended.kind());
    keep_worse(t.ended, std::move(ran.ended));
  }
  settling_ = was_settling;
  settle_pending();
  return !t.finalizers.empty();
}

void kernel::finalizer_ran(task_handle task, outcome<void> ended) {
  finalizer_ran(tasks_.get(task), std::move(ended));
}

void kernel::finalizer_ran(task_record& t, outcome<void> ended) {
  const finalizer last = std::move(t.finalizers.back());
  t.finalizers.pop_back();
  if (!ended) // finalizers are not to fail: what went wrong in one is a panic of the task
    ended = panic{"finalizer '" + last.label + "' failed: " + std::string{ended.message()}};
  trace_.task_finalizer_ran(t.handle, last.label, std::nullopt, ended.kind());
  keep_worse(t.ended, std::move(ended));
}

const outcome<void>& kernel::finalized_as(task_handle task) const {
  return tasks_.get(task).ended;
}

void kernel::end_task(task_handle task, const outcome<void>& how, outcome_taker taker) {
  task_record& t = tasks_.get(task);
  if (t.state == task_state::completed) std::abort();
  const bool was_settling = std::exchange(settling_, true); // nothing is released under our feet
  const bool never_saw_it = t.state == task_state::requested;
  while (finalize(t)) // one that awaits, and nobody can run it any more
    finalizer_ran(t, panic{"its task was destroyed"});
  const outcome<void>& ended = t.ended.kind() > how.kind() ? t.ended : how;
  if (t.cancelled) {
    const bool exhausted = t.is_bounded() && cleanup_exhausted(t);
    if (t.state == task_state::draining || (never_saw_it && exhausted))
      report_cleanup(t, exhausted);
    trace_.phase_reached(task, t.cancelled, trace::cancel_phase_name::completed);
  }
  t.state = task_state::completed;
  t.body = nullptr;
  t.waits_for = {};
  trace_.task_ended(task, ended);
  if (taker.waits) trace_.task_joined(task, taker.by);
  region_record& r = *t.region;
  --r.uncompleted_tasks;
  if (ended.is_err() || ended.is_panicked()) fail_fast(t, ended);
  if (t.role == task_role::body) begin_closing(r);
  if (taker.waits)
    release_task(t);
  else if (&ended == &how)
    t.ended = how;
  settle_later(r);
  settling_ = was_settling;
  settle_pending();
}

void kernel::wait_for_region(task_handle task, region_handle region) {
  tasks_.get(task).waits_for = region;
}

void kernel::shield(task_handle task) {
  ++tasks_.get(task).shields;
}

void kernel::unshield(task_handle task) {
  task_record& t = tasks_.get(task);
  if (t.shields == 0) std::abort();
  --t.shields;
}

// ---- Questions ----

bool kernel::is_live(any_handle h) const {
  switch (h.kind()) {
  case entity_kind::region:
    return regions_.find({h.slot(), h.generation()}) != nullptr;
  case entity_kind::task:
    return tasks_.find({h.slot(), h.generation()}) != nullptr;
  case entity_kind::obligation:
    return obligations_.find({h.slot(), h.generation()}) != nullptr;
  }
  return false;
}

std::optional<trace::region_state> kernel::state_of(region_handle region) const {
  const region_record* r = regions_.find(region);
  return r == nullptr ? std::nullopt : std::optional{r->state};
}

std::optional<task_state> kernel::state_of(task_handle task) const {
  const task_record* t = tasks_.find(task);
  return t == nullptr ? std::nullopt : std::optional{t->state};
}

cancel_spec kernel::asked_by(task_handle task) const {
  cancel_spec spec{.origin_task = task};
  const task_record* const t = tasks_.find(task);
  if (t == nullptr) return spec;
  spec.origin_region = t->region->handle;
  // What a task asks for while it cleans up, it asks for because of its own cancellation.
  if (t->state >= task_state::draining) spec.cause = t->cancelled;
  return spec;
}

budget kernel::limits_of(region_handle region) const {
  const region_record* r = regions_.find(region);
  return r == nullptr ? unlimited : r->limits;
}

cancellation kernel::cancellation_of(any_handle h) const {
  if (h.kind() == entity_kind::region)
    if (const auto* r = regions_.find({h.slot(), h.generation()})) return r->cancelled;
  if (h.kind() == entity_kind::task)
    if (const auto* t = tasks_.find({h.slot(), h.generation()})) return t->cancelled;
  return {};
}

region_handle kernel::region_of(task_handle task) const {
  const task_record* t = tasks_.find(task);
  return t == nullptr ? region_handle{} : t->region->handle;
}

std::string_view kernel::name_of(any_handle h) const {
  if (h.kind() == entity_kind::region)
    if (const auto* r = regions_.find({h.slot(), h.generation()})) return r->name;
  if (h.kind() == entity_kind::task)
    if (const auto* t = tasks_.find({h.slot(), h.generation()})) return t->name;
  return {};
}

kernel_counts kernel::counts() const {
  return {.regions = regions_.live(),
          .tasks = tasks_.live(),
          .obligations = obligations_.live(),
          .leaked = leaked_,
          .refused = refused_};
}

std::size_t kernel::retired_slots() const {
  return regions_.retired() + tasks_.retired() + obligations_.retired();
}

trace::failure kernel::refuse(any_handle presented, entity_kind wanted, std::string_view operation,
                              any_handle by) {
  std::string message{operation};
  if (presented && presented.kind() != wanted) {
    message +=
        " wants a " + std::string{noun(wanted)} + " and was given " + to_string(presented.id());
  } else if (!presented) {
    return {message + " was given the null handle"};
  } else {
    message += " was given the stale handle " + to_string(presented.id());
  }
  ++refused_;
  const auto slot = presented.slot();
  std::uint32_t generation = 0;
  switch (presented.kind()) {
  case entity_kind::region:
    generation = regions_.generation_at(slot);
    break;
  case entity_kind::task:
    generation = tasks_.generation_at(slot);
    break;
  case entity_kind::obligation:
    generation = obligations_.generation_at(slot);
    break;
  }
  const any_handle tenant{presented.kind(), slot, generation};
  if (!is_live(tenant)) {
    message += "; its slot is free";
  } else {
    message += "; " + to_string(tenant.id()) + " lives there now";
    if (const auto name = name_of(tenant); !name.empty())
      message += ", '" + std::string{name} + "'";
  }
  trace_.stale_refused(presented, generation, operation, by);
  return {std::move(message)};
}

} // namespace cancelscope
