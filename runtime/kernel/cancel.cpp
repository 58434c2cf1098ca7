// Requests: their attribution, their effect, and how one spreads.
#include "runtime/kernel/block_pool.hpp"
#include "runtime/kernel/kernel.hpp"

#include <algorithm>
#include <utility>

namespace cancelscope {

using trace::cancel_effect;

namespace {

cancel_effect effect_of(const cancel_spec& spec, const cancellation& current) {
  if (!current) return cancel_effect::applied;
  return strength(spec.kind) > strength(current.kind()) ? cancel_effect::strengthened
                                                        : cancel_effect::absorbed;
}

} // namespace

cancel_spec inherited_from(const cancellation& own) {
  // A cascade is one act of the region it began at: each target names that request, not the levels
  // between.
  cancellation cause = own.kind() == cancel_kind::parent && own.cause() ? own.cause() : own;
  cancel_spec spec{.kind = cancel_kind::parent};
  if (const auto target = cause.target(); target.kind == entity_kind::region)
    spec.origin_region = {static_cast<std::uint32_t>(target.slot),
                          static_cast<std::uint32_t>(target.generation)};
  spec.cause = std::move(cause);
  return spec;
}

kernel::result<cancellation> kernel::cancel(region_handle region, const cancel_spec& spec) {
  region_record* r = regions_.find(region);
  if (r == nullptr) return refuse(region, entity_kind::region, "cancel", spec.origin_task);
  if (request(*r, spec) == reach::absorbed) return r->cancelled;
  cancellation made = r->cancelled;
  cascade(*r);
  settle_pending();
  return made;
}

kernel::result<cancellation> kernel::cancel(task_handle task, const cancel_spec& spec) {
  task_record* t = tasks_.find(task);
  if (t == nullptr) return refuse(task, entity_kind::task, "cancel", spec.origin_task);
  if (request(*t, spec) == reach::absorbed) return t->cancelled;
  cancellation made = t->cancelled;
  if (t->waits_for) pass_on(*t);
  return made;
}

cancellation kernel::make_cancellation(any_handle target, const cancel_spec& spec,
                                       const cancellation& current,
                                       std::optional<time_ns> cleanup) {
  auto record =
      std::allocate_shared<cancellation::record>(detail::block_allocator<cancellation::record>{});
  record->id = {++last_cancel_};
  record->kind = spec.kind;
  record->target = target;
  record->origin_region = spec.origin_region;
  record->origin_task = spec.origin_task;
  record->requested_at = clock_.now();
  if (!spec.message.empty()) record->message = spec.message;
  record->where = spec.where;
  record->superseded = current;
  if (cleanup) record->deadline = record->requested_at + *cleanup;
  // A stronger request takes over, but it does not buy the target more time.
  if (current && current.deadline())
    record->deadline =
        std::min(record->deadline.value_or(*current.deadline()), *current.deadline());
  if (!spec.cause) return cancellation{std::move(record)};
  if (spec.cause.depth() >= limits_.chain_depth) {
    record->truncated = true;
  } else {
    record->cause = spec.cause;
    record->depth = spec.cause.depth() + 1;
  }
  return cancellation{std::move(record)};
}

kernel::reach kernel::request(region_record& r, const cancel_spec& spec) {
  const bool over = r.state >= trace::region_state::finalizing;
  const cancel_effect effect = over ? cancel_effect::absorbed : effect_of(spec, r.cancelled);
  cancellation made = make_cancellation(r.handle, spec, r.cancelled, r.cleanup);
  trace_.cancel_requested(made, effect);
  if (over) { // its finalizers go on, but from now on not without end
    for (task_record* t = r.tasks.first; t != nullptr; t = t->siblings.next)
      bound_cleanup(*t, made.deadline());
  }
  if (effect == cancel_effect::absorbed) return reach::absorbed;
  r.cancelled = std::move(made);
  return reach::applied;
}

kernel::reach kernel::request(task_record& t, const cancel_spec& spec) {
  const bool over = t.state >= task_state::finalizing;
  const cancel_effect effect = over ? cancel_effect::absorbed : effect_of(spec, t.cancelled);
  cancellation made = make_cancellation(t.handle, spec, t.cancelled, t.region->cleanup);
  trace_.cancel_requested(made, effect);
  if (t.state == task_state::finalizing) bound_cleanup(t, made.deadline());
  if (effect == cancel_effect::absorbed) return reach::absorbed;
  t.cancelled = std::move(made);
  bound_cleanup(t, t.cancelled.deadline());
  if (t.state != task_state::running) return reach::applied;
  t.state = task_state::requested;
  t.cleanup_polls_left = t.region->cleanup_polls;
  if (t.body == nullptr) return reach::applied;
  t.body->set_requested(true);
  if (t.shields == 0) t.body->wake();
  return reach::applied;
}

void kernel::pass_on(const task_record& t) {
  const region_record* waited = regions_.find(t.waits_for);
  if (waited == nullptr || waited->masked) return;
  // The task acts for what it waits for: the request keeps its kind, and names the task as who
  // asked.
  static_cast<void>(
      cancel(t.waits_for, {.kind = t.cancelled.kind(),
                           .message = "the task that waits for this region was cancelled",
                           .origin_region = t.region->handle,
                           .origin_task = t.handle,
                           .cause = t.cancelled}));
}

void kernel::cascade_to_tasks(region_record& r, const cancel_spec& spec) {
  for (task_record* t = r.tasks.first; t != nullptr; t = t->siblings.next)
    if (t->state != task_state::completed) request(*t, spec);
}

void kernel::cascade(region_record& top) {
  const bool was_settling = std::exchange(settling_, true);
  const cancel_spec spec = inherited_from(top.cancelled);
  const auto visit = [&](region_record& r) {
    begin_closing(r);
    cascade_to_tasks(r, spec);
    settle_later(r);
  };
  visit(top);
  region_record* parent = &top;
  region_record* at = top.children.first;
  while (at != nullptr || parent != &top) {
    if (at == nullptr) { // nothing more at this level
      at = parent->siblings.next;
      parent = parent->parent;
    } else if (at->masked || request(*at, spec) == reach::absorbed) {
      at = at->siblings.next;
    } else {
      visit(*at);
      parent = at;
      at = at->children.first;
    }
  }
  settling_ = was_settling;
}

void kernel::fail_fast(const task_record& t, const outcome<void>& ended) {
  const region_record& r = *t.region;
  if (r.cancelled || r.state >= trace::region_state::finalizing) return;
  if (t.role != task_role::body && r.policy == on_failure::keep_going) return;
  if (r.is_quiet()) return;
  std::string message = t.name.empty() ? to_string(t.handle.id()) : t.name;
  message += ended.is_err() ? " failed: " : " panicked: ";
  message += ended.message();
  static_cast<void>(cancel(r.handle, {.kind = cancel_kind::fail_fast,
                                      .message = message,
                                      .origin_region = r.handle,
                                      .origin_task = t.handle,
                                      .cause = t.cancelled}));
}

} // namespace cancelscope
