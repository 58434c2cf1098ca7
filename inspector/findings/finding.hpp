// What looks wrong in a trace, worst first: the answer behind `cancelscope check` and the Findings panel.
// Each kind of finding is one function in inspector/findings/, listed in findings.cpp.
//
// Threading: reads the store only. Failure: none. A healthy trace has no finding.
//
//     for (const finding& f : find_all(trace)) show(f.message);
#pragma once

#include "inspector/store/trace_store.hpp"
#include "inspector/timeline/moment.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cancelscope::inspector {

enum class severity : std::uint8_t { error, warning, info };
std::string_view to_string(severity s);

/// In the order of the format's table.
enum class finding_code : std::uint8_t {
  violation,
  orphan_task,
  leaked_obligation,
  illegal_transition,
  region_never_closed,
  sibling_effect,
  stale_handle,
  unjoined_task,
  over_budget,
  slow_drain,
  ignored_cancel,
  non_lifo_reuse,
  truncated_chain,
  cancel_storm,
  events_missing,
  cut_off,
};
/// The name that answers and the screen use: "unjoined-task".
std::string_view to_string(finding_code code);
severity severity_of(finding_code code);
/// What it means, and what to do about it: the same for every finding of the code.
std::string_view meaning(finding_code code);
std::string_view advice(finding_code code);

struct finding {
  finding_code code{};
  entity target; ///< whom it concerns; none where the trace does not say
  std::string
      target_id; ///< its id as written, also where the trace never introduced it; may be empty
  std::uint64_t t = 0;
  moment at;           ///< where to put the cursor to see it
  std::string message; ///< one sentence that begins with whom it concerns; names in `backticks`
  std::vector<event_index> evidence; ///< the events that show it, in order
  std::uint64_t line = 0; ///< of a line that could not be used, and so is no event; else 0

  [[nodiscard]] inspector::severity how_bad() const { return severity_of(code); }
};

struct finding_limits {
  std::uint64_t slow_drain_ns = 100'000'000; ///< for slow-drain and ignored-cancel
  std::uint32_t storm_requests = 1000;
};

/// Worst first, then by time.
std::vector<finding> find_all(const trace_store& trace, const finding_limits& limits = {});

} // namespace cancelscope::inspector
