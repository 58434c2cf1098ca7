// What somebody may have meant who mistyped a word.
//
// Threading: pure functions. Failure: none; what is like no word gives nothing.
#pragma once

#include <span>
#include <string_view>

namespace cancelscope::inspector {

/// The word most like the one that was typed, in whichever case; empty where none is like it.
std::string_view nearest_word(std::string_view typed, std::span<const std::string_view> words);

} // namespace cancelscope::inspector
