#include "inspector/attribution/explain.hpp"
#include "inspector/findings/rules.hpp"
#include "inspector/text/describe.hpp"
#include "inspector/text/units.hpp"
#include "inspector/timeline/state.hpp"
#include "trace-format/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>

namespace cancelscope::inspector::rules {

namespace {

/// A target under cancellation.
struct patient {
  entity who;
  phase_events phases;
};

template <class Visit> void each_task_under_cancellation(const trace_store& trace, Visit visit) {
  for (std::uint32_t i = 0; i < trace.tasks().size(); ++i) {
    const patient p{task_index{i}, phases_of(trace, task_index{i})};
    if (p.phases.requested) visit(p);
  }
}

template <class Visit> void each_region_under_cancellation(const trace_store& trace, Visit visit) {
  // Later ones first: a child region comes before its parent.
  for (auto i = static_cast<std::uint32_t>(trace.regions().size()); i-- > 0;) {
    const patient p{region_index{i}, phases_of(trace, region_index{i})};
    if (p.phases.requested) visit(p);
  }
}

/// Reports each patient of whom `judge` says so; of a region only where nobody under it has been reported,
/// who would be the reason.
void report_the_innermost(finding_list& list, const std::function<bool(const patient&)>& judge) {
  std::vector<bool> has_reason(list.trace.regions().size());
  const auto is_reason_above = [&](region_index region) {
    for (; region && !has_reason[region.value()]; region = list.trace[region].parent)
      has_reason[region.value()] = true;
  };
  each_task_under_cancellation(list.trace, [&](const patient& p) {
    if (judge(p)) is_reason_above(list.trace[p.who.as<task_index>()].region);
  });
  each_region_under_cancellation(list.trace, [&](const patient& p) {
    const auto region = p.who.as<region_index>();
    if (!has_reason[region.value()] && judge(p)) is_reason_above(region);
  });
}

/// The event that says that a budget of the target ran out while it was under cancellation.
event_index said_exhausted(const trace_store& trace, const patient& p) {
  for (const event_index e : trace.budgets_of(p.who))
    if (e > p.phases.requested && trace.body_at<trace::budget_left>(e).exhausted.value_or(false))
      return e;
  return {};
}

/// ", 90 ms of it waiting for a timer `backoff`": what a task spent most of that time on, if that is much of it.
std::string longest_wait(const trace_store& trace, const patient& p) {
  const auto task = p.who.as<task_index>();
  if (!task) return {};
  const std::uint64_t from = trace.time_of(p.phases.requested);
  const std::uint64_t to =
      p.phases.completed ? trace.time_of(p.phases.completed) : trace.last_time();
  const auto in_that_time = [&](wait_index w) {
    const std::uint64_t began = std::max(from, trace.time_of(trace[w].began));
    const event_index over = trace[w].ended;
    const std::uint64_t ended = std::min(to, over ? trace.time_of(over) : to);
    return ended > began ? ended - began : 0;
  };
  wait_index longest;
  std::uint64_t most = (to - from) / 4; // less would not be the reason
  for (const wait_index w : trace.waits_of(task))
    if (const std::uint64_t length = in_that_time(w); length > most) {
      longest = w;
      most = length;
    }
  if (!longest) return {};
  return fmt::format(", {} of it waiting for {}", duration_text(most), awaited(trace, longest));
}

bool is_over_budget(finding_list& list, const patient& p) {
  const trace_store& trace = list.trace;
  if (const event_index e = said_exhausted(trace, p)) {
    list.add(finding_code::over_budget, p.who, e,
             fmt::format("{} exhausted its clean-up budget ({}) {} after the request.",
                         as_subject(trace, p.who),
                         to_string(trace.body_at<trace::budget_left>(e).resource),
                         duration_text(trace.time_of(e) - trace.time_of(p.phases.requested))),
             {p.phases.requested});
    return true;
  }
  const cancel_index cancel = cancel_in_effect(trace, p.who, end_of(trace));
  if (!p.phases.draining || !trace[cancel].deadline) return false;
  const event_index drained = p.phases.finalizing ? p.phases.finalizing : p.phases.completed;
  const std::uint64_t until = drained ? trace.time_of(drained) : trace.last_time();
  const std::uint64_t deadline = *trace[cancel].deadline;
  if (until <= deadline || (!drained && list.lost_between(p.phases.draining, {}))) return false;
  list.add(finding_code::over_budget, p.who, deadline,
           fmt::format("{} drained {} past its deadline{}.", as_subject(trace, p.who),
                       duration_text(until - deadline),
                       drained ? "" : ", and was not done when the trace ended"),
           {trace[cancel].requested, p.phases.draining, drained});
  return true;
}

/// Ended *cancelled* without any phase: it reacted, and its producer does not tell when.
bool reacted_untold(const trace_store& trace, const patient& p) {
  if (const auto task = p.who.as<task_index>())
    return trace[task].outcome == trace::outcome_kind::cancelled && !trace[task].phases[2];
  const region_row& row = trace[p.who.as<region_index>()];
  return row.outcome == trace::outcome_kind::cancelled && !row.phases[2];
}

} // namespace

void over_budget(finding_list& list) {
  report_the_innermost(list, [&list](const patient& p) { return is_over_budget(list, p); });
}

void slow_drain(finding_list& list) {
  const trace_store& trace = list.trace;
  report_the_innermost(list, [&](const patient& p) {
    if (!p.phases.completed || p.phases.completed < p.phases.requested) return false;
    const std::uint64_t took =
        trace.time_of(p.phases.completed) - trace.time_of(p.phases.requested);
    if (took <= list.limits.slow_drain_ns) return false;
    list.add(finding_code::slow_drain, p.who, p.phases.completed,
             fmt::format("{} took {} from the request to its end{}.", as_subject(trace, p.who),
                         duration_text(took), longest_wait(trace, p)),
             {p.phases.requested});
    return true;
  });
}

void ignored_cancel(finding_list& list) {
  const trace_store& trace = list.trace;
  report_the_innermost(list, [&](const patient& p) {
    // Whoever reached a later phase must have passed draining.
    if (p.phases.draining || p.phases.finalizing || reacted_untold(trace, p)) return false;
    const event_index over = p.phases.completed;
    if (over && over < p.phases.requested) return false;
    const std::uint64_t until = over ? trace.time_of(over) : trace.last_time();
    const std::uint64_t ignored_for = until - trace.time_of(p.phases.requested);
    if (ignored_for <= list.limits.slow_drain_ns || list.lost_between(p.phases.requested, over))
      return false;
    list.add(finding_code::ignored_cancel, p.who, p.phases.requested,
             fmt::format("{} was asked to stop and did not begin to for {}{}.",
                         as_subject(trace, p.who), duration_text(ignored_for),
                         longest_wait(trace, p)),
             {over});
    return true;
  });
}

} // namespace cancelscope::inspector::rules
