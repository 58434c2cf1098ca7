// Writes a file that was not there before.
//
// Threading: any. Failure: a sentence that names the file.
#pragma once

#include "trace-format/result.hpp"

#include <string>
#include <string_view>

namespace cancelscope::ui {

/// Where something of that name is there already, a number comes before its last ending. Where it went.
trace::result<std::string> write_new_file(const std::string& path, std::string_view bytes);

} // namespace cancelscope::ui
