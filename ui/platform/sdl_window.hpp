// An SDL2 window (in the browser: the page's canvas) with OpenGL and a Dear ImGui context in it. What native and
// browser share; when to draw is decided by each of them.
//
// Owner:     owns the window, the GL context and the ImGui context; one at a time.
// Threading: the thread that made it.
// Failure:   open() says in a sentence why there is no window.
#pragma once

#include "trace-format/result.hpp"
#include "ui/app/frame_stats.hpp"

#include <SDL.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace cancelscope::ui {

struct window_options {
  std::string title = "Cancelscope";
  int width = 1440; ///< logical pixels
  int height = 900;
  float scale = 1; ///< device pixels to a logical one, on top of what the system says
  bool hidden = false;
};

/// An RGBA picture, top row first.
struct picture {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgba;
};

class sdl_window {
public:
  static trace::result<std::unique_ptr<sdl_window>> open(const window_options& options);
  sdl_window(const sdl_window&) = delete;
  sdl_window& operator=(const sdl_window&) = delete;
  ~sdl_window();

  /// Takes an input event and notes that frames are due.
  void handle(const SDL_Event& event);

  /// A frame or more are due: input came, or someone called want_frames.
  [[nodiscard]] bool needs_frame() const { return frames_due_ > 0; }
  /// Interaction settles over a few frames: hover, then layout.
  void want_frames(int count = 3);

  /// Draws one frame: `contents` runs between ImGui's NewFrame and Render.
  void draw(const std::function<void()>& contents);
  /// Shows what was drawn.
  void present();
  /// Reads what was drawn; between draw and present.
  [[nodiscard]] picture read_pixels() const;

  /// Makes anew what the GPU forgot when the GL context was lost.
  void restore_graphics();

  void set_title(const std::string& title);
  [[nodiscard]] const frame_stats& stats() const { return stats_; }

private:
  sdl_window(SDL_Window* window, SDL_GLContext context, float scale);
  void begin_frame();
  [[nodiscard]] float system_ratio() const;

  SDL_Window* window_;
  SDL_GLContext context_;
  float scale_;
  float font_ratio_ = 0;
  int frames_due_ = 3;
  frame_stats stats_;
};

} // namespace cancelscope::ui
