// Time on the screen: which moment is at which pixel, and where a reader expects a tick.
//
// Threading: values.
//
//     const time_scale scale{.window = {0, 1000}, .left = 300, .width = 800};
//     draw_at(scale.x_of(250));   // 500
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace cancelscope::ui {

/// A stretch of the trace, in ns; real numbers, so that zooming keeps what it rounds.
struct time_range {
  double begin = 0;
  double end = 1;

  [[nodiscard]] double length() const { return end - begin; }
  [[nodiscard]] bool contains(double t) const { return begin <= t && t <= end; }
  friend bool operator==(const time_range&, const time_range&) = default;
};

struct time_scale {
  time_range window;
  float left = 0;  ///< the pixel of window.begin
  float width = 1; ///< pixels

  [[nodiscard]] float x_of(double t) const;
  [[nodiscard]] double time_at(float x) const;
  [[nodiscard]] double per_pixel() const { return window.length() / static_cast<double>(width); }
};

/// The window `factor` times as long (below 1: nearer), with the moment `fixed` staying where it is.
time_range zoomed(time_range window, double fixed, double factor);
time_range panned(time_range window, double by);
/// Kept within the trace, and never narrower than a reader can use (100 ns).
time_range confined(time_range window, double duration);

struct tick {
  double t = 0;
  bool labelled = false;
  std::string label{};
};

/// Ticks at 1, 2 or 5 times a power of ten, labels at least `label_spacing` pixels apart.
std::vector<tick> ticks(const time_scale& scale, float label_spacing = 90);

/// A moment with as many digits as tell it from one `resolution` ns later: "12.480 ms".
std::string format_moment(double t, double resolution);

} // namespace cancelscope::ui
