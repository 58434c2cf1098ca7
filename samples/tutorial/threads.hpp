// The part of docs/runtime.md that runs on another thread, as it stands there.
//
// Threading: that of the host. Failure: in the outcome.
#pragma once

#include "runtime/executor/host.hpp"

#include <string>

namespace tutorial {

/// Writes what it has counted to `log`.
cancelscope::outcome<void> offloading(cancelscope::host& runtime, std::string& log);

} // namespace tutorial
