// Words on the screen: clipped, faded, as links.
//
// Threading: the interface's thread.
#pragma once

#include <imgui.h>

#include <string_view>

namespace cancelscope::ui {

/// How wide the text is in the given font, in logical pixels.
float text_width(ImFont* font, std::string_view text);

/// Draws text at a place, not as a layout item; what goes beyond `max_width` ends in an ellipsis. Returns the width
/// it took.
float draw_text(ImDrawList& list, ImFont* font, ImVec2 at, ImU32 color, std::string_view text,
                float max_width = 1e9F);

/// The same, its middle on the line through `middle_y`.
float draw_text_middle(ImDrawList& list, ImFont* font, float x, float middle_y, ImU32 color,
                       std::string_view text, float max_width = 1e9F);

/// A text item of one line in a colour.
void colored_text(ImU32 color, std::string_view text);
/// A text item that wraps at the right edge of the panel.
void wrapped_text(ImU32 color, std::string_view text);

/// Text that does something when clicked: in the accent colour, underlined under the mouse. True when clicked.
bool link(std::string_view text, std::string_view key = {});

/// A short word in a rounded box. Not clickable.
void pill(std::string_view text, ImU32 color);

/// Shows the text at once while the last item is under the mouse.
void tooltip(std::string_view text);

} // namespace cancelscope::ui
