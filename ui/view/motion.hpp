// The timeline on its way: from the stretch of time that was shown to the one that is looked at now, so that the eye keeps what
// it followed. What is looked at changes at once; only what is drawn follows, for a moment.
//
// Threading: a value of the interface's thread. Time is what frames say has passed, not a clock's.
//
//     motion.leave(view.window);              // before it changes
//     view.window = elsewhere;
//     while (motion.on_the_way()) { motion.advance(seconds); draw(motion.towards(view.window)); }
#pragma once

#include "ui/widgets/time_scale.hpp"

namespace cancelscope::ui {

class timeline_motion {
public:
  /// From here on the way begins; from where it is, where it is on one.
  void leave(const time_range& shown);
  /// There, whatever the way was.
  void arrive() { left_ = 0; }
  /// So much time has passed. Of the frame that follows a rest, nobody knows how long it took.
  void advance(double seconds);

  [[nodiscard]] bool on_the_way() const { return left_ > 0; }
  /// What is to come of the way, slower towards its end: 1 where it begins, 0 at rest.
  [[nodiscard]] double to_come() const;
  /// What to show now on the way to there: zooming is even to the eye, and so goes by factors.
  [[nodiscard]] time_range towards(const time_range& there) const;

private:
  time_range from_{};
  double left_ = 0; ///< seconds
  bool begun_ = false;
};

} // namespace cancelscope::ui
