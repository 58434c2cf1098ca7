#include "inspector/answers/answers.hpp"
#include "inspector/answers/json_writer.hpp"
#include "inspector/statistics/statistics.hpp"
#include "trace-format/names.hpp"

namespace cancelscope::inspector {

namespace {

void write_distribution(json_writer& json, const distribution& of) {
  json.key("count").number(of.count);
  json.key("p50").number(of.p50);
  json.key("p90").number(of.p90);
  json.key("p99").number(of.p99);
  json.key("max").number(of.max);
}

void write_clean_ups(json_writer& json, const trace_store& trace,
                     const std::vector<named_clean_ups>& groups) {
  json.key("clean_ups").open('[');
  for (const named_clean_ups& g : groups) {
    json.open('{').key("name").text(g.name);
    json.key("tasks").number(g.tasks).key("not_done").number(g.not_done);
    json.key("unknown").number(g.unknown);
    for (std::size_t p = 0; p < clean_up_phases; ++p) {
      json.key(to_string(static_cast<clean_up_phase>(p))).open('{');
      write_distribution(json, g.phases[p].of);
      json.key("outliers").open('[');
      for (const outlier& o : g.phases[p].outliers)
        json.open('{').key("id").text(trace.id_of(o.task)).key("took").number(o.took).close('}');
      json.close(']').close('}');
    }
    json.close('}');
  }
  json.close(']');
}

} // namespace

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
    write_distribution(json, d.of);
    json.close('}');
  }
  json.close('}');
  write_clean_ups(json, trace, s.clean_ups);
  json.key("anomalies").number(trace.anomalies().size()).close('}');
  return std::move(json).take();
}

} // namespace cancelscope::inspector
