// A quick way to read a line that is written as our own writer writes it: fields in the order of the tables, nothing
// absent written as null, no escapes, no spaces, nothing unknown. Most lines of most traces are such lines. Whatever
// else a line may be, this says no and the tolerant way reads it; where it says yes, both give the same event.
//
// Ownership: the event borrows from the line.
// Threading: pure. Failure: false, and the event is good for nothing.
//
//     if (read_canonical_line(line, e)) handle(e); else …
#pragma once

#include "trace-format/events.hpp"

namespace cancelscope::trace {

/// Not for the header.
bool read_canonical_line(text line, event& e);

} // namespace cancelscope::trace
