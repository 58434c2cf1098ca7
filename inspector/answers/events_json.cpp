#include "inspector/answers/answers.hpp"
#include "inspector/answers/json_writer.hpp"
#include "inspector/text/describe.hpp"

namespace cancelscope::inspector {

// One event a line, as its own line was: what follows can be cut out and read as a trace.
std::string events_json(const trace_store& trace, std::span<const event_index> events,
                        std::span<const std::string> unknown) {
  json_writer json;
  json.open('{').key("matched").number(events.size());
  json.key("of").number(trace.event_count()).key("unknown").open('[');
  for (const std::string& whom : unknown)
    json.text(whom);
  json.close(']').key("events").open('[');
  for (const event_index e : events)
    json.new_line().json(json_line(trace, e));
  json.close(']').close('}');
  return std::move(json).take();
}

} // namespace cancelscope::inspector
