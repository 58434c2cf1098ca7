// A trace as Chrome trace events (JSON), which Perfetto's viewer opens: a look at a trace beside others, in a
// tool that many have at hand.
//
// Regions, tasks and obligations are nestable asynchronous events (`b`, `e`), whose id is the id of the trace,
// slot and generation: lifetimes overlap, and begin/end pairs on a shared thread would be drawn as if they
// nested. Phases and waits are nested in them, cancels are instants (`n`) on their target, with the whole cause
// in `args`. An arrow leads from each cause to its effects (`bind_id`, `flow_out`, `flow_in`). What is not over
// when the trace ends is ended there, and says so. Times are µs with the ns as a fraction.
//
// Source: "Trace Event Format", Google, 2016, sections "Async Events" and "Flow Events".
// Threading: reads the store only. Failure: the output's.
//
//     if (auto failed = write_chrome_trace(trace, *file)) return show(failed->message);
#pragma once

#include "inspector/store/trace_store.hpp"
#include "trace-format/output.hpp"

#include <optional>

namespace cancelscope::inspector {

std::optional<trace::failure> write_chrome_trace(const trace_store& trace, trace::byte_output& out);

} // namespace cancelscope::inspector
