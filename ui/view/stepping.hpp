// Where a step leads: pure, so that keys, buttons and programs step alike.
//
// Threading: reads the document only. Failure: nothing where there is no further step.
#pragma once

#include "ui/view/document.hpp"
#include "ui/view/intents.hpp"
#include "ui/view/view_state.hpp"

#include <optional>

namespace cancelscope::ui {

struct step_target {
  inspector::moment cursor;
  std::uint64_t time = 0;
  selection selected;
};

std::optional<step_target> step_from(const document& open, const view_state& view,
                                     step_direction direction);

} // namespace cancelscope::ui
