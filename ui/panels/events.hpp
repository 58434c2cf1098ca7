// Every event in order, filtered as one types; the row of the cursor stays in sight.
#pragma once

#include "inspector/query/query.hpp"
#include "ui/panels/panel.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cancelscope::ui {

class events_panel final : public panel {
public:
  void draw(const panel_context& context) override;
  void draw_header(const panel_context& context, float width) override;

private:
  void derive(const panel_context& context);
  void follow_cursor(const panel_context& context);
  void draw_row(const panel_context& context, inspector::event_index e);
  [[nodiscard]] std::size_t row_count() const;
  [[nodiscard]] inspector::event_index row(std::size_t number) const;

  std::uint64_t revision_ = 0;
  std::string applied_;   ///< what matches_ was made from
  std::string complaint_; ///< why the text is no query
  bool filtered_ = false;
  std::optional<time_range> marked_; ///< what matches_ lies in
  std::size_t first_ = 0;            ///< of those that are shown where nothing is filtered
  std::size_t count_ = 0;
  std::vector<inspector::event_index> matches_;
  inspector::moment followed_;
};

} // namespace cancelscope::ui
