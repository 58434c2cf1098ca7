// What differs between two runs of one program: who was cancelled in one and not in the other, who ended
// otherwise, who was there at all; and where the runs first part ways. Times, ids, waits and who ran when are
// no difference.
//
// The place where they part ways is the earliest event that has no counterpart in the history of who it is
// about: each region's, task's and obligation's own sequence of states, cancels, phases, ends and joins is
// compared, not the order of the file, which differs between any two runs on a real clock.
//
// Threading: reads the stores only. Failure: none.
//
//     const run_comparison found = compare(a, b);
//     if (!found.same()) for (const difference& d : found.differences) show(d.message);
#pragma once

#include "inspector/store/trace_store.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cancelscope::inspector {

/// In the order they are told.
enum class difference_kind : std::uint8_t {
  cancelled_in_a, ///< and not in B
  cancelled_in_b,
  cause,      ///< cancelled in both, for another reason
  outcome,    ///< ended otherwise
  unfinished, ///< over in one only
  obligation, ///< resolved otherwise
  only_in_a,
  only_in_b,
};
/// "cancelled-in-a"
std::string_view to_string(difference_kind kind);

struct difference {
  difference_kind kind{};
  entity a; ///< none for what is only in B
  entity b;
  std::string place;   ///< by names, from the root
  std::string message; ///< one sentence; names in `backticks`
};

/// The first events that differ in the history of one; one of them is none where that history is over.
struct parting {
  entity a;
  entity b;
  event_index in_a;
  event_index in_b;
  std::string place;
};

struct run_comparison {
  std::vector<difference> differences; ///< by kind, then by place in the tree
  std::optional<parting> first_divergence;
  std::uint64_t regions = 0; ///< that are in both
  std::uint64_t tasks = 0;
  std::uint64_t obligations = 0;

  [[nodiscard]] bool same() const { return differences.empty() && !first_divergence; }
};

run_comparison compare(const trace_store& a, const trace_store& b);

} // namespace cancelscope::inspector
