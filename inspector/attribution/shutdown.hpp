// From the request (or the first sign of closing) to the end: what held it up, along which path the time went, who
// was still holding what, and who is not done.
//
// The critical path is found backward, as in Hollingsworth and Miller, "Slack: a new metric for parallel programs"
// (1994): from the end to whatever ended last before it, through the waits of that one, from a join to the end of
// who was joined, and so on to the request. Its steps follow each other without a gap.
//
// Cost: linear in what is under the target, and in the waits on the path.
// Threading: a value; building reads the store only. Failure: none.
#pragma once

#include "inspector/store/trace_store.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace cancelscope::inspector {

/// What somebody did on the critical path.
enum class path_stage : std::uint8_t {
  working,    ///< not asked to stop itself: it ran or waited as ever
  requested,  ///< asked to stop, and did not begin to
  draining,   ///< cleaned up
  finalizing, ///< its finalizers ran
  closing,    ///< a region of which everything under it was over
  held,       ///< an obligation that was not resolved
};
std::string_view to_string(path_stage stage);

struct path_step {
  entity who;
  path_stage stage{};
  wait_index wait; ///< what it was parked on; none where it ran, or may have
  std::uint64_t from = 0;
  std::uint64_t to = 0;
  [[nodiscard]] std::uint64_t length() const { return to - from; }
};

struct shutdown {
  entity target; ///< the region or task
  event_index
      began; ///< its first request that took effect, else its first state after open; none: nothing began
  event_index ended; ///< closed or completed; none: not in the trace
  std::uint64_t from = 0;
  std::uint64_t to = 0; ///< the last time of the trace where it did not end
  std::vector<path_step> path;
  std::uint32_t alive = 0; ///< tasks under it (or itself) that were not over at `began`
  std::vector<task_index>
      not_done; ///< tasks under it that were never over, the first asked to stop first
  /// Obligations of it and under it, open at `began`: never resolved and leaked ones first, then the latest resolved.
  std::vector<obligation_index> held;
  bool circular = false; ///< the path ended in tasks that wait for each other

  [[nodiscard]] std::uint64_t length() const { return to - from; }
};

/// Of a region or task; of anything else, and where nothing began, an empty answer.
shutdown shutdown_of(const trace_store& trace, entity target);

/// Who took the largest share of the path; none of an empty one.
const path_step* longest_step(const shutdown& of);

} // namespace cancelscope::inspector
