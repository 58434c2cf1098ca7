// What must hold of every trace that the runtime writes, whatever the program did. Each break is a
// sentence.
#pragma once

#include "trace-format/events.hpp"

#include <span>
#include <string>
#include <vector>

namespace cancelscope::tests {

/// The breaks of the trace's law, in order; none for a legal trace that ended in order with
/// everything released.
std::vector<std::string> breaks_of_law(std::span<const trace::event> events);

} // namespace cancelscope::tests
