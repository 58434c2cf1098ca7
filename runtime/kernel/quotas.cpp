// Quotas of regions: polls and cost, taken from the region of a task and from
// all around it.
#include "runtime/kernel/kernel.hpp"

#include <utility>

namespace cancelscope {

using trace::budget_resource;

void kernel::meter(region_record& r, const budget& own) {
  if (r.parent != nullptr) r.meter = r.parent->meter;
  if (!own.polls && !own.cost) return;
  r.polls_left = own.polls;
  r.cost_left = own.cost;
  r.next_meter = std::exchange(r.meter, r.handle);
}

bool kernel::spend(task_handle task, std::uint64_t cost) {
  const task_record& t = tasks_.get(task);
  const region_handle innermost = t.region->meter;
  for (region_handle at = innermost; at; at = regions_.get(at).next_meter) {
    region_record& r = regions_.get(at);
    if (!r.cost_left || *r.cost_left >= cost) continue;
    quota_exhausted(r, budget_resource::cost, *r.cost_left, t);
    return false;
  }
  for (region_handle at = innermost; at; at = regions_.get(at).next_meter)
    if (auto& left = regions_.get(at).cost_left) *left -= cost;
  return true;
}

void kernel::count_poll(const task_record& t) {
  if (t.cancelled) return; // its clean-up has a budget of its own
  for (region_handle at = t.region->meter; at; at = regions_.get(at).next_meter)
    if (auto& left = regions_.get(at).polls_left; left && *left > 0) --*left;
}

void kernel::enforce_polls(task_handle task) {
  const task_record& metered = tasks_.get(task);
  if (metered.cancelled) return;
  for (region_handle at = metered.region->meter; at;) {
    region_record* const r = regions_.find(at);
    const task_record* const t = tasks_.find(task);
    if (r == nullptr || t == nullptr) return; // other threads have ended them
    const region_handle next = r->next_meter;
    if (r->polls_left == 0U) quota_exhausted(*r, budget_resource::polls, 0, *t);
    at = next;
  }
}

void kernel::quota_exhausted(region_record& r, budget_resource resource, std::uint64_t left,
                             const task_record& by) {
  trace_.budget_told(r.handle, resource, left, true);
  // It is told once; what the clean-up uses is paid from the clean-up's own
  // budget.
  (resource == budget_resource::cost ? r.cost_left : r.polls_left).reset();
  std::string message = r.name.empty() ? to_string(r.handle.id()) : "'" + r.name + "'";
  message += resource == budget_resource::cost ? " has used up its cost" : " has used up its polls";
  static_cast<void>(cancel(r.handle, {.kind = cancel_kind::budget,
                                      .message = message,
                                      .origin_region = by.region->handle,
                                      .origin_task = by.handle}));
}

void kernel::report_quotas(const region_record& r) {
  if (r.polls_left) trace_.budget_told(r.handle, budget_resource::polls, *r.polls_left, false);
  if (r.cost_left) trace_.budget_told(r.handle, budget_resource::cost, *r.cost_left, false);
}

} // namespace cancelscope
