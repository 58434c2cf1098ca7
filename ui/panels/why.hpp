// Why: the answer for the selection, in words first, then as the chain of causes with the root on top.
#pragma once

#include "inspector/attribution/explain.hpp"
#include "ui/panels/panel.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace cancelscope::ui {

class why_panel final : public panel {
public:
  void draw(const panel_context& context) override;
  void draw_header(const panel_context& context, float width) override;

private:
  void derive(const panel_context& context);
  void draw_answer(const panel_context& context);

  std::uint64_t revision_ = 0;
  inspector::entity subject_;
  inspector::explanation why_;
  std::string sentence_;
  std::string held_up_;          ///< what held its end up
  inspector::entity held_up_by_; ///< the one to look at for that; none where it is the subject
  std::vector<inspector::event_index> stale_; ///< its handle was presented when it was gone
  std::string effects_;                       ///< what it led to
};

} // namespace cancelscope::ui
