// The desktop window: runs until it is closed, or draws once into a picture.
//
// Threading: call it from the program's first thread; it returns when the window is gone.
// Failure:   a sentence: no screen, no OpenGL, a picture that could not be written, a trace that could not be read
//            where a picture of it was asked for.
#pragma once

#include "trace-format/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cancelscope::ui {

struct native_options {
  std::vector<std::string> traces{};
  std::string screenshot{}; ///< a PNG file: draw it and return
  int width = 1440;         ///< logical pixels
  int height = 900;
  float scale = 1;     ///< device pixels to a logical one, on top of what the system says
  std::string panel{}; ///< which one to show below, by its name in the registry
  std::string select{};
  std::optional<std::uint64_t> at{};
  bool light = false;  ///< the light theme
  bool remote = false; ///< answers requests on standard input (ui/app/remote.hpp), and ends with it
  std::string link{};  ///< a view to start with (view/link.hpp); before `select` and `at`
};

/// Nothing where all went well.
std::optional<trace::failure> run_native_window(const native_options& options);

} // namespace cancelscope::ui
