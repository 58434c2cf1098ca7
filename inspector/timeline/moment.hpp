// A moment: a place between two events. All questions "as of" take one. Moments are ordered, and order
// events of equal time too, which a time alone cannot.
//
// Threading: values. Failure: none.
//
//     moment cursor = moment_at(trace, 12'480'000);    // every event at or before t has happened
//     cursor = moment::after(next_event(trace, cursor)); // one event more
#pragma once

#include "inspector/store/trace_store.hpp"

#include <cstdint>

namespace cancelscope::inspector {

class moment {
public:
  /// Before the first event.
  constexpr moment() = default;

  /// The event has happened. None never happens.
  [[nodiscard]] constexpr bool counts(event_index e) const { return e && e.value() < happened_; }
  /// How many events have happened.
  [[nodiscard]] constexpr std::size_t event_count() const { return happened_; }
  friend constexpr auto operator<=>(const moment&, const moment&) = default;

  /// Just after the event, and just before it.
  static constexpr moment after(event_index e) { return moment{e.value() + 1}; }
  static constexpr moment before(event_index e) { return moment{e.value()}; }

  /// The last event that has happened; none before the first.
  [[nodiscard]] constexpr event_index last_event() const {
    return happened_ == 0 ? event_index{} : event_index{happened_ - 1};
  }

private:
  constexpr explicit moment(std::uint32_t happened) : happened_(happened) {}
  std::uint32_t happened_ = 0;
};

/// When every event at or before `t` has happened, and no other.
moment moment_at(const trace_store& trace, std::uint64_t t);
/// When no event at or after `t` has happened.
moment moment_before(const trace_store& trace, std::uint64_t t);
/// When everything has happened.
moment end_of(const trace_store& trace);
/// The time of the last event that has happened; 0 before the first.
std::uint64_t time_of(const trace_store& trace, moment m);

/// The nearest event not yet happened at `m` (or already happened, for previous) that names `who`; none where
/// there is no such event. Without `who`, any event. To step, go to moment::after(next), or, backward, to
/// moment::before(previous).
event_index next_event(const trace_store& trace, moment m);
event_index next_event(const trace_store& trace, moment m, entity who);
event_index previous_event(const trace_store& trace, moment m);
event_index previous_event(const trace_store& trace, moment m, entity who);

} // namespace cancelscope::inspector
