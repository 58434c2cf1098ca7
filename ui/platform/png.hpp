// Writes pictures as PNG.
//
// Threading: any. Failure: a sentence that names the file.
#pragma once

#include "trace-format/result.hpp"
#include "ui/platform/sdl_window.hpp"

#include <optional>
#include <string>

namespace cancelscope::ui {

/// Nothing where the file was written.
std::optional<trace::failure> write_png(const picture& shot, const std::string& path);

} // namespace cancelscope::ui
