// How long the phases of cancelled tasks took, by name, and who took much longer than its like.
//
// Cost: one pass over the tasks, and a sort. Threading: a value. Failure: none.
#pragma once

#include "inspector/statistics/distribution.hpp"
#include "inspector/store/trace_store.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cancelscope::inspector {

/// The stretches of a clean-up that are measured, in the order of their names.
enum class clean_up_phase : std::uint8_t {
  requested_to_draining,
  draining,
  finalizing,
  requested_to_completed
};
inline constexpr std::size_t clean_up_phases = 4;
std::string_view to_string(clean_up_phase phase);

/// How long the task was in that phase; empty where it was not, or did not leave it.
std::optional<std::uint64_t> time_in(const trace_store& trace, task_index task,
                                     clean_up_phase phase);

struct outlier {
  task_index task;
  std::uint64_t took = 0; ///< ns
};

struct measured_phase {
  distribution of;
  std::vector<outlier> outliers; ///< longest first, at most `most_outliers`
};
inline constexpr std::size_t most_outliers = 5;

/// Tasks whose names differ in numbers alone are one group: "fetch #".
struct named_clean_ups {
  std::string name;        ///< empty: of tasks without a name
  std::uint64_t tasks = 0; ///< that were asked to stop
  std::uint64_t not_done = 0;
  std::uint64_t unknown =
      0; ///< of these it is not known whether they completed: events are missing
  std::array<measured_phase, clean_up_phases> phases;
};

/// The slowest at their median from request to completion first.
std::vector<named_clean_ups> clean_ups_by_name(const trace_store& trace);

/// "fetch 12 of 30" as "fetch # of #".
std::string without_numbers(std::string_view name);

} // namespace cancelscope::inspector
