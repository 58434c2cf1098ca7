#include "inspector/timeline/certainty.hpp"

#include <algorithm>

namespace cancelscope::inspector {

namespace {

struct life {
  event_index began;
  event_index over; ///< after that nothing changes
};

life life_of(const trace_store& trace, entity who) {
  if (const auto region = who.as<region_index>())
    return {trace[region].opened, std::min(trace[region].closed(), trace[region].released)};
  if (const auto task = who.as<task_index>())
    return {trace[task].spawned, std::min(trace[task].completed(), trace[task].released)};
  if (const auto obligation = who.as<obligation_index>()) {
    const obligation_row& row = trace[obligation];
    return {row.opened, std::min(row.ended, row.released)};
  }
  return {};
}

bool is_open_region(const trace_store& trace, entity who, event_index at) {
  const auto region = who.as<region_index>();
  return region && std::all_of(trace[region].moved.begin(), trace[region].moved.end(),
                               [at](event_index moved) { return moved > at; });
}

/// Whether the event, which names it, tells its state. A mark, a join or a stale handle may come after the end.
bool shows(const trace_store& trace, entity who, event_index e) {
  const bool is_about_it = trace.subject_of(e) == who;
  switch (trace.kind_of(e)) {
  case event_kind::region_state:
  case event_kind::task_run:
  case event_kind::task_wait:
  case event_kind::cancel:
  case event_kind::cancel_phase:
  case event_kind::task_end:
  case event_kind::obligation_end:
    return is_about_it;
  case event_kind::region_open:
  case event_kind::task_spawn:
  case event_kind::obligation:
    return is_about_it || is_open_region(trace, who, e);
  default:
    return false;
  }
}

} // namespace

bool lost_between(const trace_store& trace, event_index from, event_index to) {
  const auto dropped = trace.dropped();
  const auto after = std::upper_bound(dropped.begin(), dropped.end(), from);
  return after != dropped.end() && *after < to;
}

event_index unknown_since(const trace_store& trace, entity who, moment m) {
  const auto dropped = trace.dropped();
  const life lived = life_of(trace, who);
  if (dropped.empty() || !m.counts(lived.began) || m.counts(lived.over)) return {};
  const auto events = trace.events_of(who);
  // The last event that showed it: what was lost before that does not matter any more.
  event_index shown = lived.began;
  auto e = std::partition_point(events.begin(), events.end(),
                                [m](event_index i) { return m.counts(i); });
  while (shown == lived.began && e != events.begin()) {
    --e;
    if (*e <= lived.began) break;
    if (shows(trace, who, *e)) shown = *e;
  }
  const auto lost = std::upper_bound(dropped.begin(), dropped.end(), shown);
  return lost != dropped.end() && m.counts(*lost) ? *lost : event_index{};
}

event_index fate_unknown_since(const trace_store& trace, obligation_index obligation) {
  const obligation_row& row = trace[obligation];
  if (row.ended) return {};
  const auto dropped = trace.dropped();
  const auto lost = std::upper_bound(dropped.begin(), dropped.end(), row.opened);
  return lost != dropped.end() && *lost < row.released ? *lost : event_index{};
}

void unknown_stretches_of(const trace_store& trace, entity who,
                          const std::function<void(time_window)>& draw) {
  const auto dropped = trace.dropped();
  const life lived = life_of(trace, who);
  if (dropped.empty() || !lived.began) return;
  const auto events = trace.events_of(who);
  auto lost = std::upper_bound(dropped.begin(), dropped.end(), lived.began);
  while (lost != dropped.end() && *lost < lived.over) {
    auto e = std::upper_bound(events.begin(), events.end(), *lost);
    while (e != events.end() && !shows(trace, who, *e))
      ++e;
    const event_index shown = std::min(e == events.end() ? event_index{} : *e, lived.over);
    draw({trace.time_of(*lost), shown ? trace.time_of(shown) : trace.last_time()});
    if (!shown) return;
    lost = std::upper_bound(lost, dropped.end(), shown);
  }
}

} // namespace cancelscope::inspector
