// The bars above and below the panels.
#pragma once

#include "ui/app/shell_input.hpp"

namespace cancelscope::ui {

/// File, what is in it, what is wrong with it, help.
void draw_top_bar(const shell_input& input, intents& wants, screen_record& shown);

/// Steps, and where the cursor stands.
void draw_transport_bar(const shell_input& input, intents& wants, screen_record& shown);

} // namespace cancelscope::ui
