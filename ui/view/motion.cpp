#include "ui/view/motion.hpp"

#include <algorithm>
#include <cmath>

namespace cancelscope::ui {
namespace {

// Long enough to be followed, too short to be waited for.
constexpr double way_seconds = 0.14;

constexpr double usual_frame = 1.0 / 60;

} // namespace

void timeline_motion::leave(const time_range& shown) {
  from_ = shown;
  left_ = way_seconds;
  begun_ = false;
}

void timeline_motion::advance(double seconds) {
  left_ = std::max(0.0, left_ - (begun_ ? seconds : std::min(seconds, usual_frame)));
  begun_ = true;
}

double timeline_motion::to_come() const {
  const double share = left_ / way_seconds;
  return share * share * share;
}

time_range timeline_motion::towards(const time_range& there) const {
  if (!on_the_way()) return there;
  const double gone = 1 - to_come();
  const double factor = there.length() / from_.length();
  // As good as the same length: the moment that stays where it is would be far away.
  if (std::fabs(factor - 1) < 1e-3)
    return {std::lerp(from_.begin, there.begin, gone), std::lerp(from_.end, there.end, gone)};
  const double fixed = (there.begin - from_.begin * factor) / (1 - factor);
  return zoomed(from_, fixed, std::pow(factor, gone));
}

} // namespace cancelscope::ui
