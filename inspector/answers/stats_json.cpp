#include "inspector/answers/answers.hpp"
#include "inspector/answers/json_writer.hpp"
#include "inspector/statistics/statistics.hpp"
#include "trace-format/names.hpp"

namespace cancelscope::inspector {

std::string stats_json(const trace_store& trace) {
  const statistics s = statistics_of(trace);
  json_writer json;
  json.open('{');
  json.key("events").number(s.events);
  json.key("duration_ns").number(s.duration_ns);
  json.key("regions").number(s.regions);
  json.key("tasks").number(s.tasks);
  json.key("cancels").number(s.cancels);
  json.key("obligations").number(s.obligations);
  json.key("max_depth").number(s.max_depth);
  json.key("by_kind").open('{');
  for (const auto& [kind, count] : s.by_kind)
    json.key(kind).number(count);
  json.close('}').key("outcomes").open('{');
  for (std::size_t i = 0; i < s.outcomes.size(); ++i)
    json.key(to_string(static_cast<trace::outcome_kind>(i))).number(s.outcomes[i]);
  json.close('}').key("durations").open('{');
  for (const named_distribution& d : s.durations) {
    json.key(d.name).open('{');
    json.key("count").number(d.of.count);
    json.key("p50").number(d.of.p50);
    json.key("p90").number(d.of.p90);
    json.key("p99").number(d.of.p99);
    json.key("max").number(d.of.max);
    json.close('}');
  }
  json.close('}').key("anomalies").number(trace.anomalies().size()).close('}');
  return std::move(json).take();
}

} // namespace cancelscope::inspector
