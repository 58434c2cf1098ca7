// The interface's typefaces: Inter for words, JetBrains Mono for ids, times and counts.
//
// Owner: the ImGui context's font atlas; build_fonts replaces all of them, so nobody keeps an ImFont*.
// Threading: the interface's thread.
#pragma once

struct ImFont;

namespace cancelscope::ui {

struct font_set {
  ImFont* body = nullptr;
  ImFont* strong = nullptr;
  ImFont* heading = nullptr;
  ImFont* small = nullptr;
  ImFont* mono = nullptr;
};

/// The fonts last built.
const font_set& fonts();

/// Rasterises every font for a screen with `pixel_ratio` device pixels to a logical one and makes ImGui lay them
/// out in logical pixels. Call it between frames; the backend must upload the atlas anew afterwards.
void build_fonts(float pixel_ratio);

/// Draws with a font for as long as it lives.
class with_font {
public:
  explicit with_font(ImFont* font);
  ~with_font();
  with_font(const with_font&) = delete;
  with_font& operator=(const with_font&) = delete;
};

} // namespace cancelscope::ui
