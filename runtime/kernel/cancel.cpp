// Requests: their attribution, their effect, and how one spreads.
#include "runtime/kernel/kernel.hpp"

#include <algorithm>
#include <utility>

namespace cancelscope {

using trace::cancel_effect;

namespace {

template <class Id, class Handle> std::optional<Id> id_or_none(Handle h) {
  return h ? std::optional<Id>{h.id()} : std::nullopt;
}

cancel_effect effect_of(const cancel_spec& spec, const cancellation& current) {
  if (!current) return cancel_effect::applied;
  return strength(spec.kind) > strength(current.kind()) ? cancel_effect::strengthened
                                                        : cancel_effect::absorbed;
}

} // namespace

kernel::result<cancellation> kernel::cancel(region_handle region, const cancel_spec& spec) {
  region_record* r = regions_.find(region);
  if (r == nullptr) return refuse(region, entity_kind::region, "cancel", spec.origin_task);
  if (request(region, *r, spec) == reach::absorbed) return r->cancelled;
  const cancellation made = r->cancelled;
  cascade(region);
  settle_pending();
  return made;
}

kernel::result<cancellation> kernel::cancel(task_handle task, const cancel_spec& spec) {
  task_record* t = tasks_.find(task);
  if (t == nullptr) return refuse(task, entity_kind::task, "cancel", spec.origin_task);
  if (request(task, *t, spec) == reach::absorbed) return t->cancelled;
  const cancellation made = t->cancelled;
  pass_on(task, *t);
  return made;
}

cancellation kernel::make_cancellation(any_handle target, const cancel_spec& spec,
                                       const cancellation& current,
                                       std::optional<time_ns> cleanup) {
  auto record = std::make_shared<cancellation::record>();
  record->id = {++last_cancel_};
  record->kind = spec.kind;
  record->target = target.id();
  record->origin_region = id_or_none<trace::region_id>(spec.origin_region);
  record->origin_task = id_or_none<trace::task_id>(spec.origin_task);
  record->requested_at = clock_.now();
  record->message = spec.message;
  record->where = spec.where;
  record->superseded = current;
  if (cleanup) record->deadline = record->requested_at + *cleanup;
  // A stronger request takes over, but it does not buy the target more time.
  if (current && current.deadline())
    record->deadline =
        std::min(record->deadline.value_or(*current.deadline()), *current.deadline());
  if (spec.cause && spec.cause.depth() >= limits_.chain_depth) {
    record->truncated = true;
  } else if (spec.cause) {
    record->cause = spec.cause;
    record->depth = spec.cause.depth() + 1;
  }
  return cancellation{std::move(record)};
}

kernel::reach kernel::request(region_handle region, region_record& r, const cancel_spec& spec) {
  const bool over = r.state >= trace::region_state::finalizing;
  const cancel_effect effect = over ? cancel_effect::absorbed : effect_of(spec, r.cancelled);
  cancellation made = make_cancellation(region, spec, r.cancelled, r.cleanup);
  trace_.cancel_requested(made, effect);
  if (over) { // its finalizers go on, but from now on not without end
    for (task_handle task = r.tasks.first; task; task = tasks_.get(task).siblings.next)
      bound_cleanup(task, tasks_.get(task), made.deadline());
  }
  if (effect == cancel_effect::absorbed) return reach::absorbed;
  r.cancelled = std::move(made);
  return reach::applied;
}

kernel::reach kernel::request(task_handle task, task_record& t, const cancel_spec& spec) {
  const bool over = t.state >= task_state::finalizing;
  const cancel_effect effect = over ? cancel_effect::absorbed : effect_of(spec, t.cancelled);
  const region_record& r = regions_.get(t.region);
  cancellation made = make_cancellation(task, spec, t.cancelled, r.cleanup);
  trace_.cancel_requested(made, effect);
  if (t.state == task_state::finalizing) bound_cleanup(task, t, made.deadline());
  if (effect == cancel_effect::absorbed) return reach::absorbed;
  t.cancelled = std::move(made);
  bound_cleanup(task, t, t.cancelled.deadline());
  if (t.state != task_state::running) return reach::applied;
  t.state = task_state::requested;
  t.cleanup_polls_left = r.cleanup_polls;
  if (t.shields == 0 && t.body != nullptr) t.body->wake();
  return reach::applied;
}

void kernel::pass_on(task_handle task, const task_record& t) {
  const region_record* waited = regions_.find(t.waits_for);
  if (waited == nullptr || waited->masked) return;
  // The task acts for what it waits for: the request keeps its kind, and names the task as who
  // asked.
  static_cast<void>(
      cancel(t.waits_for, {.kind = t.cancelled.kind(),
                           .message = "the task that waits for this region was cancelled",
                           .origin_region = t.region,
                           .origin_task = task,
                           .cause = t.cancelled}));
}

cancel_spec kernel::inherited(const region_record& from) const {
  // A cascade is one act of the region it began at: each target names that request, not the levels
  // between.
  const cancellation& own = from.cancelled;
  const cancellation cause = own.kind() == cancel_kind::parent && own.cause() ? own.cause() : own;
  cancel_spec spec{.kind = cancel_kind::parent, .cause = cause};
  if (const auto target = cause.target(); target.kind == entity_kind::region)
    spec.origin_region = {static_cast<std::uint32_t>(target.slot),
                          static_cast<std::uint32_t>(target.generation)};
  return spec;
}

void kernel::cascade_to_tasks(region_record& r, const cancel_spec& spec) {
  for (task_handle task = r.tasks.first; task;) {
    task_record& t = tasks_.get(task);
    if (t.state != task_state::completed) request(task, t, spec);
    task = t.siblings.next;
  }
}

void kernel::cascade(region_handle top) {
  const bool was_settling = std::exchange(settling_, true);
  const cancel_spec spec = inherited(regions_.get(top));
  const auto visit = [&](region_handle region, region_record& r) {
    begin_closing(region, r);
    cascade_to_tasks(r, spec);
    to_settle_.push_back(region);
  };
  visit(top, regions_.get(top));
  region_handle parent = top;
  region_handle at = regions_.get(top).children.first;
  while (at || parent != top) {
    if (!at) { // nothing more at this level
      const region_record& finished = regions_.get(parent);
      at = finished.siblings.next;
      parent = finished.parent;
      continue;
    }
    region_record& r = regions_.get(at);
    if (r.masked || request(at, r, spec) == reach::absorbed) {
      at = r.siblings.next;
      continue;
    }
    visit(at, r);
    parent = at;
    at = r.children.first;
  }
  settling_ = was_settling;
}

void kernel::fail_fast(task_handle task, const task_record& t, region_record& r) {
  if (r.cancelled || r.state >= trace::region_state::finalizing) return;
  if (t.role != task_role::body && r.policy == on_failure::keep_going) return;
  if (r.uncompleted_tasks == 0 && r.unclosed_children == 0) return;
  std::string message = t.name.empty() ? to_string(task.id()) : t.name;
  message += t.ended.is_err() ? " failed: " : " panicked: ";
  message += t.ended.message();
  static_cast<void>(cancel(t.region, {.kind = cancel_kind::fail_fast,
                                      .message = message,
                                      .origin_region = t.region,
                                      .origin_task = task,
                                      .cause = t.cancelled}));
}

} // namespace cancelscope
