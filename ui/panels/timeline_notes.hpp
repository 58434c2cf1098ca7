// The flags of notes in the timeline: on the overview strip all of them, on the axis those on a time, in the lanes the
// others.
//
// Threading: the interface's thread.
#pragma once

#include "ui/panels/panel.hpp"
#include "ui/panels/timeline.hpp"

#include <string>
#include <vector>

namespace cancelscope::ui {

/// One flag; of several notes where they would stand on top of each other.
struct note_flag {
  ImVec2 foot; ///< where the pole stands
  std::string on;
  std::string words;
  bool on_strip = false;
  bool hovered = false;
};

/// Takes the mouse for the flags, before whatever lies under them: a click goes to the note.
std::vector<note_flag> take_note_flags(const panel_context& context, const lane_list& lanes,
                                       const timeline_geometry& where);
/// Draws them, and the times and stretches of time they are on.
void paint_note_flags(const panel_context& context, const timeline_geometry& where,
                      const std::vector<note_flag>& flags);

} // namespace cancelscope::ui
