#include "inspector/text/describe.hpp"

#include "inspector/text/units.hpp"
#include "trace-format/jsonl_writer.hpp"
#include "trace-format/names.hpp"

#include <fmt/format.h>

#include <array>
#include <iterator>

namespace cancelscope::inspector {

namespace {

std::string quoted(std::string_view name) {
  return fmt::format("`{}`", name);
}

std::string_view waited_for(trace::wait_reason on) {
  static constexpr std::array<std::string_view, 6> words{"a timer", "a channel", "a join",
                                                         "I/O",     "a permit",  "something"};
  return words[static_cast<std::size_t>(on)];
}

/// Says in a few words what each event says. Whom it is about stands in the row already.
class teller {
public:
  teller(const trace_store& trace, event_index at) : trace_(trace), at_(at) {}

  std::string operator()(const trace::header&) const { return {}; }
  std::string operator()(const trace::region_open& e) const {
    std::string text = e.parent.value ? "opened in " + who(*e.parent.value) : "opened, a root";
    return text + by(e.by) + limits(e.budget);
  }
  std::string operator()(const trace::region_moved& e) const {
    std::string text = fmt::format("is {}", to_string(e.state));
    if (e.outcome) text += fmt::format(", *{}*", to_string(*e.outcome));
    return text + because(e.cancel);
  }
  std::string operator()(const trace::task_spawn& e) const {
    return "spawned in " + who(e.region) + by(e.by) + limits(e.budget);
  }
  std::string operator()(const trace::task_run& e) const {
    return "ran for " + duration_text(e.dur);
  }
  std::string operator()(const trace::task_wait& e) const {
    std::string text = fmt::format("waits for {}", waited_for(e.on));
    if (e.label) text += " " + quoted(*e.label);
    if (e.what) {
      const entity what = trace_.find(*e.what);
      text += what ? " of " + titled(trace_, what) : fmt::format(" of {}", *e.what);
    }
    return text;
  }
  std::string operator()(const trace::cancel_request& e) const {
    std::string text = fmt::format("{}, {}", trace::to_string(e.cancel), trace::kind_name(e));
    if (e.effect.value_or(trace::cancel_effect::applied) != trace::cancel_effect::applied)
      text += fmt::format(", {}", to_string(*e.effect));
    if (e.message) text += fmt::format(": “{}”", *e.message);
    if (e.origin_task)
      text += ", asked for by " + who(*e.origin_task);
    else if (e.origin_region)
      text += ", asked for in " + who(*e.origin_region);
    if (e.cause) text += fmt::format(", caused by {}", trace::to_string(*e.cause));
    if (e.truncated.value_or(false)) text += ", truncated here";
    return text;
  }
  std::string operator()(const trace::cancel_phase& e) const {
    return fmt::format("{} under {}", to_string(e.phase), trace::to_string(e.cancel));
  }
  std::string operator()(const trace::task_end& e) const {
    std::string text = fmt::format("ended *{}*", to_string(e.outcome));
    if (e.error) text += fmt::format(": “{}”", *e.error);
    return text + because(e.cancel);
  }
  std::string operator()(const trace::task_join& e) const {
    return e.by ? "joined by " + who(*e.by) : "joined";
  }
  std::string operator()(const trace::obligation_open& e) const {
    std::string text = fmt::format("{} reserved", word_for(e.kind));
    if (e.task)
      text += " by " + who(*e.task);
    else if (e.region)
      text += " in " + who(*e.region);
    return text;
  }
  std::string operator()(const trace::obligation_end& e) const {
    return fmt::format("{}", to_string(e.how)) + because(e.cancel);
  }
  std::string operator()(const trace::finalizer_ran& e) const {
    std::string text = "finalizer";
    if (e.label) text += " " + quoted(*e.label);
    text += " ran";
    if (e.dur) text += " for " + duration_text(*e.dur);
    if (e.outcome) text += fmt::format(": *{}*", to_string(*e.outcome));
    return text;
  }
  std::string operator()(const trace::budget_left& e) const {
    const std::string left =
        e.resource == trace::budget_resource::deadline ? duration_text(e.left) : count_text(e.left);
    return fmt::format("{} left of its {} budget{}", left, to_string(e.resource),
                       e.exhausted.value_or(false) ? ": exhausted" : "");
  }
  std::string operator()(const trace::slot_release&) const { return "slot released"; }
  std::string operator()(const trace::stale_use& e) const {
    std::string text = fmt::format("stale handle {} refused", trace::to_string(e.id));
    if (e.op) text += fmt::format(" for {}", *e.op);
    if (e.by) text += ", presented by " + who(*e.by);
    return text + fmt::format("; the slot is at generation {} now", e.live);
  }
  std::string operator()(const trace::handshake& e) const {
    std::string text = e.consumer ? quoted(*e.consumer) : "a consumer";
    text += e.accepted ? " was accepted" : " was refused";
    if (e.producer) text += fmt::format(" by {}", quoted(*e.producer));
    if (e.reason) text += fmt::format(": {}", *e.reason);
    return text;
  }
  std::string operator()(const trace::violation& e) const {
    return fmt::format("{}: {}", e.oracle, e.message);
  }
  std::string operator()(const trace::mark& e) const {
    return e.level ? fmt::format("{}: {}", *e.level, e.label) : std::string(e.label);
  }
  std::string operator()(const trace::dropped_events& e) const {
    return counted(e.count, "event is", "events are") + " missing here";
  }
  std::string operator()(const trace::end_of_trace&) const { return "the trace ended in order"; }
  std::string operator()(const trace::unknown_event&) const { return json_line(trace_, at_); }

private:
  [[nodiscard]] std::string who(trace::entity_id id) const {
    const entity found = trace_.find(id);
    return found ? titled(trace_, found) : trace::to_string(id);
  }
  [[nodiscard]] std::string by(std::optional<trace::task_id> task) const {
    return task ? " by " + who(*task) : std::string{};
  }
  static std::string because(std::optional<trace::cancel_id> cancel) {
    return cancel ? fmt::format(", by {}", trace::to_string(*cancel)) : std::string{};
  }
  [[nodiscard]] std::string limits(const std::optional<trace::budget_limits>& budget) const {
    if (!budget) return {};
    const std::uint64_t t = trace_.time_of(at_);
    std::string text;
    if (budget->deadline)
      text += *budget->deadline > t
                  ? fmt::format(", {} to its deadline", duration_text(*budget->deadline - t))
                  : ", past its deadline";
    if (budget->polls) text += fmt::format(", {}", counted(*budget->polls, "poll"));
    if (budget->cost) text += fmt::format(", cost up to {}", count_text(*budget->cost));
    return text;
  }

