// A strip of coloured pieces in order of time, merged where they are too small to be seen one by one: of all that
// falls on a pixel the piece of the highest rank is drawn, so that a cancellation is never lost among waits.
//
// Owner:     draws into the list it was given until it is destroyed.
// Threading: the interface's thread.
#pragma once

#include <imgui.h>

namespace cancelscope::ui {

struct strip_piece {
  float from = 0; ///< pixels
  float to = 0;
  ImU32 color = 0;
  float half_height = 6;
  int rank = 0;
};

class strip {
public:
  strip(ImDrawList& list, float middle_y, float clip_left, float clip_right);
  ~strip();
  strip(const strip&) = delete;
  strip& operator=(const strip&) = delete;

  void add(strip_piece piece);

private:
  void flush();
  void paint(const strip_piece& piece);

  ImDrawList& list_;
  float middle_;
  float left_;
  float right_;
  strip_piece pending_;
  bool has_pending_ = false;
};

} // namespace cancelscope::ui
