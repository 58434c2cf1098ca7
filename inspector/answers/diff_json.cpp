#include "inspector/answers/answers.hpp"
#include "inspector/answers/json_writer.hpp"
#include "inspector/summary/sentence.hpp"
#include "inspector/text/describe.hpp"
#include "inspector/timeline/state.hpp"
#include "trace-format/names.hpp"

namespace cancelscope::inspector {

namespace {

void write_trace(json_writer& json, const trace_store& trace) {
  json.open('{').key("name").text(trace.name()).key("events").number(trace.event_count());
  json.key("regions").number(trace.regions().size()).key("tasks").number(trace.tasks().size());
  json.close('}');
}

void write_side(json_writer& json, std::string_view key, const trace_store& trace, entity who) {
  json.key(key);
  if (!who) {
    json.null();
    return;
  }
  json.open('{').key("id").text(trace.id_of(who));
  const auto outcome = outcome_at(trace, who, end_of(trace));
  json.key("outcome").text_or_null(outcome ? to_string(*outcome) : std::string_view{});
  json.key("cancelled").boolean(static_cast<bool>(cancel_in_effect(trace, who, end_of(trace))));
  json.key("summary").text(sentence(trace, explain(trace, who))).close('}');
}

void write_event(json_writer& json, std::string_view key, const trace_store& trace, entity who,
                 event_index e) {
  json.key(key);
  if (!e) {
    json.null();
    return;
  }
  json.open('{').key("id").text(trace.id_of(who)).key("t").number(trace.time_of(e));
  json.key("line").number(trace.line_of(e)).key("event").text(event_name(trace, e));
  json.key("text").text(describe(trace, e)).close('}');
}

} // namespace

std::string diff_json(const trace_store& a, const trace_store& b, const run_comparison& found) {
  json_writer json;
  json.open('{').key("same").boolean(found.same());
  write_trace(json.key("a"), a);
  write_trace(json.key("b"), b);
  json.key("aligned").open('{').key("regions").number(found.regions);
  json.key("tasks").number(found.tasks).key("obligations").number(found.obligations).close('}');
  json.key("first_divergence");
  if (const auto& first = found.first_divergence) {
    json.open('{').key("place").text(first->place);
    write_event(json, "a", a, first->a, first->in_a);
    write_event(json, "b", b, first->b, first->in_b);
    json.close('}');
  } else {
    json.null();
  }
  json.key("differences").open('[');
  for (const difference& d : found.differences) {
    json.open('{').key("kind").text(to_string(d.kind)).key("place").text(d.place);
    write_side(json, "a", a, d.a);
    write_side(json, "b", b, d.b);
    json.key("message").text(d.message).close('}');
  }
  json.close(']').close('}');
  return std::move(json).take();
}

} // namespace cancelscope::inspector
