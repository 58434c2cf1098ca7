// What drawing costs, measured by the window that draws.
#pragma once

#include <cstdint>

namespace cancelscope::ui {

struct frame_stats {
  std::uint64_t frames = 0;
  double last_cpu_ms = 0; ///< from the frame's start to its last GL call
  double worst_cpu_ms = 0;
  int vertices = 0;
};

} // namespace cancelscope::ui
