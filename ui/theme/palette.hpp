// Every colour the interface draws with, in one place, named by what it means.
//
// The state colours stay apart for colour-blind eyes (they vary in lightness as well as in hue), and no state is
// told by colour alone: widgets/glyphs.hpp gives each its shape.
//
// Threading: the interface's thread.
#pragma once

#include "trace-format/events.hpp"

#include <imgui.h>

namespace cancelscope::ui {

struct palette {
  // Surfaces, from the farthest back to the nearest.
  ImU32 background;
  ImU32 panel;
  ImU32 raised;
  ImU32 hovered;
  ImU32 border;
  ImU32 grid;

  ImU32 text;
  ImU32 muted;
  ImU32 faint;

  ImU32 accent;      ///< the selection, links, the cursor
  ImU32 accent_soft; ///< behind what is selected

  // A task's life.
  ImU32 running;
  ImU32 waiting;
  ImU32 requested;
  ImU32 draining;
  ImU32 finalizing;
  ImU32 unknown;

  // Outcomes.
  ImU32 ok;
  ImU32 err;
  ImU32 cancelled;
  ImU32 panicked;

  // Findings.
  ImU32 error;
  ImU32 warning;
  ImU32 info;

  ImU32 note; ///< what a person wrote
};

enum class theme { dark, light };

/// The colours in use: those of the theme that was shown last (style.hpp), dark at first.
const palette& colors();
void use_colors_of(theme wanted);

/// The same colour, less opaque: `opacity` from 0 to 1.
ImU32 faded(ImU32 color, float opacity);
/// `share` of `over` laid on `under`, opaque.
ImU32 mixed(ImU32 under, ImU32 over, float share);

ImU32 color_of(trace::outcome_kind outcome);

} // namespace cancelscope::ui
