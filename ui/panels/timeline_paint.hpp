// How the timeline looks: given the rows and where they lie, paints them. Only what is in sight is asked for and
// drawn.
//
// Threading: the interface's thread.
#pragma once

#include "ui/panels/timeline.hpp"

#include <string>

namespace cancelscope::ui {

class timeline_painter {
public:
  timeline_painter(const panel_context& context, const lane_list& lanes,
                   const timeline_geometry& where);

  void paint_overview() const;
  void paint_axis() const;
  void paint_lanes() const;
  void paint_arrows() const;
  void paint_marked() const;
  void paint_cursor() const;

private:
  /// The flag on the time axis that says where the cursor stands.
  struct cursor_tag {
    bool visible = false;
    float x = 0;
    float left = 0;
    float right = 0;
    std::string label;
  };

  [[nodiscard]] cursor_tag tag_of_cursor() const;
  void paint_lane(int row) const;
  void paint_label(const lane_row& lane, float middle, bool selected, bool all_drawn,
                   bool pinned) const;
  void paint_task(inspector::task_index task, float middle) const;
  void paint_unknown(inspector::entity who, float middle) const;
  void paint_region(inspector::region_index region, float middle) const;
  bool paint_folded(const lane_row& lane, float middle) const;
  void paint_requests(inspector::entity target, float middle) const;
  void say_that_arrows_are_left_out(std::size_t in_view) const;
  void paint_arrow(inspector::cancel_index cancel, ImU32 color, float thickness) const;

  const panel_context& context_;
  const lane_list& lanes_;
  const timeline_geometry& where_;
  time_scale scale_;
  inspector::cause_chain chain_; ///< of what Why is about
};

/// The right end of the triangle that folds the lane.
float fold_mark_right(const timeline_geometry& where, const lane_row& lane);

/// What the lane shows at that moment, in words.
void show_lane_tooltip(const panel_context& context, inspector::entity who, double t);

} // namespace cancelscope::ui
