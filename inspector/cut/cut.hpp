// A trace cut down to one cancellation: small enough for a bug report, and `explain` answers the same on it.
//
// What is cut away is not said to be lost: the header says what the trace was cut for. References to who is not
// in it any more are left out where the format lets them; ids and times stay as they were.
//
// Threading: reads the store only. Failure: none.
//
//     trace::jsonl_sink file{…};
//     const cut_size size = write_cut(trace, trace.find("t3.1"), {.redacted = true}, file);
#pragma once

#include "inspector/store/trace_store.hpp"
#include "trace-format/events.hpp"

#include <cstddef>

namespace cancelscope::inspector {

struct cut_options {
  bool redacted =
      false; ///< names and messages are replaced, the same by the same; nothing of them is left
};

/// Writes the header and what is left, to a sink that copies. The number of events written, without the header.
std::size_t write_cut(const trace_store& trace, entity asked, const cut_options& options,
                      trace::sink& to);

} // namespace cancelscope::inspector
