// What looks wrong, worst first, and which lines of the file could not be used.
#pragma once

#include "ui/panels/panel.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace cancelscope::ui {

class findings_panel final : public panel {
public:
  void draw(const panel_context& context) override;
  void draw_header(const panel_context& context, float width) override;
  /// Findings and anomalies together.
  [[nodiscard]] int count(const panel_context& context) const override;

private:
  void derive(const panel_context& context);

  std::uint64_t revision_ = 0;
  std::optional<time_range> marked_;
  std::vector<std::uint32_t> rows_; ///< anomalies by their number, then findings
};

} // namespace cancelscope::ui
