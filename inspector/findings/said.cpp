#include "inspector/findings/rules.hpp"
#include "inspector/text/describe.hpp"
#include "inspector/text/units.hpp"
#include "trace-format/names.hpp"

#include <fmt/format.h>

namespace cancelscope::inspector::rules {

namespace {

template <class Visit> void each_event(const trace_store& trace, event_kind kind, Visit visit) {
  for (std::uint32_t i = 0; i < trace.event_count(); ++i)
    if (trace.kind_of(event_index{i}) == kind) visit(event_index{i});
}

/// What the producer said, whom it concerns in front and not named twice: "`capture 12`: clean-up budget
/// exhausted: it had not finished and was destroyed".
std::string about(const trace_store& trace, entity who, std::string_view said) {
  std::string text(said);
  while (text.ends_with('.'))
    text.pop_back();
  if (!who) return text;
  const std::string label = as_subject(trace, who);
  const std::string name(trace.name_of(who).empty() ? trace.id_of(who) : trace.name_of(who));
  const auto ends_word = [&text](std::size_t at) {
    return at == text.size() || text[at] == ' ' || text[at] == ',' || text[at] == ':';
  };
  for (const std::string& called : {"'" + name + "'", name}) {
    const std::size_t at = text.find(called);
    if (at == std::string::npos || !ends_word(at + called.size())) continue;
    if (at == 0) return label + text.substr(called.size());
    if (text[at - 1] == ' ') text.replace(at, called.size(), "it");
    break;
  }
  return fmt::format("{}: {}", label, text);
}

} // namespace

void violation(finding_list& list) {
  const trace_store& trace = list.trace;
  each_event(trace, event_kind::violation, [&](event_index e) {
    const auto said = trace.body_at<trace::violation>(e);
    const entity who = trace.subject_of(e);
    std::string message = about(trace, who, said.message);
    if (said.message.find(said.oracle) == std::string_view::npos)
      message += fmt::format(" (against the guarantee “{}”)", said.oracle);
    list.add(finding_code::violation, who, e, message + ".");
    if (said.target) list.found.back().target_id = trace::to_string(*said.target);
  });
}

void illegal_transition(finding_list& list) {
  for (const noticed_anomaly& a : list.trace.anomalies()) {
    if (a.what.code != trace::anomaly_code::bad_transition) continue;
    const std::string who = a.target ? as_subject(list.trace, a.target) + ", line" : "Line";
    list.add(finding_code::illegal_transition, a.target, a.t,
             fmt::format("{} {}: {}", who, a.what.line, a.what.message), {});
    list.found.back().line = a.what.line;
  }
}

void stale_handle(finding_list& list) {
  const trace_store& trace = list.trace;
  each_event(trace, event_kind::stale, [&](event_index e) {
    const auto said = trace.body_at<trace::stale_use>(e);
    const std::string id = trace::to_string(said.id);
    const entity old = trace.find(said.id);
    std::string message = old ? as_subject(trace, old) : id;
    message += " is gone, and its old handle was presented";
    if (said.op) message += fmt::format(" for {}", *said.op);
    if (said.by) {
      const entity by = trace.find(*said.by);
      message += " by " + (by ? titled(trace, by) : trace::to_string(*said.by));
    }
    message += fmt::format(" and refused; its slot is at generation {}.", said.live);
    list.add(finding_code::stale_handle, trace.subject_of(e), e, std::move(message));
    list.found.back().target_id = id;
  });
}

void events_missing(finding_list& list) {
  for (const event_index e : list.trace.dropped()) {
    const std::uint64_t count = list.trace.body_at<trace::dropped_events>(e).count;
    list.add(finding_code::events_missing, {}, e,
             fmt::format("{} missing here.", counted(count, "event is", "events are")));
  }
}

void cut_off(finding_list& list) {
  if (list.trace.ended_in_order()) return;
  list.add_at_end(finding_code::cut_off, {},
                  fmt::format("The trace was cut off at {}: it has no `end`.",
                              time_text(list.trace.last_time())));
}

} // namespace cancelscope::inspector::rules
