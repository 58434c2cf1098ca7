#include "inspector/statistics/statistics.hpp"

#include "inspector/attribution/explain.hpp"
#include "trace-format/names.hpp"

#include <algorithm>
#include <map>

namespace cancelscope::inspector {

namespace {

/// The value that so many of a hundred do not exceed, by nearest rank.
std::uint64_t percentile(const std::vector<std::uint64_t>& sorted, std::uint64_t percent) {
  const std::uint64_t rank = (sorted.size() * percent + 99) / 100;
  return sorted[rank == 0 ? 0 : rank - 1];
}

distribution distribution_of(std::vector<std::uint64_t> values) {
  if (values.empty()) return {};
  std::sort(values.begin(), values.end());
  return {.count = values.size(),
          .p50 = percentile(values, 50),
          .p90 = percentile(values, 90),
          .p99 = percentile(values, 99),
          .max = values.back()};
}

/// Collects what lies between two events, where both happened in that order.
class stopwatch {
public:
  explicit stopwatch(const trace_store& trace) : trace_(trace) {}
  void measure(event_index from, event_index to) {
    if (from && to && from <= to) lengths_.push_back(trace_.time_of(to) - trace_.time_of(from));
  }
  [[nodiscard]] distribution result() const { return distribution_of(lengths_); }

private:
  const trace_store& trace_;
  std::vector<std::uint64_t> lengths_;
};

std::vector<named_distribution> measure(const trace_store& trace) {
  stopwatch region_life(trace), task_life(trace), reaction(trace), draining(trace),
      finalizing(trace), whole(trace);
  for (const region_row& row : trace.regions())
    region_life.measure(row.opened, row.closed());
  for (std::uint32_t i = 0; i < trace.tasks().size(); ++i) {
    const task_row& row = trace[task_index{i}];
    task_life.measure(row.spawned, row.completed());
    const phase_events p = phases_of(trace, task_index{i});
    reaction.measure(p.requested, p.draining);
    draining.measure(p.draining, p.finalizing ? p.finalizing : p.completed);
    finalizing.measure(p.finalizing, p.completed);
    whole.measure(p.requested, p.completed);
  }
  return {{"region", region_life.result()},
          {"task", task_life.result()},
          {"requested_to_draining", reaction.result()},
          {"draining", draining.result()},
          {"finalizing", finalizing.result()},
          {"requested_to_completed", whole.result()}};
}

std::vector<std::pair<std::string_view, std::uint64_t>> count_kinds(const trace_store& trace) {
  // Weakest first; kinds this version does not know after those it knows, by name.
  std::map<std::pair<trace::cancel_kind, std::string_view>, std::uint64_t> counts;
  for (const cancel_row& row : trace.cancels())
    ++counts[{row.kind, trace.text(row.kind_name)}];
  std::vector<std::pair<std::string_view, std::uint64_t>> named;
  for (const auto& [kind, count] : counts)
    named.emplace_back(
        kind.first == trace::cancel_kind::other ? kind.second : to_string(kind.first), count);
  return named;
}

} // namespace

statistics statistics_of(const trace_store& trace) {
  statistics s;
  s.events = trace.event_count();
  s.duration_ns = trace.last_time();
  s.regions = trace.regions().size();
  s.tasks = trace.tasks().size();
  s.cancels = trace.cancels().size();
  s.obligations = trace.obligations().size();
  for (const region_row& row : trace.regions())
    s.max_depth = std::max(s.max_depth, row.depth);
  for (const task_row& row : trace.tasks())
    if (row.outcome) ++s.outcomes[static_cast<std::size_t>(*row.outcome)];
  s.by_kind = count_kinds(trace);
  s.durations = measure(trace);
  return s;
}

} // namespace cancelscope::inspector
