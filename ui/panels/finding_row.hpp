// One finding, wherever it is listed.
#pragma once

#include "inspector/findings/finding.hpp"
#include "ui/panels/panel.hpp"
#include "ui/view/words.hpp"

namespace cancelscope::ui {

sign sign_of(inspector::severity how_bad);

/// A line with its sign, code and sentence. A click goes to whom and when it concerns.
void draw_finding_row(const panel_context& context, const inspector::finding& finding, int number);

} // namespace cancelscope::ui
