// `cancelscope samples` and `cancelscope run SAMPLE`: where the runtime's samples and the inspector's command line
// meet. Neither knows the other.
#pragma once

#include "inspector/command_line/command_line.hpp"

#include <memory>

namespace cancelscope::ui {

std::unique_ptr<inspector::command> samples_command();
std::unique_ptr<inspector::command> run_command();

} // namespace cancelscope::ui
