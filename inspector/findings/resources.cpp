#include "inspector/findings/rules.hpp"
#include "inspector/text/describe.hpp"
#include "inspector/timeline/slots.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cancelscope::inspector::rules {

namespace {

/// The region at whose close an obligation must be resolved: its own, or that of its task.
region_index responsible(const trace_store& trace, const obligation_row& row) {
  if (row.region) return row.region;
  return row.task ? trace[row.task].region : region_index{};
}

std::string holder(const trace_store& trace, const obligation_row& row) {
  if (row.task) return " of " + titled(trace, row.task);
  return row.region ? " of " + titled(trace, row.region) : std::string{};
}

} // namespace

void leaked_obligation(finding_list& list) {
  const trace_store& trace = list.trace;
  for (std::uint32_t i = 0; i < trace.obligations().size(); ++i) {
    const obligation_index obligation{i};
    const obligation_row& row = trace[obligation];
    const std::string what = as_subject(trace, obligation) + holder(trace, row);
    const region_index region = responsible(trace, row);
    const event_index closed = region ? trace[region].closed() : event_index{};
    if (closed && row.opened < closed && row.ended > closed &&
        !list.lost_between(row.opened, closed)) {
      list.add(finding_code::leaked_obligation, obligation, closed,
               fmt::format("{} was still open when {} was closed.", what, titled(trace, region)),
               {row.opened, row.ended});
    } else if (row.fate == trace::obligation_fate::leaked) {
      list.add(finding_code::leaked_obligation, obligation, row.ended,
               fmt::format("{} was found leaked.", what), {row.opened});
    } else if (const event_index end = list.orderly_end();
               end && !row.ended && !list.lost_between(row.opened, end)) {
      list.add(finding_code::leaked_obligation, obligation, end,
               fmt::format("{} was still open when the trace ended in order.", what), {row.opened});
    }
  }
}

void non_lifo_reuse(finding_list& list) {
  for (const lifo_break& b : slots_of(list.trace).lifo_breaks) {
    list.add(finding_code::non_lifo_reuse, b.who, b.at,
             fmt::format("{} took its slot out of turn: slot {} had been released last.",
                         as_subject(list.trace, b.who), b.expected_slot));
  }
}

} // namespace cancelscope::inspector::rules
