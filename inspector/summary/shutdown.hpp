// What a shutdown was like, in plain words: what held it up, and who was still holding what.
//
// Threading: reads the store only. Failure: none; empty where there is nothing to say.
#pragma once

#include "inspector/attribution/explain.hpp"
#include "inspector/attribution/shutdown.hpp"

#include <string>

namespace cancelscope::inspector {

/// "It took 12.3 ms from the request to the close. `flush audit` held it up longest: it drained for 8.2 ms, waiting
/// for a timer `backoff`." Of a task only where it tells more than its phases do.
std::string held_up_sentence(const trace_store& trace, const shutdown& of);
/// "When the request came, 2 obligations were held: lease `stock` by `reserve stock` (aborted 2 ms later) and …"
std::string holding_sentence(const trace_store& trace, const shutdown& of);

/// "`flush audit` drained, waiting for a timer `backoff`": what somebody did on the path.
std::string describe(const trace_store& trace, const path_step& step);

} // namespace cancelscope::inspector
