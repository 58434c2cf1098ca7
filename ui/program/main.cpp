// The program `cancelscope`: the inspector's commands, the samples and the window, put together.
#include "inspector/command_line/command_line.hpp"
#include "ui/program/sample_commands.hpp"
#include "ui/program/view_command.hpp"

#include <memory>
#include <string>
#include <vector>

int main(int argc, char** argv) {
  namespace inspector = cancelscope::inspector;
  inspector::command_list commands = inspector::inspector_commands();
  commands.push_back(std::make_unique<cancelscope::ui::view_command>());
  commands.push_back(cancelscope::ui::samples_command());
  commands.push_back(cancelscope::ui::run_command());
  commands.push_back(cancelscope::ui::explore_command());
  inspector::console io = inspector::standard_console();
  return inspector::run(std::vector<std::string>(argv + 1, argv + argc), commands, io);
}
