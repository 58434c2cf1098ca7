// Draining and what it may take: checkpoints, clean-up budgets, deadlines, and what happens at
// their end.
#include "runtime/kernel/kernel.hpp"
#include "runtime/kernel/kernel_lock.hpp"

#include <utility>
#include <vector>

namespace cancelscope {

using trace::budget_resource;

bool kernel::must_stop(task_handle task) {
  task_record& t = tasks_.get(task);
  if (t.state != task_state::requested || t.shields > 0) return false;
  t.state = task_state::draining;
  if (t.body != nullptr) t.body->set_requested(false);
  trace_.phase_reached(task, t.cancelled, trace::cancel_phase_name::draining);
  if (t.is_bounded()) report_cleanup(t, cleanup_exhausted(t));
  return true;
}

void kernel::bound_cleanup(task_record& t, std::optional<time_ns> until) {
  if (!until || (t.cleanup_deadline && *t.cleanup_deadline <= *until)) return;
  t.cleanup_deadline = until;
  deadlines_.add(*until, t.handle);
}

void kernel::report_cleanup(const task_record& t, bool exhausted) {
  if (const auto deadline = t.cleanup_deadline) {
    const time_ns now = clock_.now();
    trace_.budget_told(t.handle, budget_resource::deadline, *deadline > now ? *deadline - now : 0,
                       exhausted && *deadline <= now);
  }
  if (t.cleanup_polls_left)
    trace_.budget_told(t.handle, budget_resource::polls, *t.cleanup_polls_left,
                       exhausted && *t.cleanup_polls_left == 0);
}

bool kernel::cleanup_exhausted(const task_record& t) const {
  if (t.state == task_state::completed) return false;
  if (t.cleanup_deadline && *t.cleanup_deadline <= clock_.now()) return true;
  return t.state == task_state::draining && t.cleanup_polls_left == 0U;
}

void kernel::stop_for_budget(task_handle task) {
  // Whatever the task waits for goes first, and of that the innermost first: no frame outlives its
  // region.
  std::vector<task_handle> doomed{task};
  if (const region_handle waited = tasks_.get(task).waits_for)
    add_tasks_under(regions_.get(waited), doomed);
  if (!stop_all(doomed, "clean-up budget", "clean-up budget exhausted")) to_stop_.push_back(task);
}

void kernel::stop_postponed() {
  for (const task_handle task : std::exchange(to_stop_, {})) {
    const task_record* t = tasks_.find(task);
    if (t != nullptr && cleanup_exhausted(*t)) stop_for_budget(task);
  }
}

bool kernel::can_stop(const task_record& t) const {
  if (t.is_being_stopped || (t.body != nullptr && t.body->is_running())) return false;
  // The region may live on in a finalizer that awaits, or in what began while others were stopped.
  return regions_.find(t.waits_for) == nullptr;
}

void kernel::stop_by_force(region_handle region, std::string_view oracle, std::string_view why) {
  std::vector<task_handle> doomed;
  add_tasks_under(regions_.get(region), doomed);
  if (stop_all(doomed, oracle, why)) return;
  for (const task_handle task : doomed) { // those that are left go when what holds them is gone
    task_record* const t = tasks_.find(task);
    if (t == nullptr || t->state == task_state::completed) continue;
    bound_cleanup(*t, clock_.now());
    to_stop_.push_back(task);
  }
}

void kernel::add_tasks_under(const region_record& top, std::vector<task_handle>& found) {
  const region_record* at = &top;
  while (at != nullptr) {
    for (const task_record* t = at->tasks.first; t != nullptr; t = t->siblings.next)
      found.push_back(t->handle);
    if (at->children.first != nullptr) {
      at = at->children.first;
      continue;
    }
    while (at != &top && at->siblings.next == nullptr)
      at = at->parent;
    at = at == &top ? nullptr : at->siblings.next;
  }
}

bool kernel::stop_all(const std::vector<task_handle>& doomed, std::string_view oracle,
                      std::string_view why) {
  bool all = true;
  for (auto last = doomed.rbegin(); last != doomed.rend(); ++last) {
    task_record* const t = tasks_.find(*last); // one may have gone with those stopped before it
    if (t == nullptr || t->state == task_state::completed) continue;
    if (can_stop(*t))
      stop(*t, oracle, why);
    else
      all = false;
  }
  return all;
}

void kernel::stop(task_record& t, std::string_view oracle, std::string_view why) {
  t.is_being_stopped = true;
  std::string message{why};
  message += ": ";
  message += t.name.empty() ? to_string(t.handle.id()) : "'" + t.name + "'";
  message += t.state == task_state::requested ? " had not begun to clean up and was destroyed"
                                              : " had not finished and was destroyed";
  if (t.state == task_state::finalizing) report_cleanup(t, cleanup_exhausted(t));
  trace_.violation_found(oracle, message, t.handle);
  outcome_taker taker;
  if (t.body != nullptr) taker = t.body->destroy(why);
  end_task(t.handle, panic{std::string{why}}, taker);
}

std::optional<time_ns> kernel::next_deadline() {
  const auto* first = deadlines_.earliest([this](const deadline_entry& e) {
    const any_handle owner = e.owner;
    if (owner.kind() == entity_kind::region) {
      const region_record* r = regions_.find({owner.slot(), owner.generation()});
      return r != nullptr && r->deadline == e.at && r->state < trace::region_state::finalizing;
    }
    const task_record* t = tasks_.find({owner.slot(), owner.generation()});
    return t != nullptr && t->state != task_state::completed && t->cleanup_deadline == e.at;
  });
  if (first == nullptr) return std::nullopt;
  return first->at;
}

bool kernel::expire_next() {
  const auto at = next_deadline();
  if (!at || *at > clock_.now()) return false;
  const any_handle owner = deadlines_.top().owner;
  deadlines_.pop();
  if (owner.kind() == entity_kind::task) {
    stop_for_budget({owner.slot(), owner.generation()});
    return true;
  }
  const region_handle region{owner.slot(), owner.generation()};
  region_record& r = regions_.get(region);
  r.deadline.reset();
  std::string message = "the deadline of ";
  message += r.name.empty() ? to_string(region.id()) : "'" + r.name + "'";
  message += " passed";
  static_cast<void>(cancel(region, {.kind = cancel_kind::timeout,
                                    .message = message,
                                    .origin_region = region,
                                    .origin_task = r.opened_by}));
  return true;
}

} // namespace cancelscope
