#include "inspector/answers/shutdown_json.hpp"

#include "inspector/attribution/effects.hpp"
#include "inspector/timeline/certainty.hpp"
#include "inspector/timeline/state.hpp"
#include "trace-format/names.hpp"

namespace cancelscope::inspector {

namespace {

void write_wait(json_writer& json, const trace_store& trace, wait_index wait) {
  json.key("wait");
  if (!wait) {
    json.null();
    return;
  }
  const wait_row& row = trace[wait];
  json.open('{').key("on").text(to_string(row.on));
  json.key("label").text_or_null(trace.text(row.label));
  json.key("what").text_or_null(trace.id_of(row.what));
  json.close('}');
}

void write_path(json_writer& json, const trace_store& trace, const shutdown& end) {
  json.key("critical_path").open('[');
  for (const path_step& s : end.path) {
    json.open('{').key("id").text(trace.id_of(s.who));
    json.key("stage").text(to_string(s.stage));
    json.key("from").number(s.from).key("to").number(s.to);
    write_wait(json, trace, s.wait);
    json.close('}');
  }
  json.close(']');
  const path_step* longest = longest_step(end);
  json.key("held_up_by")
      .text_or_null(longest == nullptr ? std::string{} : trace.id_of(longest->who));
  json.key("circular").boolean(end.circular);
}

void write_held(json_writer& json, const trace_store& trace, const shutdown& end) {
  json.key("held").open('[');
  for (const obligation_index o : end.held) {
    const obligation_row& row = trace[o];
    json.open('{').key("obligation").text(trace.id_of(o));
    json.key("kind").text(to_string(row.kind));
    json.key("label").text_or_null(trace.text(row.label));
    json.key("holder").text_or_null(trace.id_of(row.task ? entity{row.task} : entity{row.region}));
    json.key("how").text_or_null(row.fate ? to_string(*row.fate) : std::string_view{});
    json.key("t").number_or_null(row.ended ? std::optional(trace.time_of(row.ended))
                                           : std::nullopt);
    json.key("unknown").boolean(static_cast<bool>(fate_unknown_since(trace, o)));
    json.close('}');
  }
  json.close(']');
}

void write_not_done(json_writer& json, const trace_store& trace, const shutdown& end) {
  const moment last = end_of(trace);
  json.key("not_done").open('[');
  for (const task_index task : end.not_done) {
    const auto state = state_at(trace, task, last);
    const task_row& row = trace[task];
    json.open('{').key("id").text(trace.id_of(task));
    json.key("state").text_or_null(state ? to_string(*state) : std::string_view{});
    json.key("requested")
        .number_or_null(row.requested ? std::optional(trace.time_of(row.requested)) : std::nullopt);
    const event_index lost = unknown_since(trace, task, last);
    json.key("unknown_since")
        .number_or_null(lost ? std::optional(trace.time_of(lost)) : std::nullopt);
    write_wait(json, trace, wait_at(trace, task, last));
    json.close('}');
  }
  json.close(']');
}

void write_counts(json_writer& json, const effect_counts& counts) {
  json.key("requests").number(counts.requests);
  json.key("regions").number(counts.regions);
  json.key("tasks").number(counts.tasks);
  json.key("not_done").number(counts.not_done);
  json.key("unknown").number(counts.unknown);
}

} // namespace

void write_shutdown(json_writer& json, const trace_store& trace, const shutdown& end) {
  json.key("shutdown");
  if (!end.began) {
    json.null();
    return;
  }
  json.open('{').key("from").number(end.from);
  json.key("to").number_or_null(end.ended ? std::optional(end.to) : std::nullopt);
  json.key("alive").number(end.alive);
  write_path(json, trace, end);
  write_held(json, trace, end);
  write_not_done(json, trace, end);
  json.close('}');
}

void write_effects(json_writer& json, const trace_store& trace, const explanation& why) {
  json.key("effects");
  if (!why.cancelled()) {
    json.null();
    return;
  }
  const auto tree = effect_tree_of(trace, why.chain.links.front());
  json.open('{').key("of").text(trace.id_of(tree.front().cancel));
  write_counts(json, tree.front().counts);
  json.key("tree").open('[');
  for (std::size_t i = 1; i < tree.size(); ++i) {
    json.open('{').key("cancel").text(trace.id_of(tree[i].cancel));
    json.key("target").text(trace.id_of(trace[tree[i].cancel].target));
    json.key("depth").number(tree[i].depth);
    write_counts(json, tree[i].counts);
    json.close('}');
  }
  json.close(']').close('}');
}

} // namespace cancelscope::inspector
