// The programs of docs/runtime.md, as they stand there; each is a small program on whatever host it is given.
//
// Threading: that of the host. Failure: in the outcome.
#pragma once

#include "runtime/executor/host.hpp"

#include <string>

namespace tutorial {

/// Each writes what it has to say to `log`, a line at a time.
cancelscope::outcome<int> first_program(cancelscope::host& runtime, std::string& log);
cancelscope::outcome<void> failures(cancelscope::host& runtime, std::string& log);
cancelscope::outcome<void> cancelling(cancelscope::host& runtime, std::string& log);
cancelscope::outcome<void> cleaning_up(cancelscope::host& runtime, std::string& log);
cancelscope::outcome<void> budgets(cancelscope::host& runtime, std::string& log);
cancelscope::outcome<void> choices(cancelscope::host& runtime, std::string& log);
cancelscope::outcome<void> channels(cancelscope::host& runtime, std::string& log);

} // namespace tutorial
