// What looks wrong, worst first, and which lines of the file could not be used.
#pragma once

#include "ui/panels/panel.hpp"

namespace cancelscope::ui {

class findings_panel final : public panel {
public:
  void draw(const panel_context& context) override;
  /// Findings and anomalies together.
  [[nodiscard]] int count(const document& open) const override;
};

} // namespace cancelscope::ui
