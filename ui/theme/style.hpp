// The measures of the interface and ImGui's own style, set once.
#pragma once

#include "ui/theme/palette.hpp"

namespace cancelscope::ui {

/// Logical pixels. Everything that two panels must agree on stands here.
namespace measure {
inline constexpr float top_bar = 44;
inline constexpr float transport_bar = 44;
inline constexpr float panel_header = 34;
inline constexpr float row = 24;
inline constexpr float padding = 12;
inline constexpr float gap = 8;
inline constexpr float rounding = 5;
inline constexpr float splitter = 5;
} // namespace measure

/// Dresses the current ImGui context. Call it once after the context was made.
void apply_style();

/// Dresses it in the theme's colours; from the next frame on everything is drawn in them.
void show_theme(theme wanted);

} // namespace cancelscope::ui
