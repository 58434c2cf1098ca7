// Steps through a trace by condition and by chain. Steps from event to event, and along one entity, are
// next_event and previous_event of inspector/timeline/moment.hpp. A place is a moment: opaque, and ordered.
//
// A break condition is a query put to the trace:
//
//     auto stop = query::parse("outcome = panicked or how = leaked");
//     event_index e = next_where(trace, cursor, stop->on(trace));
//     if (e) cursor = moment::after(e);
//
// Threading: reads the store only. Failure: none where there is no further step.
#pragma once

#include "inspector/store/trace_store.hpp"
#include "inspector/timeline/moment.hpp"

#include <functional>

namespace cancelscope::inspector {

using condition = std::function<bool(event_index)>;

/// The nearest event not yet happened at the moment of which the condition holds.
event_index next_where(const trace_store& trace, moment m, const condition& holds);
/// The nearest event already happened at the moment of which it holds. To go on backward, ask from
/// moment::before it.
event_index previous_where(const trace_store& trace, moment m, const condition& holds);

/// Along the chain of a subject (a region, task or cancel), one link towards the root cause: from the subject
/// itself, or anything that is no link of its chain, to the cancel in effect on it; from the root cause nowhere.
entity towards_cause(const trace_store& trace, entity subject, entity at);
/// One link back towards the subject, and at last to it. From a cancel that is itself the subject, on to the
/// first that it led to.
entity towards_effect(const trace_store& trace, entity subject, entity at);

} // namespace cancelscope::inspector
