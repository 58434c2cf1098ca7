#include "inspector/answers/answers.hpp"
#include "inspector/answers/json_writer.hpp"
#include "inspector/text/describe.hpp"
#include "trace-format/names.hpp"

namespace cancelscope::inspector {

namespace {

/// `event` counts the events from 1, `line` is that of the file; a line that could not be used is no event.
void write_evidence(json_writer& json, const trace_store& trace, const finding& f) {
  json.key("evidence").open('[');
  for (const event_index e : f.evidence) {
    json.open('{').key("event").number(std::uint64_t{e.value()} + 1);
    json.key("line").number(trace.line_of(e));
    json.key("t").number(trace.time_of(e));
    json.key("ev").text(event_name(trace, e)).close('}');
  }
  if (f.line > 0) json.open('{').key("event").null().key("line").number(f.line).close('}');
  json.close(']');
}

} // namespace

std::string check_json(const trace_store& trace, std::span<const finding> findings) {
  json_writer json;
  json.open('{').key("findings").open('[');
  for (const finding& f : findings) {
    json.open('{');
    json.key("code").text(to_string(f.code));
    json.key("severity").text(to_string(f.how_bad()));
    json.key("target").text_or_null(f.target_id);
    json.key("t").number(f.t);
    json.key("message").text(f.message);
    json.key("meaning").text(meaning(f.code));
    json.key("advice").text(advice(f.code));
    write_evidence(json, trace, f);
    json.close('}');
  }
  json.close(']').key("anomalies").open('[');
  for (const noticed_anomaly& a : trace.anomalies()) {
    json.open('{');
    json.key("line").number(a.what.line);
    json.key("code").text(to_string(a.what.code));
    json.key("message").text(a.what.message);
    json.close('}');
  }
  json.close(']').key("events").number(trace.event_count()).close('}');
  return std::move(json).take();
}

} // namespace cancelscope::inspector
