// Why was it cancelled, and what did it leave behind: the answer behind `cancelscope explain`, the Why
// panel and window.cancelscope.explain.
//
// Threading: reads the store only; the answer is a value of indexes into that store.
// Failure:   none; who was never cancelled has an empty chain, and what is not known is none.
//
//     explanation why = explain(trace, trace.find("t3.1"));
//     show(sentence(trace, why));                              // inspector/summary/sentence.hpp
#pragma once

#include "inspector/attribution/chain.hpp"
#include "inspector/store/trace_store.hpp"
#include "inspector/timeline/moment.hpp"

#include <optional>
#include <vector>

namespace cancelscope::inspector {

/// When a target under cancellation reached each phase; none where it did not.
struct phase_events {
  event_index requested; ///< the first request that took effect
  event_index draining;
  event_index finalizing;
  event_index completed; ///< phase completed, or else task_end, or a region's `closed`
};

struct explanation {
  entity asked; ///< as asked: a region, task, cancel or obligation
  entity
      target; ///< the region or task that this is about: of a cancel its target, of an obligation its owner
  entity region; ///< where the target lives: a task's region, a region's parent; none for a root
  std::optional<trace::outcome_kind> outcome;
  cause_chain chain; ///< from the cancel in effect (or the one asked about) to the root cause
  std::vector<cancel_index>
      superseded; ///< the weaker ones that were in effect before, oldest first
  std::vector<cancel_index>
      absorbed; ///< other requests of the target that changed nothing, oldest first
  /// Of a cancel asked about alone: the one under which the target was already, where it was absorbed; and the
  /// next that took over, where it took effect.
  cancel_index absorbed_by;
  cancel_index superseded_by;
  phase_events phases;
  std::vector<obligation_index> open_obligations; ///< the target's, open at the time of `requested`
  std::vector<obligation_index>
      leaked_obligations; ///< the target's, found leaked, or never resolved
  cancel_index
      handed_on; ///< never cancelled itself, it ended with the cancellation of another: this one
  entity joined_by;
  event_index
      unknown_since; ///< the loss since which its state is not known; none where it is known

  [[nodiscard]] bool cancelled() const { return !chain.links.empty(); }
};

/// As of the end of the trace.
explanation explain(const trace_store& trace, entity asked);
/// The chain that its explanation has, alone: of a cancel its own, of a region or task that of the cancel in
/// effect on it, of an obligation that of its owner.
cause_chain chain_of(const trace_store& trace, entity asked);
/// When the region or task went through the phases of its cancellation.
phase_events phases_of(const trace_store& trace, entity target);

} // namespace cancelscope::inspector
