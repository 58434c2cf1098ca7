// What is known of each region, task, cancel and obligation once the whole trace is read: one row each.
// The moments at which something happened to it are kept as event indexes, so that the state as of any
// moment is a comparison (timeline/state.hpp), and events of equal time stay in their order.
//
// Threading: values. Failure: none; what did not happen, or is not known, is a none index.
#pragma once

#include "inspector/store/indexes.hpp"
#include "trace-format/events.hpp"

#include <array>
#include <optional>

namespace cancelscope::inspector {

struct region_row {
  trace::region_id id;
  text_index name{};
  region_index parent{}; ///< none: a root
  task_index opened_by{};
  std::uint32_t depth = 1; ///< a root has depth 1
  event_index opened{};
  /// The first event that brought it to closing, draining, finalizing, closed; skipped ones are none.
  std::array<event_index, 4> moved{};
  event_index released{}; ///< its release; where that was lost, the arrival of the next tenant
  region_index previous_tenant{}; ///< who had the slot before
  std::optional<trace::outcome_kind> outcome{};
  std::array<event_index, 3>
      phases{}; ///< cancel_phase events on it: draining, finalizing, completed

  [[nodiscard]] event_index reached(trace::region_state state) const {
    return state == trace::region_state::open ? opened : moved[static_cast<std::size_t>(state) - 1];
  }
  [[nodiscard]] event_index closed() const { return moved[3]; }
};

struct task_row {
  trace::task_id id;
  text_index name{};
  region_index region{};
  task_index spawned_by{};
  event_index spawned{};
  event_index requested{};             ///< the first cancel that took effect on it
  std::array<event_index, 3> phases{}; ///< cancel_phase events: draining, finalizing, completed
  event_index ended{};                 ///< its task_end
  event_index joined{};                ///< the first task_join
  event_index released{}; ///< its release; where that was lost, the arrival of the next tenant
  task_index previous_tenant{};
  entity joined_by{}; ///< who took its outcome, where the trace says so
  bool joined_by_another =
      false; ///< by anyone but its own region, or by someone the trace does not name
  std::optional<trace::outcome_kind> outcome{};
  text_index error{};

  /// Phase completed or task_end, whichever came first.
  [[nodiscard]] event_index completed() const {
    if (!phases[2] || !ended) return phases[2] ? phases[2] : ended;
    return phases[2] < ended ? phases[2] : ended;
  }
};

/// Why a chain does not go on from a cancel to its cause.
enum class chain_cut : std::uint8_t {
  whole,         ///< it goes on, or this is the root cause
  by_producer,   ///< the producer marked it truncated
  cause_missing, ///< its cause is not in the trace
  cause_cycle,   ///< its cause leads back to itself
};

struct cancel_row {
  trace::cancel_id id;
  trace::cancel_kind kind{};
  trace::cancel_effect effect{};
  chain_cut cut = chain_cut::whole;
  text_index kind_name{}; ///< set only for a kind this version does not know
  text_index message{};
  entity target{};
  cancel_index cause{};                       ///< none for a root cause and where the chain is cut
  std::optional<trace::cancel_id> cause_id{}; ///< as written, in the trace or not
  region_index origin_region{};
  task_index origin_task{};
  event_index requested{};
  std::optional<std::uint64_t> deadline{}; ///< when the clean-up must be over

  [[nodiscard]] bool took_effect() const { return effect != trace::cancel_effect::absorbed; }
};

struct obligation_row {
  trace::obligation_id id;
  trace::obligation_kind kind{};
  text_index label{};
  region_index region{};
  task_index task{};
  event_index opened{};
  event_index ended{};
  event_index released{}; ///< its release; where that was lost, the arrival of the next tenant
  obligation_index previous_tenant{};
  std::optional<trace::obligation_fate> fate{};
};

/// A task's stay in a wait: from its task_wait to its next event.
struct wait_row {
  task_index task{};
  trace::wait_reason on{};
  text_index label{};
  entity what{}; ///< what it waited for, where the trace says so and knows it
  event_index began{};
  event_index ended{}; ///< none: it still waited when the trace ended
};

} // namespace cancelscope::inspector
