// `cancelscope samples`, `run SAMPLE` and `explore SAMPLE`: where the runtime's samples and the inspector's command
// line meet. Neither knows the other.
#pragma once

#include "inspector/command_line/command_line.hpp"

#include <memory>
#include <string>

namespace cancelscope::ui {

/// The sentence for a name that is not known.
trace::failure no_sample(const std::string& name);

std::unique_ptr<inspector::command> samples_command();
std::unique_ptr<inspector::command> run_command();
std::unique_ptr<inspector::command> explore_command();

} // namespace cancelscope::ui
