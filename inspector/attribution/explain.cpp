#include "inspector/attribution/explain.hpp"

#include "inspector/timeline/certainty.hpp"
#include "inspector/timeline/state.hpp"

namespace cancelscope::inspector {

namespace {

phase_events phases_of_task(const trace_store& trace, task_index task) {
  const task_row& row = trace[task];
  return {.requested = row.requested,
          .draining = row.phases[0],
          .finalizing = row.phases[1],
          .completed = row.phases[2] ? row.phases[2] : row.ended};
}

// A region's phases may be written as such; else its states, from the request on, say the same.
phase_events phases_of_region(const trace_store& trace, region_index region) {
  const region_row& row = trace[region];
  phase_events phases;
  for (const cancel_index c : trace.cancels_on(region)) {
    if (!trace[c].took_effect()) continue;
    phases.requested = trace[c].requested;
    break;
  }
  const auto either = [&](event_index phase, trace::region_state state) {
    if (phase) return phase;
    const event_index moved = row.reached(state);
    return phases.requested < moved ? moved : event_index{};
  };
  phases.draining = either(row.phases[0], trace::region_state::draining);
  phases.finalizing = either(row.phases[1], trace::region_state::finalizing);
  phases.completed = row.phases[2] ? row.phases[2] : row.closed();
  return phases;
}

/// The region or task that a question is about.
entity target_of(const trace_store& trace, entity asked) {
  if (const auto cancel = asked.as<cancel_index>()) return trace[cancel].target;
  if (const auto obligation = asked.as<obligation_index>()) {
    const obligation_row& row = trace[obligation];
    return row.task ? entity{row.task} : entity{row.region};
  }
  return asked;
}

void add_owner_facts(const trace_store& trace, explanation& why) {
  if (const auto task = why.target.as<task_index>()) {
    const task_row& row = trace[task];
    why.region = row.region;
    why.outcome = row.outcome;
    why.joined_by = row.joined_by;
  } else if (const auto region = why.target.as<region_index>()) {
    why.region = trace[region].parent;
    why.outcome = trace[region].outcome;
  }
}

void add_chain(const trace_store& trace, explanation& why) {
  why.chain = chain_of(trace, why.asked);
  const cancel_index first = why.cancelled() ? why.chain.links.front() : cancel_index{};
  const bool asked_in_vain = first && !trace[first].took_effect();
  for (const cancel_index c : trace.cancels_on(why.target)) {
    if (c == first) continue;
    if (!trace[c].took_effect())
      why.absorbed.push_back(c);
    else if (c > first && !asked_in_vain && !why.superseded_by)
      why.superseded_by = c;
    else if (c < first && asked_in_vain)
      why.absorbed_by = c;
    else if (c < first)
      why.superseded.push_back(c);
  }
}

/// A task that joined a cancelled one and ended the same way says so at its end.
cancel_index handed_on(const trace_store& trace, const explanation& why) {
  const auto task = why.target.as<task_index>();
  if (!task || why.cancelled() || !trace[task].ended) return {};
  const auto named = trace.body_at<trace::task_end>(trace[task].ended).cancel;
  return named ? trace.find(*named) : cancel_index{};
}

/// Nobody can resolve it any more: it was found leaked, or the trace ended in order without its end, and nothing was
/// lost that may have been it.
bool left_behind(const trace_store& trace, obligation_index obligation) {
  const obligation_row& row = trace[obligation];
  if (row.fate) return *row.fate == trace::obligation_fate::leaked;
  return trace.ended_in_order() && !fate_unknown_since(trace, obligation);
}

void add_obligations(const trace_store& trace, explanation& why) {
  for (const obligation_index o : trace.obligations_of(why.target)) {
    if (why.phases.requested && open_at(trace, o, moment::after(why.phases.requested)))
      why.open_obligations.push_back(o);
    if (left_behind(trace, o)) why.leaked_obligations.push_back(o);
  }
}

} // namespace

phase_events phases_of(const trace_store& trace, entity target) {
  if (const auto task = target.as<task_index>()) return phases_of_task(trace, task);
  if (const auto region = target.as<region_index>()) return phases_of_region(trace, region);
  return {};
}

cause_chain chain_of(const trace_store& trace, entity asked) {
  const auto cancel = asked.as<cancel_index>();
  return chain_from(
      trace, cancel ? cancel : cancel_in_effect(trace, target_of(trace, asked), end_of(trace)));
}

explanation explain(const trace_store& trace, entity asked) {
  explanation why;
  why.asked = asked;
  why.target = target_of(trace, asked);
  if (!why.target) return why;
  add_owner_facts(trace, why);
  add_chain(trace, why);
  why.handed_on = handed_on(trace, why);
  why.phases = phases_of(trace, why.target);
  add_obligations(trace, why);
  why.unknown_since = unknown_since(trace, why.target, end_of(trace));
  return why;
}

} // namespace cancelscope::inspector
