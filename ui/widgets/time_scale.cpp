#include "ui/widgets/time_scale.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace cancelscope::ui {
namespace {

struct unit {
  double ns;
  const char* name;
};

constexpr std::array<unit, 4> units{{{1e9, "s"}, {1e6, "ms"}, {1e3, "µs"}, {1, "ns"}}};

// One unit for a whole axis: that of its far end, so that neighbouring labels compare.
const unit& unit_for(double magnitude) {
  for (const unit& candidate : units) {
    if (magnitude >= candidate.ns) return candidate;
  }
  return units.back();
}

std::string in_unit(double t, const unit& u, double resolution) {
  const double step = resolution / u.ns;
  const int digits =
      step >= 1 ? 0 : std::min(9, static_cast<int>(std::ceil(-std::log10(step) - 1e-9)));
  return fmt::format("{:.{}f} {}", t / u.ns, digits, u.name);
}

} // namespace

float time_scale::x_of(double t) const {
  const double share = (t - window.begin) / window.length();
  // Far outside, a float loses the pixel and a rectangle its corner.
  return left + static_cast<float>(std::clamp(share, -4.0, 5.0) * static_cast<double>(width));
}

double time_scale::time_at(float x) const {
  return window.begin + static_cast<double>(x - left) * per_pixel();
}

time_range zoomed(time_range window, double fixed, double factor) {
  return {fixed - (fixed - window.begin) * factor, fixed + (window.end - fixed) * factor};
}

time_range panned(time_range window, double by) {
  return {window.begin + by, window.end + by};
}

time_range confined(time_range window, double duration) {
  constexpr double narrowest = 100;
  const double whole = std::max(duration, narrowest);
  // A margin lets the first and the last moment be looked at from both sides.
  const double margin = whole * 0.04;
  const double length = std::clamp(window.length(), narrowest, whole + 2 * margin);
  const double middle = (window.begin + window.end) / 2;
  const double begin = std::clamp(middle - length / 2, -margin, whole + margin - length);
  return {begin, begin + length};
}

std::vector<tick> ticks(const time_scale& scale, float label_spacing) {
  std::vector<tick> found;
  const double wanted = scale.per_pixel() * static_cast<double>(label_spacing);
  if (!(wanted > 0)) return found;
  const double power = std::pow(10, std::floor(std::log10(wanted)));
  const double mantissa = wanted / power;
  const double major = power * (mantissa <= 1 ? 1 : mantissa <= 2 ? 2 : mantissa <= 5 ? 5 : 10);
  const double minor = major / 5;
  const unit& u = unit_for(std::max(std::fabs(scale.window.end), std::fabs(scale.window.begin)));
  const double first = std::ceil(scale.window.begin / minor);
  const double last = std::floor(scale.window.end / minor);
  for (double n = first; n <= last; ++n) {
    const double t = n * minor + 0.0; // -0 becomes 0
    const bool labelled = std::fabs(std::remainder(n, 5)) < 0.5;
    found.push_back({t, labelled, labelled ? in_unit(t, u, major) : std::string()});
  }
  return found;
}

std::string format_moment(double t, double resolution) {
  return in_unit(t, unit_for(std::fabs(t)), std::max(resolution, 1.0));
}

} // namespace cancelscope::ui
