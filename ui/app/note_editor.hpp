// Where a note is written: one line over the panels. Enter keeps it, Escape leaves it as it was.
//
// Threading: the interface's thread.
#pragma once

#include "ui/app/shell_input.hpp"

#include <string>

namespace cancelscope::ui {

class note_editor {
public:
  /// Draws it while view_state::noting says what on.
  void draw(const shell_input& input, intents& wants, screen_record& shown);

private:
  std::string on_; ///< what the text is for; empty while nothing is written
  std::string text_;
  bool field_active_ = false;
};

} // namespace cancelscope::ui
