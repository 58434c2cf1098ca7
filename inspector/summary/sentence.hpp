// Answers in plain words, as a person would write them. Nothing is made up: what the trace does not say is
// left out or said to be unknown. Names stand in `backticks`, outcomes in *asterisks* (Markdown).
//
// Threading: reads the store only. Failure: none.
#pragma once

#include "inspector/attribution/explain.hpp"

#include <string>
#include <string_view>

namespace cancelscope::inspector {

/// "`charge card` was cancelled by a timeout of 250 ms on region `checkout`, asked for by `deadline guard`; it
/// drained for 3.1 ms of its 5 ms and ended *cancelled*."
std::string sentence(const trace_store& trace, const explanation& why);

/// One link of a chain: "a timeout of 250 ms on region `checkout`, asked for by `deadline guard`".
std::string sentence(const trace_store& trace, cancel_index cancel);

/// What a cancel led to: "It led to 12 more requests: 3 regions and 9 tasks; 1 task had not completed when the
/// trace ended." Empty where it led to nothing.
std::string effects_sentence(const trace_store& trace, cancel_index cancel);

/// A sentence without its marks of Markdown, for a label; what stands in quotes or names is left as it is.
std::string plain(std::string_view markdown);

} // namespace cancelscope::inspector
