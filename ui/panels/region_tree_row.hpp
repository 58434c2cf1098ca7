// One row of the region tree: fold, state, name, and at its right end what is under it or how old it is.
#pragma once

#include "inspector/timeline/tree.hpp"
#include "ui/panels/panel.hpp"

#include <cstdint>

namespace cancelscope::ui {

/// Draws the node of that number at `corner`; a click on it asks for a selection or a fold.
void draw_tree_row(const panel_context& context, const inspector::region_tree& tree,
                   std::uint32_t number, ImVec2 corner, float width);

} // namespace cancelscope::ui
