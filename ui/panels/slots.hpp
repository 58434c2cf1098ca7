// The slots as a heatmap: a row a slot, a cell a tenancy, lighter with every generation; stale uses in red where they
// happened. It shows the same stretch of time as the timeline.
#pragma once

#include "ui/panels/panel.hpp"

#include <vector>

namespace cancelscope::ui {

class slots_panel final : public panel {
public:
  void draw(const panel_context& context) override;
  void draw_header(const panel_context& context, float width) override;

private:
  void reveal_selection(const panel_context& context,
                        const std::vector<inspector::slot_history>& histories);

  std::uint64_t revealed_ = 0;
};

} // namespace cancelscope::ui
