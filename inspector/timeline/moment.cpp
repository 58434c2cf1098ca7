#include "inspector/timeline/moment.hpp"

#include <algorithm>

namespace cancelscope::inspector {

moment moment_at(const trace_store& trace, std::uint64_t t) {
  std::uint32_t low = 0;
  auto high = static_cast<std::uint32_t>(trace.event_count());
  while (low < high) {
    const std::uint32_t middle = low + (high - low) / 2;
    if (trace.time_of(event_index{middle}) <= t)
      low = middle + 1;
    else
      high = middle;
  }
  return moment::before(event_index{low});
}

moment moment_before(const trace_store& trace, std::uint64_t t) {
  return t == 0 ? moment{} : moment_at(trace, t - 1);
}

moment end_of(const trace_store& trace) {
  return moment::before(event_index{static_cast<std::uint32_t>(trace.event_count())});
}

std::uint64_t time_of(const trace_store& trace, moment m) {
  const event_index last = m.last_event();
  return last ? trace.time_of(last) : 0;
}

event_index next_event(const trace_store& trace, moment m) {
  const event_index last = m.last_event();
  const std::uint32_t next = last ? last.value() + 1 : 0;
  return next < trace.event_count() ? event_index{next} : event_index{};
}

event_index previous_event(const trace_store&, moment m) {
  return m.last_event();
}

namespace {

auto first_not_happened(std::span<const event_index> events, moment m) {
  return std::partition_point(events.begin(), events.end(),
                              [m](event_index e) { return m.counts(e); });
}

} // namespace

event_index next_event(const trace_store& trace, moment m, entity who) {
  const auto events = trace.events_of(who);
  const auto next = first_not_happened(events, m);
  return next == events.end() ? event_index{} : *next;
}

event_index previous_event(const trace_store& trace, moment m, entity who) {
  const auto events = trace.events_of(who);
  const auto next = first_not_happened(events, m);
  return next == events.begin() ? event_index{} : *(next - 1);
}

} // namespace cancelscope::inspector
