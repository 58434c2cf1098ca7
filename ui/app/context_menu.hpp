// The list of what can be done with something (view/actions.hpp), at the place where it was asked for: by a right click,
// or by the Menu key for what is selected.
//
// Threading: the interface's thread.
#pragma once

#include "ui/app/shell_input.hpp"
#include "ui/view/actions.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace cancelscope::ui {

class context_menu {
public:
  /// Draws it while view_state::menu says so.
  void draw(const shell_input& input, intents& wants, screen_record& shown);

private:
  void use_keys(intents& wants);
  void draw_row(std::size_t number, float width, intents& wants, screen_record& shown);
  void take(std::size_t number, intents& wants) const;

  std::optional<open_menu> drawn_; ///< what actions_ are for
  std::vector<action> actions_;
  std::optional<std::size_t> chosen_; ///< by the keyboard
};

} // namespace cancelscope::ui
