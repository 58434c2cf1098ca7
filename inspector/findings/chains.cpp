#include "inspector/attribution/chain.hpp"
#include "inspector/findings/rules.hpp"
#include "inspector/text/describe.hpp"
#include "inspector/text/units.hpp"

#include <fmt/format.h>

namespace cancelscope::inspector::rules {

namespace {

/// For every cancel, how many others have their chain end at it.
std::vector<std::uint32_t> led_to(const trace_store& trace) {
  const auto ends = chain_ends(trace);
  std::vector<std::uint32_t> counts(ends.size());
  for (std::uint32_t i = 0; i < ends.size(); ++i)
    if (ends[i] != cancel_index{i}) ++counts[ends[i].value()];
  return counts;
}

std::string why_cut(const cancel_row& row) {
  switch (row.cut) {
  case chain_cut::by_producer:
    return "the producer marked it truncated";
  case chain_cut::cause_missing:
    return fmt::format("its cause {} is not in the trace", trace::to_string(*row.cause_id));
  case chain_cut::cause_cycle:
    if (*row.cause_id == row.id) return "it says that it caused itself";
    return fmt::format("its cause {} leads back to it", trace::to_string(*row.cause_id));
  case chain_cut::whole:
    break;
  }
  return {};
}

} // namespace

void truncated_chain(finding_list& list) {
  const trace_store& trace = list.trace;
  const auto others = led_to(trace);
  for (std::uint32_t i = 0; i < trace.cancels().size(); ++i) {
    const cancel_index cancel{i};
    const cancel_row& row = trace[cancel];
    if (row.cut == chain_cut::whole) continue;
    std::string message =
        fmt::format("{} was cancelled by a chain that is cut at {}: {}.",
                    as_subject(trace, row.target), trace.id_of(cancel), why_cut(row));
    if (others[i] > 0)
      message +=
          fmt::format(" {} on it.", counted(others[i], "more chain hangs", "more chains hang"));
    list.add(finding_code::truncated_chain, row.target, row.requested, std::move(message));
  }
}

void cancel_storm(finding_list& list) {
  const trace_store& trace = list.trace;
  const auto requests = led_to(trace);
  for (std::uint32_t i = 0; i < requests.size(); ++i) {
    if (requests[i] <= list.limits.storm_requests) continue;
    const cancel_row& row = trace[cancel_index{i}];
    list.add(finding_code::cancel_storm, row.target, row.requested,
             fmt::format("{} was cancelled, and that led to {} more requests (all from {}).",
                         as_subject(trace, row.target), count_text(requests[i]),
                         trace.id_of(cancel_index{i})));
  }
}

} // namespace cancelscope::inspector::rules
