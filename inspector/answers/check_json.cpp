#include "inspector/answers/answers.hpp"
#include "inspector/answers/json_writer.hpp"
#include "trace-format/names.hpp"

namespace cancelscope::inspector {

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
    json.key("advice").text(advice(f.code));
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
