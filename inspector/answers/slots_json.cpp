#include "inspector/answers/answers.hpp"
#include "inspector/answers/json_writer.hpp"
#include "inspector/timeline/slots.hpp"

namespace cancelscope::inspector {

namespace {

void write_slots(json_writer& json, const trace_store& trace, std::string_view key,
                 const std::vector<slot_history>& slots) {
  json.key(key).open('[');
  for (const slot_history& slot : slots) {
    json.open('{').key("slot").number(slot.slot).key("tenancies").open('[');
    for (const tenancy& t : slot.tenancies) {
      json.open('{');
      json.key("id").text(trace.id_of(t.who));
      json.key("from").number(trace.time_of(t.from));
      json.key("to").number_or_null(t.to ? std::optional(trace.time_of(t.to)) : std::nullopt);
      json.close('}');
    }
    json.close(']').key("stale").open('[');
    for (const stale_access& s : slot.stale) {
      json.open('{');
      json.key("t").number(trace.time_of(s.at));
      json.key("generation").number(s.generation);
      json.close('}');
    }
    json.close(']').close('}');
  }
  json.close(']');
}

} // namespace

std::string slots_json(const trace_store& trace) {
  const slot_table slots = slots_of(trace);
  json_writer json;
  json.open('{');
  write_slots(json, trace, "regions", slots.regions);
  write_slots(json, trace, "tasks", slots.tasks);
  write_slots(json, trace, "obligations", slots.obligations);
  json.key("lifo_breaks").open('[');
  for (const lifo_break& b : slots.lifo_breaks) {
    json.open('{');
    json.key("t").number(trace.time_of(b.at));
    json.key("id").text(trace.id_of(b.who));
    json.key("expected_slot").number(b.expected_slot);
    json.close('}');
  }
  json.close(']').close('}');
  return std::move(json).take();
}

} // namespace cancelscope::inspector
