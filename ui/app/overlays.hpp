// What lies over the panels, or stands in their place while there is nothing to show.
#pragma once

#include "ui/app/shell_input.hpp"

namespace cancelscope::ui {

/// The sentence about what could not be opened, or a notice; stays until it is dismissed.
void draw_banner(const shell_input& input, intents& wants, screen_record& shown);

/// How far the trace that is arriving has come, and the way to give it up; nothing in its first moments.
void draw_loading(const load_status& loading, intents& wants, screen_record& shown);

/// For who is here for the first time, above the transport bar: the few keys that matter, until they are used.
void draw_hint(const shell_input& input, intents& wants, screen_record& shown);

/// What the last frame cost, in a corner.
void draw_costs(const shell_input& input, screen_record& shown);

/// The keys, and what shapes and colours mean.
void draw_help(bool visible, intents& wants);

/// Before the first trace: what this is and how to open one.
void draw_welcome(const shell_input& input, intents& wants, screen_record& shown);

} // namespace cancelscope::ui
