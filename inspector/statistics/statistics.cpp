#include "inspector/statistics/statistics.hpp"

#include "trace-format/names.hpp"

#include <algorithm>
#include <map>

namespace cancelscope::inspector {

namespace {

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
  stopwatch region_life(trace);
  stopwatch task_life(trace);
  for (const region_row& row : trace.regions())
    region_life.measure(row.opened, row.closed());
  for (const task_row& row : trace.tasks())
    task_life.measure(row.spawned, row.completed());
  std::vector<named_distribution> found{{"region", region_life.result()},
                                        {"task", task_life.result()}};
  for (std::size_t p = 0; p < clean_up_phases; ++p) {
    const auto phase = static_cast<clean_up_phase>(p);
    std::vector<std::uint64_t> lengths;
    for (std::uint32_t i = 0; i < trace.tasks().size(); ++i)
      if (const auto took = time_in(trace, task_index{i}, phase)) lengths.push_back(*took);
    found.push_back({to_string(phase), distribution_of(std::move(lengths))});
  }
  return found;
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
  s.clean_ups = clean_ups_by_name(trace);
  return s;
}

} // namespace cancelscope::inspector
