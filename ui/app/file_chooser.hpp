// A list of the folders and traces of this machine, in the window: for platforms without a dialog of their own.
//
// Threading: the interface's thread. Failure: a folder that cannot be read shows as empty, with the reason.
#pragma once

#include "ui/view/intents.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace cancelscope::ui {

class file_chooser {
public:
  /// While it is shown: asks for open_path when a file was chosen, for choose_file (again: to close) when not.
  void draw(intents& wants);

private:
  struct entry {
    std::string name;
    bool folder = false;
    std::uintmax_t size = 0;
  };

  void enter(const std::filesystem::path& folder);
  void draw_rows(intents& wants);

  std::filesystem::path folder_;
  std::vector<entry> entries_;
  std::string problem_;
};

} // namespace cancelscope::ui
