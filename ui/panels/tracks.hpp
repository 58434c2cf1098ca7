// Where the panels with a time axis put it: the same for all of them, so that a moment is one vertical line.
#pragma once

#include <algorithm>
#include <cmath>

namespace cancelscope::ui {

/// The strip right of the tracks, for a scrollbar.
inline constexpr float track_margin = 11;

/// How wide the column of names is that stands before the tracks, in logical pixels.
inline float label_column(float panel_width) {
  return std::floor(std::clamp(panel_width * 0.28F, 112.0F, 230.0F));
}

} // namespace cancelscope::ui
