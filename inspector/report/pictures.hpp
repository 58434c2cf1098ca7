// The pictures of a report: inline SVG whose places along time are percentages, so that a picture is as wide as
// its page and its letters stay as large as the page's. Colours are the page's (page_style.hpp).
//
// Threading: read the store only. Failure: none. All text is escaped.
#pragma once

#include "inspector/attribution/explain.hpp"
#include "inspector/store/trace_store.hpp"

#include <cstdint>
#include <string>

namespace cancelscope::inspector {

/// The whole run: how many tasks were alive and how many of them under cancellation, when cancels were
/// requested.
std::string overview_picture(const trace_store& trace);

/// One cancellation: a lane for each target of its chain, root first, with states, requests and arrows from
/// cause to effect.
std::string chain_picture(const trace_store& trace, const explanation& why);

/// A place in a stretch of time, as a percentage of it.
std::string percent(double share);

/// Steps of 1, 2 or 5 × 10ⁿ ns of which four to eight fit into a length.
std::uint64_t tick_step(std::uint64_t length);

} // namespace cancelscope::inspector
