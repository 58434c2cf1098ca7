#include "inspector/timeline/state.hpp"

#include <algorithm>
#include <array>

namespace cancelscope::inspector {

std::string_view to_string(task_state state) {
  static constexpr std::array<std::string_view, 6> names{"running",  "waiting",    "requested",
                                                         "draining", "finalizing", "completed"};
  return names[static_cast<std::size_t>(state)];
}

bool exists_at(const trace_store& trace, entity who, moment m) {
  const auto within = [m](event_index from, event_index to) {
    return m.counts(from) && !m.counts(to);
  };
  switch (who.type()) {
  case entity_type::region: {
    const region_row& row = trace[who.as<region_index>()];
    return within(row.opened, row.released);
  }
  case entity_type::task: {
    const task_row& row = trace[who.as<task_index>()];
    return within(row.spawned, row.released);
  }
  case entity_type::obligation: {
    const obligation_row& row = trace[who.as<obligation_index>()];
    return within(row.opened, row.released);
  }
  case entity_type::cancel:
    return m.counts(trace[who.as<cancel_index>()].requested);
  case entity_type::none:
    break;
  }
  return false;
}

std::optional<task_state> state_at(const trace_store& trace, task_index task, moment m) {
  if (!exists_at(trace, task, m)) return std::nullopt;
  const task_row& row = trace[task];
  if (m.counts(row.completed())) return task_state::completed;
  if (m.counts(row.phases[1])) return task_state::finalizing;
  if (m.counts(row.phases[0])) return task_state::draining;
  if (m.counts(row.requested)) return task_state::requested;
  return wait_at(trace, task, m) ? task_state::waiting : task_state::running;
}

std::optional<trace::region_state> state_at(const trace_store& trace, region_index region,
                                            moment m) {
  if (!exists_at(trace, region, m)) return std::nullopt;
  const region_row& row = trace[region];
  auto state = trace::region_state::open;
  for (std::size_t step = 0; step < row.moved.size(); ++step)
    if (m.counts(row.moved[step])) state = static_cast<trace::region_state>(step + 1);
  return state;
}

bool open_at(const trace_store& trace, obligation_index obligation, moment m) {
  const obligation_row& row = trace[obligation];
  return m.counts(row.opened) && !m.counts(row.ended);
}

wait_index wait_at(const trace_store& trace, task_index task, moment m) {
  const auto waits = trace.waits_of(task);
  const auto next = std::partition_point(waits.begin(), waits.end(),
                                         [&](wait_index w) { return m.counts(trace[w].began); });
  if (next == waits.begin()) return {};
  const wait_index last = *(next - 1);
  return m.counts(trace[last].ended) ? wait_index{} : last;
}

std::optional<trace::outcome_kind> outcome_at(const trace_store& trace, entity who, moment m) {
  if (const auto task = who.as<task_index>(); task && m.counts(trace[task].ended))
    return trace[task].outcome;
  if (const auto region = who.as<region_index>(); region && m.counts(trace[region].closed()))
    return trace[region].outcome;
  return std::nullopt;
}

cancel_index cancel_in_effect(const trace_store& trace, entity target, moment m) {
  cancel_index in_effect;
  for (const cancel_index c : trace.cancels_on(target)) {
    if (!m.counts(trace[c].requested)) break;
    if (trace[c].took_effect()) in_effect = c;
  }
  return in_effect;
}

std::optional<budget_reading> budget_at(const trace_store& trace, entity target,
                                        trace::budget_resource resource, moment m) {
  const auto events = trace.budgets_of(target);
  auto e = std::partition_point(events.begin(), events.end(),
                                [m](event_index i) { return m.counts(i); });
  while (e != events.begin()) {
    --e;
    const auto body = trace.body_at<trace::budget_left>(*e);
    if (body.resource == resource)
      return budget_reading{.read = *e,
                            .resource = resource,
                            .left = body.left,
                            .exhausted = body.exhausted.value_or(false)};
  }
  return std::nullopt;
}

namespace {

/// The end of the target's clean-up: completed, or a region's `closed`.
event_index clean_up_over(const trace_store& trace, entity target) {
  if (const auto task = target.as<task_index>()) return trace[task].completed();
  if (const auto region = target.as<region_index>()) {
    const region_row& row = trace[region];
    return row.phases[2] ? row.phases[2] : row.closed();
  }
  return {};
}

bool said_exhausted(const trace_store& trace, entity target, event_index since, moment m) {
  const auto budgets = trace.budgets_of(target);
  return std::any_of(budgets.begin(), budgets.end(), [&](event_index e) {
    return e > since && m.counts(e) &&
           trace.body_at<trace::budget_left>(e).exhausted.value_or(false);
  });
}

} // namespace

std::optional<cleanup_budget> cleanup_budget_at(const trace_store& trace, entity target, moment m) {
  const cancel_index cancel = cancel_in_effect(trace, target, m);
  if (!cancel || !trace[cancel].deadline) return std::nullopt;
  const event_index over = clean_up_over(trace, target);
  const std::uint64_t now = m.counts(over) ? trace.time_of(over) : time_of(trace, m);
  cleanup_budget budget{.requested = trace.time_of(trace[cancel].requested),
                        .deadline = *trace[cancel].deadline};
  budget.spent = now - budget.requested;
  budget.exhausted =
      now > budget.deadline || said_exhausted(trace, target, trace[cancel].requested, m);
  return budget;
}

} // namespace cancelscope::inspector
