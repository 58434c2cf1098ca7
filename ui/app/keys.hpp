// The keyboard, as intents.
#pragma once

#include "ui/view/document.hpp"
#include "ui/view/intents.hpp"
#include "ui/view/view_state.hpp"

namespace cancelscope::ui {

/// What the keys pressed in this frame ask for; nothing while text is being typed. True while a key is held that
/// moves the timeline, so that the next frame is due at once.
bool gather_keys(const document* open, const view_state& view, intents& wants);

} // namespace cancelscope::ui
