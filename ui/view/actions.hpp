// What can be done with something: the one list behind all context menus and Ctrl+P.
//
// Threading: values; reads the document only.
#pragma once

#include "ui/view/document.hpp"
#include "ui/view/intents.hpp"
#include "ui/view/notes.hpp"
#include "ui/view/view_state.hpp"

#include <span>
#include <string>
#include <vector>

namespace cancelscope::ui {

struct action {
  std::string name;
  std::string keys; ///< that do the same to the selection, or empty
  intents wanted;   ///< one after the other
  bool begins_group = false;
};

/// What it is called: "charge card (t1.1)".
std::string title_of(const document& open, const menu_subject& about);

/// In the order in which people look for them; without those that would do nothing.
std::vector<action> actions_on(const document& open, const view_state& view,
                               std::span<const placed_note> notes, const menu_subject& about);

/// What is selected, as a menu takes it.
menu_subject selected_subject(const view_state& view);

} // namespace cancelscope::ui
