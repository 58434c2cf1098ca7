// Text for a page: nothing in a trace can become markup.
//
// Threading: pure functions. Failure: none; what is not UTF-8, and control characters, become U+FFFD.
#pragma once

#include <string>
#include <string_view>

namespace cancelscope::inspector::html {

/// For text and for attributes in double quotes.
std::string escaped(std::string_view text);

/// A sentence of inspector/summary with its marks as elements: `names` as code, *outcomes* as such. What stands
/// in “quotes” is left as it is.
std::string from_markdown(std::string_view sentence);

} // namespace cancelscope::inspector::html
