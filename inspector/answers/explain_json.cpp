#include "inspector/answers/answers.hpp"
#include "inspector/answers/json_writer.hpp"
#include "inspector/answers/shutdown_json.hpp"
#include "inspector/summary/sentence.hpp"
#include "inspector/summary/shutdown.hpp"
#include "trace-format/names.hpp"

namespace cancelscope::inspector {

namespace {

void write_cancel(json_writer& json, const trace_store& trace, cancel_index cancel) {
  const cancel_row& row = trace[cancel];
  json.open('{');
  json.key("cancel").text(trace.id_of(cancel));
  json.key("kind").text(row.kind == trace::cancel_kind::other ? trace.text(row.kind_name)
                                                              : to_string(row.kind));
  json.key("effect").text(to_string(row.effect));
  json.key("target").text(trace.id_of(row.target));
  json.key("t").number(trace.time_of(row.requested));
  json.key("origin_region").text_or_null(trace.id_of(row.origin_region));
  json.key("origin_task").text_or_null(trace.id_of(row.origin_task));
  if (row.message)
    json.key("message").text(trace.text(row.message));
  else
    json.key("message").null();
  json.close('}');
}

void write_cancel_or_null(json_writer& json, const trace_store& trace, std::string_view key,
                          cancel_index cancel) {
  json.key(key);
  if (cancel)
    write_cancel(json, trace, cancel);
  else
    json.null();
}

void write_cancels(json_writer& json, const trace_store& trace, std::string_view key,
                   const std::vector<cancel_index>& cancels) {
  json.key(key).open('[');
  for (const cancel_index c : cancels)
    write_cancel(json, trace, c);
  json.close(']');
}

void write_ids(json_writer& json, const trace_store& trace, std::string_view key,
               const std::vector<obligation_index>& obligations) {
  json.key(key).open('[');
  for (const obligation_index o : obligations)
    json.text(trace.id_of(o));
  json.close(']');
}

void write_phases(json_writer& json, const trace_store& trace, const phase_events& phases) {
  const auto time = [&trace](event_index e) {
    return e ? std::optional(trace.time_of(e)) : std::nullopt;
  };
  json.key("phases").open('{');
  json.key("requested").number_or_null(time(phases.requested));
  json.key("draining").number_or_null(time(phases.draining));
  json.key("finalizing").number_or_null(time(phases.finalizing));
  json.key("completed").number_or_null(time(phases.completed));
  json.close('}');
}

std::string_view name_of(chain_cut cut) {
  switch (cut) {
  case chain_cut::by_producer:
    return "truncated";
  case chain_cut::cause_missing:
    return "cause-missing";
  case chain_cut::cause_cycle:
    return "cause-cycle";
  case chain_cut::whole:
    break;
  }
  return {};
}

/// What the text form says below the summary; empty ones are left out.
void write_sentences(json_writer& json, const trace_store& trace, const explanation& why,
                     const shutdown& end) {
  json.key("sentences").open('[');
  const std::string effects =
      why.cancelled() ? effects_sentence(trace, why.chain.links.front()) : std::string{};
  for (const std::string& said :
       {held_up_sentence(trace, end), holding_sentence(trace, end), effects})
    if (!said.empty()) json.text(said);
  json.close(']');
}

} // namespace

std::string explain_json(const trace_store& trace, const explanation& why) {
  json_writer json;
  json.open('{');
  json.key("target").text(trace.id_of(why.asked));
  json.key("name").text_or_null(trace.name_of(why.asked));
  json.key("region").text_or_null(trace.id_of(why.region));
  if (why.outcome)
    json.key("outcome").text(to_string(*why.outcome));
  else
    json.key("outcome").null();
  json.key("cancelled").boolean(why.cancelled());
  write_cancels(json, trace, "chain", why.chain.links);
  write_cancel_or_null(json, trace, "root_cause", why.chain.root_cause());
  json.key("complete").boolean(why.chain.complete());
  json.key("truncated_at").text_or_null(trace.id_of(why.chain.truncated_at()));
  json.key("cut").text_or_null(name_of(why.chain.cut));
  write_cancels(json, trace, "superseded", why.superseded);
  write_cancels(json, trace, "absorbed", why.absorbed);
  write_cancel_or_null(json, trace, "absorbed_by", why.absorbed_by);
  write_cancel_or_null(json, trace, "superseded_by", why.superseded_by);
  write_phases(json, trace, why.phases);
  write_ids(json, trace, "open_obligations", why.open_obligations);
  json.key("handed_on").text_or_null(trace.id_of(why.handed_on));
  json.key("joined_by").text_or_null(trace.id_of(why.joined_by));
  json.key("about").text_or_null(trace.id_of(why.target));
  json.key("unknown_since")
      .number_or_null(why.unknown_since ? std::optional(trace.time_of(why.unknown_since))
                                        : std::nullopt);
  const shutdown end = shutdown_of(trace, why.target);
  write_effects(json, trace, why);
  write_shutdown(json, trace, end);
  json.key("summary").text(sentence(trace, why));
  write_sentences(json, trace, why, end);
  json.close('}');
  return std::move(json).take();
}

} // namespace cancelscope::inspector
