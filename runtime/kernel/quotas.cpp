// Quotas of regions: polls and cost, taken from the region of a task and from
// all around it.
#include "runtime/kernel/kernel.hpp"

namespace cancelscope {

using trace::budget_resource;

void kernel::meter(region_handle region, region_record& r, const region_record* parent,
                   const budget& own) {
  const region_handle above = parent == nullptr ? region_handle{} : parent->meter;
  r.polls_left = own.polls;
  r.cost_left = own.cost;
  const bool has_quota = own.polls || own.cost;
  r.meter = has_quota ? region : above;
  r.next_meter = has_quota ? above : region_handle{};
}

bool kernel::spend(task_handle task, std::uint64_t cost) {
  const region_handle innermost = regions_.get(tasks_.get(task).region).meter;
  for (region_handle at = innermost; at; at = regions_.get(at).next_meter) {
    region_record& r = regions_.get(at);
    if (!r.cost_left || *r.cost_left >= cost) continue;
    quota_exhausted(at, r, budget_resource::cost, *r.cost_left, task);
    return false;
  }
  for (region_handle at = innermost; at; at = regions_.get(at).next_meter)
    if (auto& left = regions_.get(at).cost_left) *left -= cost;
  return true;
}

void kernel::count_poll(const task_record& t) {
  if (t.cancelled) return; // its clean-up has a budget of its own
  for (region_handle at = regions_.get(t.region).meter; at; at = regions_.get(at).next_meter)
    if (auto& left = regions_.get(at).polls_left; left && *left > 0) --*left;
}

void kernel::enforce_polls(task_handle task) {
  if (tasks_.get(task).cancelled) return;
  for (region_handle at = regions_.get(tasks_.get(task).region).meter; at;) {
    region_record* const r = regions_.find(at);
    if (r == nullptr || tasks_.find(task) == nullptr) return; // other threads have ended them
    const region_handle next = r->next_meter;
    if (r->polls_left == 0U) quota_exhausted(at, *r, budget_resource::polls, 0, task);
    at = next;
  }
}

void kernel::quota_exhausted(region_handle region, region_record& r, budget_resource resource,
                             std::uint64_t left, task_handle by) {
  trace_.budget_told(region, resource, left, true);
  // It is told once; what the clean-up uses is paid from the clean-up's own
  // budget.
  (resource == budget_resource::cost ? r.cost_left : r.polls_left).reset();
  std::string message = r.name.empty() ? to_string(region.id()) : "'" + r.name + "'";
  message += resource == budget_resource::cost ? " has used up its cost" : " has used up its polls";
  static_cast<void>(cancel(region, {.kind = cancel_kind::budget,
                                    .message = message,
                                    .origin_region = tasks_.get(by).region,
                                    .origin_task = by}));
}

void kernel::report_quotas(region_handle region, const region_record& r) {
  if (r.polls_left) trace_.budget_told(region, budget_resource::polls, *r.polls_left, false);
  if (r.cost_left) trace_.budget_told(region, budget_resource::cost, *r.cost_left, false);
}

} // namespace cancelscope
