// The shapes that say what something is and what state it is in, so that no state is told by colour alone.
// Tasks are round, regions square, cancels diamonds, findings triangles. Drawn from lines and arcs: sharp at any
// size, whatever the font has.
//
// Threading: the interface's thread.
#pragma once

#include "trace-format/events.hpp"

#include <imgui.h>

namespace cancelscope::ui {

enum class glyph {
  task_running,
  task_waiting,
  task_requested,
  task_draining,
  task_finalizing,
  outcome_ok,
  outcome_err,
  outcome_cancelled,
  outcome_panicked,
  region_open,
  region_closing,
  region_draining,
  region_finalizing,
  region_closed,
  cancel,
  obligation,
  event,
  severity_error,
  severity_warning,
  severity_info,
  all_well,
  question,
  state_unknown,
  fill_window,
  unfill_window,
  panels,
  note,
  pin,
  folded,
  unfolded,
  step_first,
  step_last,
  step_previous,
  step_next,
  step_cause,
  step_effect,
  play,
  pause,
};

/// `size` is the glyph's width and height in logical pixels.
void draw_glyph(ImDrawList& list, glyph shape, ImVec2 center, float size, ImU32 color);

/// A glyph as an item in the layout, as tall as a line of text.
void inline_glyph(glyph shape, float size, ImU32 color);

glyph glyph_of(trace::outcome_kind outcome);
glyph glyph_of(trace::region_state state);

} // namespace cancelscope::ui
