// A raised box around whatever is drawn while it is open; the whole of it can be clicked.
//
// Threading: the interface's thread.
//
//     card box("c3", {.edge = colors().cancelled});
//     colored_text(…);
//     if (box.close()) select(…);
#pragma once

#include <imgui.h>

namespace cancelscope::ui {

struct card_look {
  ImU32 edge = 0;        ///< the strip at its left side; 0 for none
  bool selected = false; ///< outlined in the accent colour
  bool lit = false;      ///< as if the mouse were over it
};

class card {
public:
  card(const char* name, card_look look);
  card(const card&) = delete;
  card& operator=(const card&) = delete;

  /// Draws the box behind its contents. True when it was clicked, not counting clicks on links in it.
  bool close();
  /// The width that contents have.
  [[nodiscard]] float inner_width() const { return width_ - 2 * pad_x; }
  [[nodiscard]] ImVec2 min() const { return corner_; }
  [[nodiscard]] ImVec2 max() const { return end_; }
  [[nodiscard]] bool hovered() const { return hovered_; }
  /// The mouse is over a link in it.
  [[nodiscard]] bool on_link() const { return on_link_; }

private:
  static constexpr float pad_x = 14;
  static constexpr float pad_y = 10;

  card_look look_;
  ImVec2 corner_;
  ImVec2 end_;
  float width_;
  bool hovered_ = false;
  bool on_link_ = false;
};

} // namespace cancelscope::ui
