// How a report looks: one style sheet, dark and light, for the screen and for paper. The colours of states and
// outcomes are those of the window's theme.
#pragma once

#include <string_view>

namespace cancelscope::inspector {

std::string_view page_style();

} // namespace cancelscope::inspector
