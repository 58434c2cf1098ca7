// The open trace (A) beside another run of the same program (B): where they part ways first, and what differs.
#pragma once

#include "ui/panels/panel.hpp"

namespace cancelscope::ui {

class differences_panel final : public panel {
public:
  void draw(const panel_context& context) override;
  void draw_header(const panel_context& context, float width) override;

private:
  void draw_parting(const panel_context& context);
  void draw_rows(const panel_context& context);
};

} // namespace cancelscope::ui
