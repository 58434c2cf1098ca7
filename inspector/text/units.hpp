// Numbers as people read them. One place, so that the command line and the screen agree.
//
// Threading: pure functions. Failure: none.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace cancelscope::inspector {

/// Two or three significant figures with the unit that fits: "870 ns", "3.1 ms", "250 ms", "2.05 s", "4 min 10 s".
std::string duration_text(std::uint64_t ns);
/// A moment for a ruler or a status bar, to the microsecond: "12.480 ms".
std::string time_text(std::uint64_t t);
/// With thousands apart: "4,211".
std::string count_text(std::uint64_t n);
/// "1 task", "3 tasks": the plural adds an s unless given.
std::string counted(std::uint64_t n, std::string_view singular, std::string_view plural = {});
/// "17 bytes", "1.2 MB".
std::string bytes_text(std::uint64_t n);

} // namespace cancelscope::inspector
