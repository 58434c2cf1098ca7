// Quiescent close: how a region comes to its end once nothing lives under it. Iterative: depth
// costs no stack.
#include "runtime/kernel/finalizers.hpp"
#include "runtime/kernel/kernel.hpp"
#include "runtime/kernel/list.hpp"

#include <utility>

namespace cancelscope {

using trace::region_state;

void kernel::begin_closing(region_record& r) {
  if (r.state != region_state::open) return;
  r.state = region_state::closing;
  trace_.region_moved(r.handle, region_state::closing, r.cancelled);
  if (r.is_quiet()) return;
  r.state = region_state::draining;
  trace_.region_moved(r.handle, region_state::draining, r.cancelled);
}

void kernel::settle_later(const region_record& r) {
  // While something under it lives there is nothing to settle; its end comes here again.
  if (r.state != region_state::open && r.is_quiet()) to_settle_.push_back(r.handle);
}

void kernel::settle_with(region_record& r) {
  settling_ = true;
  settle(r);
  settling_ = false;
  settle_pending();
}

void kernel::settle_pending() {
  if (settling_) return; // whoever is settling further down the stack takes these too
  settling_ = true;
  while (!to_settle_.empty()) {
    region_record* const r = regions_.find(to_settle_.back());
    to_settle_.pop_back();
    if (r != nullptr && r->state != region_state::open) settle(*r);
  }
  settling_ = false;
}

void kernel::settle(region_record& r) {
  if (r.in_finalizer) return; // another thread runs one, and closes it afterwards
  if (!r.is_quiet()) return;
  collect_tasks(r);
  if (!run_region_finalizers(r)) return; // one is a task now, and its end comes back here
  find_leaks(r);
  close_now(r);
}

void kernel::collect_tasks(region_record& r) {
  while (task_record* const t = r.tasks.first) {
    // Whoever opened a region awaits its body and its finalizers, and so joins them; all others the
    // region takes itself.
    trace_.task_joined(t->handle,
                       t->role == task_role::member ? any_handle{r.handle} : r.opened_by);
    keep_worse(r.collected, std::move(t->ended));
    release_task(*t);
  }
}

bool kernel::run_region_finalizers(region_record& r) {
  const bool begins = r.state < region_state::finalizing;
  r.state = region_state::finalizing; // nothing new begins any more, also when none is to run
  if (begins && !r.finalizers.empty())
    trace_.region_moved(r.handle, region_state::finalizing, r.cancelled);
  while (!r.finalizers.empty()) { // a finalizer may register another
    finalizer last = std::move(r.finalizers.back());
    r.finalizers.pop_back();
    r.in_finalizer = true;
    finalizer_run ran = run(last);
    r.in_finalizer = false;
    trace_.region_finalizer_ran(r.handle, last.label, ran.duration, ran.ended.kind());
    keep_worse(r.collected, std::move(ran.ended));
    if (r.uncompleted_tasks > 0) return false;
    collect_tasks(r); // one that it started may be over already, on another thread
  }
  return true;
}

void kernel::find_leaks(region_record& r) {
  while (r.obligations.first != nullptr) {
    ++leaked_;
    release_obligation(*r.obligations.first, trace::obligation_fate::leaked);
  }
}

void kernel::close_now(region_record& r) {
  r.state = region_state::closed;
  report_quotas(r);
  trace_.region_closed(r.handle, r.cancelled, r.collected.kind());
  region_owner* const owner = r.owner;
  outcome<void> collected = std::move(r.collected);
  if (r.parent != nullptr) {
    list::remove(r.parent->children, r);
    --r.parent->unclosed_children;
    settle_later(*r.parent);
  }
  trace_.slot_released(r.handle);
  regions_.release(r.handle);
  if (owner != nullptr) owner->region_closed(std::move(collected));
}

void kernel::release_task(task_record& t) {
  list::remove(t.region->tasks, t);
  trace_.slot_released(t.handle);
  tasks_.release(t.handle);
}

// ---- Obligations ----

kernel::result<obligation_handle> kernel::reserve(region_handle region,
                                                  const obligation_spec& spec) {
  region_record* r = regions_.find(region);
  if (r == nullptr) return refuse(region, entity_kind::region, "reserve", spec.task);
  const auto [obligation, record] = obligations_.acquire();
  record->handle = obligation;
  record->region = r;
  record->task = spec.task;
  record->kind = spec.kind;
  list::append(r->obligations, *record);
  trace_.obligation_reserved(obligation, spec.kind, region, spec.task, spec.label, spec.where);
  return obligation;
}

kernel::result<done> kernel::commit(obligation_handle obligation, any_handle by) {
  return resolve(obligation, trace::obligation_fate::committed, by);
}

kernel::result<done> kernel::abort(obligation_handle obligation, any_handle by) {
  return resolve(obligation, trace::obligation_fate::aborted, by);
}

kernel::result<done> kernel::resolve(obligation_handle obligation, trace::obligation_fate fate,
                                     any_handle by) {
  obligation_record* const o = obligations_.find(obligation);
  if (o == nullptr)
    return refuse(obligation, entity_kind::obligation,
                  fate == trace::obligation_fate::committed ? "commit" : "abort", by);
  release_obligation(*o, fate);
  return done{};
}

void kernel::release_obligation(obligation_record& o, trace::obligation_fate fate) {
  // A commit is the work's own doing; only what was given up is put down to the cancellation in
  // effect.
  const cancellation why =
      fate == trace::obligation_fate::committed ? cancellation{} : cancellation_of(o.task);
  trace_.obligation_resolved(o.handle, fate, why);
  list::remove(o.region->obligations, o);
  trace_.slot_released(o.handle);
  obligations_.release(o.handle);
}

} // namespace cancelscope
