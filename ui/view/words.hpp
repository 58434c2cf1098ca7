// Names for what the screen shows, where neither the trace format nor the inspector has them.
//
// Threading: reads the store only.
#pragma once

#include "inspector/store/trace_store.hpp"
#include "inspector/timeline/state.hpp"
#include "ui/widgets/glyphs.hpp"
#include "ui/widgets/time_scale.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace cancelscope::ui {

/// The events of a stretch of time: from the first to before the second.
struct event_range {
  std::size_t begin = 0;
  std::size_t end = 0;
};
event_range events_in(const inspector::trace_store& trace, const time_range& stretch);
/// "12.3 ms · 1,204 events"
std::string marked_text(const inspector::trace_store& trace, const time_range& stretch);

/// The kind of a cancel as the trace writes it: "timeout", or the name of a kind this version does not know.
std::string_view kind_name(const inspector::trace_store& trace, inspector::cancel_index cancel);
/// The same for people: "race lost", "fail fast".
std::string kind_words(const inspector::trace_store& trace, inspector::cancel_index cancel);

/// Its name without any marks, or its id where it has none.
std::string display_name(const inspector::trace_store& trace, inspector::entity who);

/// What it lies under: a task's region, a region's parent, an obligation's holder, a cancel's target; none above.
inspector::entity owner_of(const inspector::trace_store& trace, inspector::entity who);

/// Where the text has the wanted letters, in upper or lower case of ASCII; npos where it has not.
std::size_t find_folded(std::string_view text, std::string_view wanted);

/// A shape and its colour: what stands before a name.
struct sign {
  glyph shape = glyph::event;
  ImU32 color = 0;
};
/// The state as of a moment, the outcome once it is over.
sign sign_at(const inspector::trace_store& trace, inspector::entity who, inspector::moment m);

ImU32 color_of(inspector::task_state state);
ImU32 color_of(trace::region_state state);

} // namespace cancelscope::ui
