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

} // namespace

void violation(finding_list& list) {
  each_event(list.trace, event_kind::violation, [&list](event_index e) {
    const auto said = list.trace.body_at<trace::violation>(e);
    list.add(finding_code::violation, list.trace.subject_of(e), e,
             fmt::format("The producer found its guarantee “{}” broken: {}.", said.oracle,
                         said.message));
    if (said.target) list.found.back().target_id = trace::to_string(*said.target);
  });
}

void illegal_transition(finding_list& list) {
  for (const noticed_anomaly& a : list.trace.anomalies()) {
    if (a.what.code != trace::anomaly_code::bad_transition) continue;
    list.add(finding_code::illegal_transition, a.target, a.t,
             fmt::format("Line {}: {}", a.what.line, a.what.message));
  }
}

void stale_handle(finding_list& list) {
  each_event(list.trace, event_kind::stale, [&list](event_index e) {
    const auto said = list.trace.body_at<trace::stale_use>(e);
    const std::string id = trace::to_string(said.id);
    std::string message = fmt::format("The old handle {} was presented", id);
    if (said.op) message += fmt::format(" for {}", *said.op);
    if (said.by) {
      const entity by = list.trace.find(*said.by);
      message += " by " + (by ? titled(list.trace, by) : trace::to_string(*said.by));
    }
    message += fmt::format(" and refused; its slot is at generation {}.", said.live);
    list.add(finding_code::stale_handle, list.trace.subject_of(e), e, std::move(message));
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