  const trace_store& trace_;
  event_index at_;
};

} // namespace

std::string label_of(const trace_store& trace, entity who) {
  const std::string_view name =
      who.type() == entity_type::cancel ? std::string_view{} : trace.name_of(who);
  return name.empty() ? trace.id_of(who) : quoted(name);
}

std::string titled(const trace_store& trace, entity who) {
  switch (who.type()) {
  case entity_type::region:
    return "region " + label_of(trace, who);
  case entity_type::task:
    return "task " + label_of(trace, who);
  case entity_type::cancel:
    return "cancel " + label_of(trace, who);
  case entity_type::obligation: {
    const trace::obligation_kind kind = trace[who.as<obligation_index>()].kind;
    return fmt::format("{} {}", word_for(kind), label_of(trace, who));
  }
  case entity_type::none:
    break;
  }
  return {};
}

std::string as_subject(const trace_store& trace, entity who) {
  if (who.type() == entity_type::task) return label_of(trace, who);
  std::string title = titled(trace, who);
  if (!title.empty() && title.front() >= 'a' && title.front() <= 'z')
    title.front() = static_cast<char>(title.front() - 'a' + 'A');
  return title;
}

std::string titled_with_id(const trace_store& trace, entity who) {
  const std::string title = titled(trace, who);
  return trace.name_of(who).empty() ? title : fmt::format("{} ({})", title, trace.id_of(who));
}

std::string awaited(const trace_store& trace, wait_index wait) {
  const wait_row& row = trace[wait];
  std::string text(waited_for(row.on));
  if (row.label) text += " " + quoted(trace.text(row.label));
  if (row.what) text += " of " + titled(trace, row.what);
  return text;
}

std::string_view word_for(trace::obligation_kind kind) {
  if (kind == trace::obligation_kind::io) return "I/O";
  return kind == trace::obligation_kind::other ? "obligation" : to_string(kind);
}

std::string_view event_name(const trace_store& trace, event_index e) {
  if (trace.kind_of(e) == event_kind::unknown) return trace.body_at<trace::unknown_event>(e).ev;
  std::vector<trace::extra_field> extra;
  return trace::name_of(trace.event_at(e, extra));
}

std::string describe(const trace_store& trace, event_index e) {
  std::vector<trace::extra_field> extra;
  const trace::event whole = trace.event_at(e, extra);
  return std::visit(teller(trace, e), whole.body);
}

std::string json_line(const trace_store& trace, event_index e) {
  std::vector<trace::extra_field> extra;
  std::string line;
  trace::jsonl_writer{}.append(trace.event_at(e, extra), line);
  if (!line.empty() && line.back() == '\n') line.pop_back();
  return line;
}

} // namespace cancelscope::inspector
