// The chapter of docs/runtime.md about sockets, as it stands there.
//
// Threading: that of the host. Failure: in the outcome.
#pragma once

#include "runtime/io/io_thread.hpp"

#include <string>

namespace tutorial {

/// What an echo answered.
cancelscope::outcome<std::string> small_talk(cancelscope::io_thread& runtime);

} // namespace tutorial
