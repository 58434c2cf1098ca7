// A trace in numbers: how much of what, how long things took, how they ended.
//
// Cost: one pass. Threading: a value. Failure: none.
#pragma once

#include "inspector/statistics/clean_ups.hpp"
#include "inspector/statistics/distribution.hpp"
#include "inspector/store/trace_store.hpp"

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace cancelscope::inspector {

struct named_distribution {
  std::string_view name;
  distribution of;
};

struct statistics {
  std::uint64_t events = 0;
  std::uint64_t duration_ns = 0; ///< from the trace's beginning to its last event
  std::uint64_t regions = 0;
  std::uint64_t tasks = 0;
  std::uint64_t cancels = 0;
  std::uint64_t obligations = 0;
  std::uint32_t max_depth = 0; ///< a root region has depth 1
  std::vector<std::pair<std::string_view, std::uint64_t>>
      by_kind;                             ///< requests, weakest kind first; none of 0
  std::array<std::uint64_t, 4> outcomes{}; ///< tasks, by trace::outcome_kind
  /// Lives of regions and tasks, then the phases of tasks under cancellation.
  std::vector<named_distribution> durations;
  std::vector<named_clean_ups> clean_ups; ///< the slowest group first
};

statistics statistics_of(const trace_store& trace);

} // namespace cancelscope::inspector
