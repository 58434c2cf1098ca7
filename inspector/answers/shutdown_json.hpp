// The parts of an explanation that tell how it came to its end and what it led to. Used by explain_json alone.
#pragma once

#include "inspector/answers/json_writer.hpp"
#include "inspector/attribution/explain.hpp"
#include "inspector/attribution/shutdown.hpp"

namespace cancelscope::inspector {

/// "shutdown": null where nothing began.
void write_shutdown(json_writer& json, const trace_store& trace, const shutdown& end);
/// "effects": null for whom nothing cancelled.
void write_effects(json_writer& json, const trace_store& trace, const explanation& why);

} // namespace cancelscope::inspector
