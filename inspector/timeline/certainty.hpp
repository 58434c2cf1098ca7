// What is not known because events are missing. After a `dropped` event, whoever was there and not over may have
// moved on unseen: its state is unknown until the trace shows it again, never "still running".
//
// What shows it again: the next event that is about it and tells a state; a mark or a join does not. Of a region that
// was open also whatever came into it, for nothing comes into a region that is closed.
//
// Cost: the events about it after the loss, at most; nothing where no event was dropped.
// Threading: reads the store only. Failure: none.
#pragma once

#include "inspector/store/trace_store.hpp"
#include "inspector/timeline/moment.hpp"
#include "inspector/timeline/segments.hpp"

#include <functional>

namespace cancelscope::inspector {

/// Events were dropped after the one and before the other (or the end, for none).
bool lost_between(const trace_store& trace, event_index from, event_index to);

/// The `dropped` event since which its state is not known, as of the moment; none where it is known. Who was never
/// there, and whose end is known, is known.
event_index unknown_since(const trace_store& trace, entity who, moment m);

/// The first `dropped` event that may have held the end of an obligation that has none in the trace; none where it was
/// resolved, or nothing was lost while it was there.
event_index fate_unknown_since(const trace_store& trace, obligation_index obligation);

/// In order, the stretches in which its state is not known: from a loss to what shows it again, or to its end.
void unknown_stretches_of(const trace_store& trace, entity who,
                          const std::function<void(time_window)>& draw);

} // namespace cancelscope::inspector
