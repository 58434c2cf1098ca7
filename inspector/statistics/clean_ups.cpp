#include "inspector/statistics/clean_ups.hpp"

#include "inspector/attribution/explain.hpp"
#include "inspector/timeline/certainty.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace cancelscope::inspector {

namespace {

std::optional<std::uint64_t> between(const trace_store& trace, event_index from, event_index to) {
  if (!from || !to || to < from) return std::nullopt;
  return trace.time_of(to) - trace.time_of(from);
}

measured_phase measure(const trace_store& trace, const std::vector<task_index>& tasks,
                       clean_up_phase phase) {
  std::vector<outlier> all;
  std::vector<std::uint64_t> lengths;
  for (const task_index task : tasks)
    if (const auto took = time_in(trace, task, phase)) {
      all.push_back({task, *took});
      lengths.push_back(*took);
    }
  measured_phase made{.of = distribution_of(std::move(lengths)), .outliers = {}};
  std::erase_if(all, [&made](const outlier& o) { return o.took <= made.of.fence; });
  std::stable_sort(all.begin(), all.end(),
                   [](const outlier& a, const outlier& b) { return a.took > b.took; });
  all.resize(std::min(all.size(), most_outliers));
  made.outliers = std::move(all);
  return made;
}

} // namespace

std::string_view to_string(clean_up_phase phase) {
  static constexpr std::array<std::string_view, clean_up_phases> names{
      "requested_to_draining", "draining", "finalizing", "requested_to_completed"};
  return names[static_cast<std::size_t>(phase)];
}

std::optional<std::uint64_t> time_in(const trace_store& trace, task_index task,
                                     clean_up_phase phase) {
  const phase_events p = phases_of(trace, task);
  switch (phase) {
  case clean_up_phase::requested_to_draining:
    return between(trace, p.requested, p.draining);
  case clean_up_phase::draining:
    return between(trace, p.draining, p.finalizing ? p.finalizing : p.completed);
  case clean_up_phase::finalizing:
    return between(trace, p.finalizing, p.completed);
  case clean_up_phase::requested_to_completed:
    return between(trace, p.requested, p.completed);
  }
  return std::nullopt;
}

std::string without_numbers(std::string_view name) {
  std::string pattern;
  bool in_number = false;
  for (const char c : name) {
    const bool digit = c >= '0' && c <= '9';
    if (!digit)
      pattern += c;
    else if (!in_number)
      pattern += '#';
    in_number = digit;
  }
  return pattern;
}

std::vector<named_clean_ups> clean_ups_by_name(const trace_store& trace) {
  std::unordered_map<std::string, std::vector<task_index>> groups;
  for (std::uint32_t i = 0; i < trace.tasks().size(); ++i)
    if (trace[task_index{i}].requested)
      groups[without_numbers(trace.name_of(task_index{i}))].push_back(task_index{i});

  std::vector<named_clean_ups> found;
  for (const auto& [name, tasks] : groups) {
    named_clean_ups group{.name = name, .tasks = tasks.size(), .phases = {}};
    for (const task_index task : tasks)
      if (!trace[task].completed())
        ++(unknown_since(trace, task, end_of(trace)) ? group.unknown : group.not_done);
    for (std::size_t p = 0; p < clean_up_phases; ++p)
      group.phases[p] = measure(trace, tasks, static_cast<clean_up_phase>(p));
    found.push_back(std::move(group));
  }
  std::sort(found.begin(), found.end(), [](const named_clean_ups& a, const named_clean_ups& b) {
    const auto& left = a.phases.back().of;
    const auto& right = b.phases.back().of;
    return left.p50 != right.p50 ? left.p50 > right.p50 : a.name < b.name;
  });
  return found;
}

} // namespace cancelscope::inspector
