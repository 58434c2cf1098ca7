// The keyboard, as intents.
#pragma once

#include "ui/app/shell_input.hpp"
#include "ui/view/intents.hpp"

namespace cancelscope::ui {

/// What the keys pressed in this frame ask for; nothing while text is being typed. True while a key is held that
/// moves the timeline, so that the next frame is due at once.
bool gather_keys(const shell_input& input, intents& wants);

} // namespace cancelscope::ui
