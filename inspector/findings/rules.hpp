// One function a finding; findings.cpp holds the list. A rule that concludes from something that did not
// happen asks first whether the trace may just have lost it.
#pragma once

#include "inspector/findings/finding.hpp"
#include "inspector/store/trace_store.hpp"

#include <initializer_list>
#include <string>
#include <vector>

namespace cancelscope::inspector {

class finding_list {
public:
  finding_list(const trace_store& of, const finding_limits& within) : trace(of), limits(within) {}

  const trace_store& trace;
  const finding_limits& limits;
  std::vector<finding> found;

  using events = std::initializer_list<event_index>;

  /// At an event, seen just after it: it is evidence, and so are the others; none of them counts for nothing.
  void add(finding_code code, entity target, event_index at, std::string message,
           events others = {});
  /// At a time when no event needs to be.
  void add(finding_code code, entity target, std::uint64_t t, std::string message, events evidence);
  /// At the end of the trace.
  void add_at_end(finding_code code, entity target, std::string message);

  /// Events were dropped after the one and before the other (or the end, for none).
  [[nodiscard]] bool lost_between(event_index from, event_index to) const;
  /// The `end` of a trace that ended in order; none for one that was cut off.
  [[nodiscard]] event_index orderly_end() const;
};

namespace rules {

// said.cpp: what the trace itself says
void violation(finding_list& list);
void illegal_transition(finding_list& list);
void stale_handle(finding_list& list);
void events_missing(finding_list& list);
void cut_off(finding_list& list);
// structure.cpp: what the tree of regions promises
void orphan_task(finding_list& list);
void unjoined_task(finding_list& list);
void region_never_closed(finding_list& list);
void sibling_effect(finding_list& list);
// resources.cpp: what must be given back
void leaked_obligation(finding_list& list);
void non_lifo_reuse(finding_list& list);
// clean_up.cpp: how cancelled work behaved
void over_budget(finding_list& list);
void slow_drain(finding_list& list);
void ignored_cancel(finding_list& list);
// chains.cpp: how cancellations spread
void truncated_chain(finding_list& list);
void cancel_storm(finding_list& list);

} // namespace rules

} // namespace cancelscope::inspector
