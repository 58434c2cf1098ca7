// What the user wrote, in order of time: a click goes there.
#pragma once

#include "ui/panels/panel.hpp"

namespace cancelscope::ui {

class notes_panel final : public panel {
public:
  void draw(const panel_context& context) override;
  void draw_header(const panel_context& context, float width) override;
  [[nodiscard]] int count(const panel_context& context) const override;
};

} // namespace cancelscope::ui
