// The inspector's sentences on the screen: names in `backticks` and outcomes in *asterisks* stand out.
//
// Threading: the interface's thread.
#pragma once

#include <imgui.h>

#include <string_view>

namespace cancelscope::ui {

/// A layout item as wide as what is left of the line (or `width`), wrapped at words.
void rich_text(std::string_view marked, ImU32 color, float width = 0);

} // namespace cancelscope::ui
