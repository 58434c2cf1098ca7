// Short texts for entities and events: labels, rows, tooltips.
//
// Threading: reads the store only. Failure: none.
#pragma once

#include "inspector/store/trace_store.hpp"

#include <string>
#include <string_view>

namespace cancelscope::inspector {

/// Its name in backticks, or its id where it has none: "`charge card`", "t3.1".
std::string label_of(const trace_store& trace, entity who);
/// With what it is: "region `checkout`", "task `charge card`", "cancel c3", "lease `stock`".
std::string titled(const trace_store& trace, entity who);

/// As a sentence begins with it: "`charge card`" for a task, "Region `checkout`", "Lease `stock`".
std::string as_subject(const trace_store& trace, entity who);
/// With its id, where the title does not show it already: "task `charge card` (t3.1)".
std::string titled_with_id(const trace_store& trace, entity who);

/// "lease", "I/O", "obligation": what an obligation of that kind is called.
std::string_view word_for(trace::obligation_kind kind);

/// What a task is parked on: "a timer `backoff`", "a join of task `parse`", "I/O".
std::string awaited(const trace_store& trace, wait_index wait);

/// The event's name on the wire: "task_wait", also of events this version does not know.
std::string_view event_name(const trace_store& trace, event_index e);
/// What it says, in a few words: "waits for a timer: `backoff`".
std::string describe(const trace_store& trace, event_index e);
/// The event as the line of JSON that was written, without the line's end.
std::string json_line(const trace_store& trace, event_index e);

} // namespace cancelscope::inspector
