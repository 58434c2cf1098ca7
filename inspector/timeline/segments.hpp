// The life of one region or task as pieces to draw: from when to when it was in which state.
//
// Cost: of the pieces in the window, found by binary search; asked for each visible lane and frame.
// Threading: reads the store only. Failure: none; who was not there in the window has no segments.
//
//     segments_of(trace, task, {t0, t1}, [&](const task_segment& s) { draw(s.from, s.to, s.state); });
#pragma once

#include "inspector/store/trace_store.hpp"
#include "inspector/timeline/state.hpp"

#include <cstdint>
#include <functional>
#include <vector>

namespace cancelscope::inspector {

/// From `from` to `to`, in ns, both included: what touches it is in it.
struct time_window {
  std::uint64_t from = 0;
  std::uint64_t to = 0;
};

struct task_segment {
  std::uint64_t from = 0;
  std::uint64_t to = 0; ///< the last time of the trace where it is still so at the end
  task_state state{};
  wait_index wait; ///< what it was parked on: in state waiting, or parked while under cancellation
};

struct region_segment {
  std::uint64_t from = 0;
  std::uint64_t to = 0;
  trace::region_state state{};
};

/// A stretch in which the task was really running, as task_run says.
struct run_segment {
  std::uint64_t from = 0;
  std::uint64_t to = 0;
};

/// In order of time, without gaps, from its spawn to its release. A completed task's last segment is `completed`.
void segments_of(const trace_store& trace, task_index task, time_window window,
                 const std::function<void(const task_segment&)>& draw);
void segments_of(const trace_store& trace, region_index region, time_window window,
                 const std::function<void(const region_segment&)>& draw);
/// Whole lives, for tests and tooltips.
std::vector<task_segment> segments_of(const trace_store& trace, task_index task);
std::vector<region_segment> segments_of(const trace_store& trace, region_index region);

/// The task_run events that touch the window.
void runs_of(const trace_store& trace, task_index task, time_window window,
             const std::function<void(const run_segment&)>& draw);

} // namespace cancelscope::inspector
