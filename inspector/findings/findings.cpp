#include "inspector/findings/finding.hpp"
#include "inspector/findings/rules.hpp"

#include <algorithm>
#include <array>

namespace cancelscope::inspector {

namespace {

struct kind_of_finding {
  finding_code code;
  std::string_view name;
  severity how_bad;
  void (*rule)(finding_list&);
  std::string_view advice;
};

constexpr std::array kinds{
    kind_of_finding{
        finding_code::violation, "violation", severity::error, rules::violation,
        "A check inside the producer found one of its guarantees broken. Look at what happened to "
        "the "
        "target just before; this is a fault of the runtime, or of code that goes around it."},
    kind_of_finding{
        finding_code::orphan_task, "orphan-task", severity::error, rules::orphan_task,
        "A closed region promises that all its tasks are over. Find who closed it without waiting, "
        "and "
        "let the close wait for the task, or move the task to a region that lives longer."},
    kind_of_finding{finding_code::leaked_obligation, "leaked-obligation", severity::error,
                    rules::leaked_obligation,
                    "What was reserved was neither committed nor aborted. Resolve it on every way "
                    "out of the task, the "
                    "cancelled one too: a destructor or a finalizer is the place."},
    kind_of_finding{finding_code::illegal_transition, "illegal-transition", severity::error,
                    rules::illegal_transition,
                    "States and phases only go forward. The line was not used; look at who wrote "
                    "it: two owners of "
                    "one task, or events written out of order."},
    kind_of_finding{finding_code::region_never_closed, "region-never-closed", severity::error,
                    rules::region_never_closed,
                    "The program ended in order with this region still open. Close it where it was "
                    "opened, on every "
                    "way out."},
    kind_of_finding{finding_code::sibling_effect, "sibling-effect", severity::error,
                    rules::sibling_effect,
                    "A cancellation may only spread downwards. Look for a cancel token or a group "
                    "shared between "
                    "regions that have nothing to do with each other."},
    kind_of_finding{finding_code::stale_handle, "stale-handle", severity::warning,
                    rules::stale_handle,
                    "Somebody kept a handle longer than what it named; it was refused and did no "
                    "harm. Drop the "
                    "handle when the work is joined."},
    kind_of_finding{finding_code::unjoined_task, "unjoined-task", severity::warning,
                    rules::unjoined_task,
                    "Nobody took the task's outcome but its region, so an error in it would have "
                    "gone unseen. Join it, "
                    "or say that its outcome does not matter."},
    kind_of_finding{finding_code::over_budget, "over-budget", severity::warning, rules::over_budget,
                    "The clean-up took more than it was given. Make it shorter, move slow parts "
                    "out of it, or give it "
                    "more."},
    kind_of_finding{
        finding_code::slow_drain, "slow-drain", severity::warning, rules::slow_drain,
        "From the request to the end took long. Look at what it waited on while draining."},
    kind_of_finding{finding_code::ignored_cancel, "ignored-cancel", severity::warning,
                    rules::ignored_cancel,
                    "It was asked to stop and did not begin to. It runs without a checkpoint, "
                    "waits on something that "
                    "a request does not wake, or swallows the cancellation."},
    kind_of_finding{finding_code::non_lifo_reuse, "non-lifo-reuse", severity::warning,
                    rules::non_lifo_reuse,
                    "Slots are promised to be reused last-in-first-out; without that, two runs of "
                    "the same program "
                    "give different ids."},
    kind_of_finding{
        finding_code::truncated_chain, "truncated-chain", severity::info, rules::truncated_chain,
        "The root cause is not in the trace. Let the producer keep longer chains, or start tracing "
        "earlier."},
    kind_of_finding{finding_code::cancel_storm, "cancel-storm", severity::info, rules::cancel_storm,
                    "One cause reached very many targets. That may be right (a shutdown); if not, "
                    "look whether so much "
                    "should hang on one region."},
    kind_of_finding{finding_code::events_missing, "events-missing", severity::info,
                    rules::events_missing,
                    "The producer could not keep up and said so. What is said of this stretch may "
                    "be incomplete; give "
                    "the recorder larger buffers."},
    kind_of_finding{finding_code::cut_off, "cut-off", severity::info, rules::cut_off,
                    "The program was killed or crashed, or still runs. What was not over then is "
                    "shown as it was last "
                    "known."},
};

const kind_of_finding& kind(finding_code code) {
  return kinds[static_cast<std::size_t>(code)];
}

constexpr bool in_order() {
  for (std::size_t i = 0; i < kinds.size(); ++i)
    if (static_cast<std::size_t>(kinds[i].code) != i) return false;
  return true;
}
static_assert(in_order(), "the list follows the order of finding_code");

} // namespace

std::string_view to_string(severity s) {
  static constexpr std::array<std::string_view, 3> names{"error", "warning", "info"};
  return names[static_cast<std::size_t>(s)];
}

std::string_view to_string(finding_code code) {
  return kind(code).name;
}

severity severity_of(finding_code code) {
  return kind(code).how_bad;
}

std::string_view advice(finding_code code) {
  return kind(code).advice;
}

std::vector<finding> find_all(const trace_store& trace, const finding_limits& limits) {
  finding_list list(trace, limits);
  for (const kind_of_finding& k : kinds)
    k.rule(list);
  std::stable_sort(list.found.begin(), list.found.end(), [](const finding& a, const finding& b) {
    return a.how_bad() != b.how_bad() ? a.how_bad() < b.how_bad() : a.t < b.t;
  });
  return std::move(list.found);
}

void finding_list::add(finding_code code, entity target, event_index at, std::string message) {
  found.push_back({code, target, trace.id_of(target), trace.time_of(at), moment::after(at),
                   std::move(message)});
}

void finding_list::add(finding_code code, entity target, std::uint64_t t, std::string message) {
  found.push_back({code, target, trace.id_of(target), t, moment_at(trace, t), std::move(message)});
}

void finding_list::add_at_end(finding_code code, entity target, std::string message) {
  found.push_back(
      {code, target, trace.id_of(target), trace.last_time(), end_of(trace), std::move(message)});
}

bool finding_list::lost_between(event_index from, event_index to) const {
  const auto dropped = trace.dropped();
  const auto after = std::upper_bound(dropped.begin(), dropped.end(), from);
  return after != dropped.end() && *after < to;
}

event_index finding_list::orderly_end() const {
  if (!trace.ended_in_order()) return {};
  return event_index{static_cast<std::uint32_t>(trace.event_count() - 1)};
}

} // namespace cancelscope::inspector
