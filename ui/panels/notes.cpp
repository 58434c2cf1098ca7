#include "ui/panels/notes.hpp"

#include "inspector/text/units.hpp"
#include "ui/theme/palette.hpp"
#include "ui/theme/style.hpp"
#include "ui/theme/typography.hpp"
#include "ui/view/words.hpp"
#include "ui/widgets/controls.hpp"
#include "ui/widgets/text.hpp"

#include <imgui.h>

#include <algorithm>
#include <array>
#include <string>

namespace cancelscope::ui {
namespace {

using namespace inspector;

// Shown at the right end of the row under the mouse; its width.
float draw_row_links(const panel_context& context, const placed_note& one, ImVec2 end) {
  constexpr std::array words{"Edit", "Delete"};
  const float width = text_width(fonts().body, words[0]) + text_width(fonts().body, words[1]) + 14;
  const float y = end.y - measure::row + (measure::row - ImGui::GetTextLineHeight()) / 2;
  ImGui::SetCursorScreenPos({end.x - measure::padding - width, y});
  if (link(words[0], one.what.on)) context.want(intent::edit_note{one.what.on});
  ImGui::SameLine(0, 14);
  if (link(words[1], one.what.on)) context.want(intent::put_note{one.what.on, ""});
  return width + measure::gap;
}

void draw_note_row(const panel_context& context, const placed_note& one) {
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  const ImVec2 end{corner.x + width, corner.y + measure::row};
  ImGui::SetNextItemAllowOverlap();
  const bool clicked = ImGui::InvisibleButton(one.what.on.c_str(), {width, measure::row});
  const bool over = ImGui::IsMouseHoveringRect(corner, end) && ImGui::IsWindowHovered();
  context.offer_menu({.note = one.what.on});
  tooltip(one.what.text + "\n" + one.where);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const entity who = one.place ? one.place->who : entity{};
  if (over || (who && who == context.view.hovered))
    list.AddRectFilled(corner, end, colors().raised);
  if (over && who) context.under_mouse = who;
  float right = end.x - measure::padding;
  if (over) {
    right -= draw_row_links(context, one, end);
  } else {
    const std::string when = one.place ? time_text(one.place->from) : "not in this trace";
    right -= text_width(fonts().small, when);
    draw_text_middle(list, fonts().small, right, corner.y + measure::row / 2, colors().faint, when);
  }
  const float middle = corner.y + measure::row / 2;
  draw_glyph(list, glyph::note, {corner.x + 18, middle}, 11,
             one.place ? colors().note : colors().faint);
  const float x = corner.x + 34;
  const float column = std::clamp(width * 0.3F, 90.0F, 260.0F);
  draw_text_middle(list, fonts().body, x, middle, one.place ? colors().muted : colors().faint,
                   one.where, column - measure::gap);
  draw_text_middle(list, fonts().body, x + column, middle, colors().text, one.what.text,
                   right - x - column - measure::gap);
  context.shown.add("notes", "row", one.what.on, one.what.text, corner, end);
  if (clicked) context.want(intent::go_to_note{one.what.on});
  ImGui::SetCursorScreenPos({corner.x, end.y});
}

} // namespace

int notes_panel::count(const panel_context& context) const {
  return context.notes.empty() ? -1 : static_cast<int>(context.notes.size());
}

void notes_panel::draw_header(const panel_context& context, float width) {
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  const with_font small(fonts().small);
  constexpr float apart = 16;
  const bool any = !context.notes.empty();
  const float needed = text_width(fonts().small, "Add a note") +
                       (any ? apart + text_width(fonts().small, "Export") : 0);
  if (needed > width) return;
  const float y = corner.y + (measure::panel_header - ImGui::GetTextLineHeight()) / 2;
  ImGui::SetCursorScreenPos({corner.x + width - needed, y});
  if (link("Add a note"))
    context.want(intent::edit_note{on_what_is_looked_at(context.open, context.view)});
  tooltip("On what is marked or selected, else on the cursor's moment (T)");
  context.shown.add("notes", "add", "", "Add a note", ImGui::GetItemRectMin(),
                    ImGui::GetItemRectMax());
  if (!any) return;
  ImGui::SameLine(0, apart);
  if (link("Export")) context.want(intent::export_notes{});
  tooltip("All notes as a file, which is opened or dropped on this trace elsewhere");
}

void notes_panel::draw(const panel_context& context) {
  if (context.notes.empty()) {
    ImGui::SetCursorPos({measure::padding, 12});
    ImGui::PushTextWrapPos(ImGui::GetWindowWidth() - measure::padding);
    colored_text(colors().muted, "No notes on this trace. T puts one on what is selected, on a "
                                 "stretch of time that is marked, or on the cursor's moment.");
    ImGui::PopTextWrapPos();
    return;
  }
  ImGui::SetCursorPosY(4);
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2{0, 0});
  ImGuiListClipper clipper;
  clipper.Begin(static_cast<int>(context.notes.size()), measure::row);
  while (clipper.Step())
    for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i)
      draw_note_row(context, context.notes[static_cast<std::size_t>(i)]);
  ImGui::PopStyleVar();
}

} // namespace cancelscope::ui
