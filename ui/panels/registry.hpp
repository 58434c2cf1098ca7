// Every panel there is, and where in the window it has its place.
#pragma once

#include "ui/panels/panel.hpp"
#include "ui/view/layout.hpp"

#include <memory>
#include <span>
#include <string_view>

namespace cancelscope::ui {

struct panel_entry {
  std::string_view name; ///< what view_state and tests call it
  const char* title;     ///< what a reader sees
  panel_place place;
  std::unique_ptr<panel> (*make)();
};

/// In the order in which panels of one place are shown as tabs.
std::span<const panel_entry> panel_registry();

} // namespace cancelscope::ui
