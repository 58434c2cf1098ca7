// Shrinking: of a schedule under which something is broken, the part that it needs.
//
// Choices are taken away in ever smaller groups as long as the same guarantee is still broken (delta debugging:
// A. Zeller, R. Hildebrandt: "Simplifying and Isolating Failure-Inducing Input", IEEE Trans. Software Eng. 28, 2002);
// then each that is left is moved towards the first candidate. What remains is minimal: without any one of
// its choices the program is well.
//
// Threading: one call at a time. Failure: none; a schedule under which nothing is broken is given back as it is.
#pragma once

#include "runtime/lab/explore.hpp"

namespace cancelscope {

struct shrunk_schedule {
  failing_schedule schedule;
  std::size_t tried = 0; ///< schedules run to find it
};

shrunk_schedule shrink(const lab_program& program, const failing_schedule& failing,
                       const lab_limits& limits = {});

} // namespace cancelscope
