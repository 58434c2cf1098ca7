// Things to press and drag.
//
// Threading: the interface's thread.
#pragma once

#include "ui/widgets/glyphs.hpp"

#include <imgui.h>

#include <string_view>

namespace cancelscope::ui {

/// A square button with a glyph in it; `hint` is its tooltip. True when pressed.
bool glyph_button(const char* name, glyph shape, std::string_view hint, bool enabled = true);

/// A button with a word on it, flat until the mouse is over it. True when pressed.
bool quiet_button(const char* label, bool pressed = false);

/// The button that stands for what to do first.
bool main_button(const char* label);

/// One tab of a row of tabs; `count` is shown behind the label unless it is negative. True when pressed.
bool tab(const char* label, bool current, int count = -1);

enum class axis { horizontal, vertical };

/// A bar between two panels that can be dragged along `direction`. Returns how far it was dragged in this frame.
float splitter(const char* name, axis direction, ImVec2 corner, ImVec2 size);

/// A bar that is filled by `share` (0 to 1).
void meter(ImVec2 size, float share, ImU32 color);

} // namespace cancelscope::ui
