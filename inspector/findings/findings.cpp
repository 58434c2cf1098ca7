#include "inspector/findings/finding.hpp"
#include "inspector/findings/rules.hpp"
#include "inspector/timeline/certainty.hpp"

#include <algorithm>
#include <array>

namespace cancelscope::inspector {

namespace {

struct kind_of_finding {
  finding_code code;
  std::string_view name;
  severity how_bad;
  void (*rule)(finding_list&);
  std::string_view meaning;
  std::string_view advice;
};

constexpr std::array kinds{
    kind_of_finding{finding_code::violation, "violation", severity::error, rules::violation,
                    "A check inside the producer found one of its guarantees broken.",
                    "Look at what happened to the target just before; this is a fault of the "
                    "runtime, of code that goes around it, or of a clean-up that did not end."},
    kind_of_finding{finding_code::orphan_task, "orphan-task", severity::error, rules::orphan_task,
                    "A closed region promises that all its tasks are over, and this one was not.",
                    "Find who closed the region without waiting, and let the close wait for the "
                    "task, or move the task to a region that lives longer."},
    kind_of_finding{finding_code::leaked_obligation, "leaked-obligation", severity::error,
                    rules::leaked_obligation,
                    "What was reserved was neither committed nor aborted.",
                    "Resolve it on every way out of the task, the cancelled one too: a destructor "
                    "or a finalizer is the place."},
    kind_of_finding{finding_code::illegal_transition, "illegal-transition", severity::error,
                    rules::illegal_transition,
                    "States and phases only go forward; this line said otherwise and was not used.",
                    "Look at who wrote it: two owners of one task, or events written out of "
                    "order."},
    kind_of_finding{finding_code::region_never_closed, "region-never-closed", severity::error,
                    rules::region_never_closed,
                    "The program ended in order with this region still open.",
                    "Close it where it was opened, on every way out."},
    kind_of_finding{finding_code::sibling_effect, "sibling-effect", severity::error,
                    rules::sibling_effect,
                    "A cancellation may only spread downwards, and this one reached somebody "
                    "beside or above.",
                    "Look for a cancel token or a group shared between regions that have nothing "
                    "to do with each other."},
    kind_of_finding{finding_code::stale_handle, "stale-handle", severity::warning,
                    rules::stale_handle,
                    "Somebody kept a handle longer than what it named; it was refused and did no "
                    "harm.",
                    "Drop the handle when the work is joined."},
    kind_of_finding{finding_code::unjoined_task, "unjoined-task", severity::warning,
                    rules::unjoined_task,
                    "Nobody took the task's outcome but its region, so an error in it goes unseen. "
                    "Of a task that was cancelled with its region no more is lost than the rest of "
                    "its work.",
                    "Join it, or say that its outcome does not matter."},
    kind_of_finding{finding_code::over_budget, "over-budget", severity::warning, rules::over_budget,
                    "The clean-up took more than it was given.",
                    "Make it shorter, move slow parts out of it, or give it more."},
    kind_of_finding{
        finding_code::slow_drain, "slow-drain", severity::warning, rules::slow_drain,
        "From the request to the end took long.",
        "Look at what it waited for while draining: `explain` shows the critical path."},
    kind_of_finding{finding_code::ignored_cancel, "ignored-cancel", severity::warning,
                    rules::ignored_cancel, "It was asked to stop and did not begin to.",
                    "It runs without a checkpoint, waits for something that a request does not "
                    "wake, or swallows the cancellation: give it a checkpoint there."},
    kind_of_finding{finding_code::non_lifo_reuse, "non-lifo-reuse", severity::warning,
                    rules::non_lifo_reuse,
                    "Slots are promised to be reused last-in-first-out; without that, two runs of "
                    "the same program give different ids.",
                    "Look at the producer's free list."},
    kind_of_finding{finding_code::truncated_chain, "truncated-chain", severity::info,
                    rules::truncated_chain, "The root cause is not in the trace.",
                    "Let the producer keep longer chains, or start tracing earlier."},
    kind_of_finding{finding_code::cancel_storm, "cancel-storm", severity::info, rules::cancel_storm,
                    "One cause reached very many targets.",
                    "That may be right (a shutdown); if not, look whether so much should hang on "
                    "one region."},
    kind_of_finding{finding_code::events_missing, "events-missing", severity::info,
                    rules::events_missing,
                    "The producer could not keep up and said so; what was going on then is shown "
                    "as unknown until the trace shows it again.",
                    "Give the recorder larger buffers."},
    kind_of_finding{finding_code::cut_off, "cut-off", severity::info, rules::cut_off,
                    "The program was killed or crashed, or still runs.",
                    "What was not over then is shown as it was last known; look at the last events "
                    "for what it was doing."},
};

const kind_of_finding& kind(finding_code code) {
  return kinds[static_cast<std::size_t>(code)];
}

constexpr bool lists_every_code() {
  for (std::size_t i = 0; i < kinds.size(); ++i)
    if (static_cast<std::size_t>(kinds[i].code) != i) return false;
  return true;
}
static_assert(lists_every_code(), "the list follows the order of finding_code");

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

std::string_view meaning(finding_code code) {
  return kind(code).meaning;
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

namespace {

std::vector<event_index> in_order(finding_list::events events) {
  std::vector<event_index> kept(events);
  std::erase(kept, event_index{});
  std::sort(kept.begin(), kept.end());
  kept.erase(std::unique(kept.begin(), kept.end()), kept.end());
  return kept;
}

} // namespace

void finding_list::add(finding_code code, entity target, event_index at, std::string message,
                       events others) {
  add(code, target, trace.time_of(at), std::move(message), others);
  finding& made = found.back();
  made.at = moment::after(at);
  const auto place = std::lower_bound(made.evidence.begin(), made.evidence.end(), at);
  if (place == made.evidence.end() || *place != at) made.evidence.insert(place, at);
}

void finding_list::add(finding_code code, entity target, std::uint64_t t, std::string message,
                       events evidence) {
  found.push_back({.code = code,
                   .target = target,
                   .target_id = trace.id_of(target),
                   .t = t,
                   .at = moment_at(trace, t),
                   .message = std::move(message),
                   .evidence = in_order(evidence)});
}

void finding_list::add_at_end(finding_code code, entity target, std::string message) {
  const event_index last = end_of(trace).last_event();
  add(code, target, trace.last_time(), std::move(message), {last});
  found.back().at = end_of(trace);
}

bool finding_list::lost_between(event_index from, event_index to) const {
  return inspector::lost_between(trace, from, to);
}

event_index finding_list::orderly_end() const {
  if (!trace.ended_in_order()) return {};
  return event_index{static_cast<std::uint32_t>(trace.event_count() - 1)};
}

} // namespace cancelscope::inspector
