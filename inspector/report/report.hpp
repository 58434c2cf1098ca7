// A trace as one page to attach to a bug: what looks wrong, the worst cancellations with their sentences and
// pictures, the events that say so, and how to open the trace. Complete in itself: no script, no font, no
// picture from elsewhere; every text escaped.
//
// Cost: linear in the trace; the page has at most a few hundred kilobytes.
// Threading: reads the store only. Failure: none.
//
//     file << report_html(trace, {.version = "0.1.0"});
#pragma once

#include "inspector/findings/finding.hpp"
#include "inspector/store/trace_store.hpp"

#include <string>

namespace cancelscope::inspector {

struct report_options {
  std::string version;   ///< of the program that writes it
  finding_limits limits; ///< what counts as slow
};

std::string report_html(const trace_store& trace, const report_options& options);

} // namespace cancelscope::inspector
