// The state of a region, task or obligation as of a moment, by the rules of the format ("State as of a
// moment"). Found by comparing event indexes, without replay.
//
// Threading: reads the store only. Failure: an entity that is not there at the moment has no state.
//
//     if (auto state = state_at(trace, task, cursor)) draw(to_string(*state));
#pragma once

#include "inspector/store/trace_store.hpp"
#include "inspector/timeline/moment.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace cancelscope::inspector {

enum class task_state : std::uint8_t {
  running,
  waiting,
  requested,
  draining,
  finalizing,
  completed
};
std::string_view to_string(task_state state);

/// Empty before it was spawned and after its release.
std::optional<task_state> state_at(const trace_store& trace, task_index task, moment m);
/// Empty before it was opened and after its release.
std::optional<trace::region_state> state_at(const trace_store& trace, region_index region,
                                            moment m);
/// Reserved and not yet resolved.
bool open_at(const trace_store& trace, obligation_index obligation, moment m);
/// Opened or spawned, and its slot not yet released.
bool exists_at(const trace_store& trace, entity who, moment m);

/// What the task is parked on, in whichever state; none where it is not parked.
wait_index wait_at(const trace_store& trace, task_index task, moment m);
/// The outcome, once it is known.
std::optional<trace::outcome_kind> outcome_at(const trace_store& trace, entity who, moment m);
/// The cancel in effect on a region or task: the last that was not absorbed.
cancel_index cancel_in_effect(const trace_store& trace, entity target, moment m);

/// The clean-up of a target under cancellation: how much time it was given and how much of that is gone.
struct cleanup_budget {
  std::uint64_t requested = 0; ///< when the cancel in effect was requested
  std::uint64_t deadline = 0;  ///< when the clean-up must be over
  std::uint64_t spent = 0;     ///< ns from the request to the moment, or to the end of the clean-up
  bool exhausted =
      false; ///< the trace says so, or the deadline passed before the clean-up was over
  [[nodiscard]] std::uint64_t granted() const {
    return deadline > requested ? deadline - requested : 0;
  }
};
/// Empty where no cancel with a deadline is in effect.
std::optional<cleanup_budget> cleanup_budget_at(const trace_store& trace, entity target, moment m);

/// What is left of a budget at the moment: the last `budget` event on that target and resource.
struct budget_reading {
  event_index read;
  trace::budget_resource resource{};
  std::uint64_t left = 0;
  bool exhausted = false;
};
std::optional<budget_reading> budget_at(const trace_store& trace, entity target,
                                        trace::budget_resource resource, moment m);

} // namespace cancelscope::inspector
