// The timeline: a lane a region or task, their phases in colour, waits thin, arrows from cause to effect, the cursor,
// and above it the whole trace as a strip.
#pragma once

#include "inspector/attribution/chain.hpp"
#include "ui/panels/panel.hpp"
#include "ui/panels/timeline_lanes.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>

namespace cancelscope::ui {

/// Where the parts of the timeline lie, in pixels of the screen.
struct timeline_geometry {
  ImVec2 overview_min, overview_max;
  ImVec2 axis_min, axis_max;
  ImVec2 lanes_min, lanes_max; ///< labels and tracks
  float track_left = 0;        ///< where the tracks begin
  float scroll = 0;
  int pinned = 0; ///< how many of the first rows do not scroll

  static constexpr float row_height = 22;

  [[nodiscard]] time_scale scale(const time_range& window) const {
    return {window, track_left, lanes_max.x - track_left};
  }
  /// Where the lanes that scroll begin.
  [[nodiscard]] float scrolled_top() const {
    return lanes_min.y + static_cast<float>(pinned) * row_height;
  }
  [[nodiscard]] bool scrolls(int row) const { return row >= pinned; }
  [[nodiscard]] float row_middle(int row) const {
    return lanes_min.y - (scrolls(row) ? scroll : 0) +
           (static_cast<float>(row) + 0.5F) * row_height;
  }
  /// Also of where no row is, and of a mouse that is nowhere.
  [[nodiscard]] int row_at(float y) const {
    constexpr float most_rows = 1e9F;
    const float row = (y - lanes_min.y + (y < scrolled_top() ? 0 : scroll)) / row_height;
    return static_cast<int>(std::clamp(std::floor(row), -1.0F, most_rows));
  }
};

class timeline_panel final : public panel {
public:
  void draw(const panel_context& context) override;
  void draw_header(const panel_context& context, float width) override;

private:
  timeline_geometry lay_out();
  void keep_in_place(const panel_context& context, const timeline_geometry& where);
  void reveal_selection(const panel_context& context, timeline_geometry& where);
  void glide(const panel_context& context, timeline_geometry& where);
  void handle_overview(const panel_context& context, const timeline_geometry& where);
  void handle_axis(const panel_context& context, const timeline_geometry& where);
  void mark_time(const panel_context& context, const timeline_geometry& where);
  void handle_lanes(const panel_context& context, const timeline_geometry& where);
  void handle_wheel(const panel_context& context, const timeline_geometry& where);
  void click_lane(const panel_context& context, const timeline_geometry& where);
  void offer_menu(const panel_context& context, const timeline_geometry& where) const;
  float draw_hidden(const panel_context& context, float width) const;
  void draw_scrollbar(const timeline_geometry& where);

  lane_list lanes_;
  std::uint64_t revision_ = 0;
  std::uint64_t revealed_ = 0;
  float scroll_ = 0;                 ///< once at rest
  float glide_ = 0;                  ///< how much of it is to come while all of the way is
  std::optional<double> marks_from_; ///< while a stretch of time is being marked
  float travelled_ = 0;              ///< how far the mouse went since the button went down
  inspector::entity anchor_;         ///< the row that stays where it is when rows come and go
  float anchor_y_ = 0;
};

} // namespace cancelscope::ui
