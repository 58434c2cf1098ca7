#include "ui/panels/differences.hpp"

#include "inspector/summary/sentence.hpp"
#include "inspector/text/describe.hpp"
#include "inspector/text/units.hpp"
#include "ui/theme/palette.hpp"
#include "ui/theme/style.hpp"
#include "ui/theme/typography.hpp"
#include "ui/view/comparison.hpp"
#include "ui/view/words.hpp"
#include "ui/widgets/controls.hpp"
#include "ui/widgets/text.hpp"

#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace cancelscope::ui {
namespace {

using namespace inspector;

constexpr float difference_row = 42;
constexpr float ids_width = 86;

struct told_kind {
  std::string_view words;
  ImU32 color;
};

told_kind told(difference_kind kind) {
  switch (kind) {
  case difference_kind::cancelled_in_a:
    return {"cancelled in A only", colors().cancelled};
  case difference_kind::cancelled_in_b:
    return {"cancelled in B only", colors().cancelled};
  case difference_kind::cause:
    return {"another cause", colors().requested};
  case difference_kind::outcome:
    return {"ended otherwise", colors().err};
  case difference_kind::unfinished:
    return {"over in one only", colors().draining};
  case difference_kind::obligation:
    return {"resolved otherwise", colors().draining};
  case difference_kind::only_in_a:
    return {"only in A", colors().muted};
  case difference_kind::only_in_b:
    return {"only in B", colors().muted};
  }
  return {"", colors().muted};
}

// "A r7.1": goes to it in the trace that is open, or brings the other trace to the front.
void id_link(const panel_context& context, char side, const trace_store& trace, entity who,
             ImVec2 at) {
  if (!who) return;
  ImGui::SetCursorScreenPos(at);
  const with_font mono(fonts().mono);
  const std::string id = trace.id_of(who);
  const std::string key = fmt::format("{} {} {}", side, id, at.y);
  if (link(fmt::format("{} {}", side, id), key)) {
    if (side == 'A')
      context.want_selected(who);
    else
      context.want(intent::swap_traces{who});
  }
  context.shown.add("differences", side == 'A' ? "a" : "b", id, id, ImGui::GetItemRectMin(),
                    ImGui::GetItemRectMax());
}

} // namespace

void differences_panel::draw_header(const panel_context& context, float width) {
  if (context.beside == nullptr) return;
  const with_font small(fonts().small);
  const std::string said =
      fmt::format("A {}   B {}", context.open.name, context.beside->other.name);
  const float swap = text_width(fonts().small, "Swap");
  const float room = width - swap - 16;
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  const float y = corner.y + (measure::panel_header - ImGui::GetTextLineHeight()) / 2;
  if (room < 60) return;
  const float text = std::min(room, text_width(fonts().small, said));
  draw_text_middle(*ImGui::GetWindowDrawList(), fonts().small, corner.x + room - text,
                   corner.y + measure::panel_header / 2, colors().faint, said, room);
  ImGui::SetCursorScreenPos({corner.x + width - swap, y});
  if (link("Swap")) context.want(intent::swap_traces{});
  tooltip("Look at B, with A beside it");
}

void differences_panel::draw(const panel_context& context) {
  if (context.beside == nullptr) {
    ImGui::SetCursorPos({measure::padding, 12});
    ImGui::PushTextWrapPos(ImGui::GetWindowWidth() - measure::padding);
    colored_text(colors().muted,
                 "Open another run of the same program beside this one, and see what was cancelled "
                 "in one of them only. Two traces dropped together are compared at once.");
    ImGui::PopTextWrapPos();
    ImGui::SetCursorPos({measure::padding, ImGui::GetCursorPosY() + 8});
    if (main_button("Compare with…")) context.want(intent::compare_next{});
    context.shown.add("differences", "choose", "", "Compare with…", ImGui::GetItemRectMin(),
                      ImGui::GetItemRectMax());
    return;
  }
  if (context.beside->found.same()) {
    ImGui::SetCursorPos({measure::padding, 12});
    inline_glyph(glyph::all_well, 12, colors().ok);
    ImGui::SameLine(0, 8);
    colored_text(colors().muted, "Nothing differs but times, waits and slots.");
    return;
  }
  draw_parting(context);
  draw_rows(context);
}

void differences_panel::draw_parting(const panel_context& context) {
  const auto& parting = context.beside->found.first_divergence;
  if (!parting) return;
  const trace_store& a = context.open.trace;
  const trace_store& b = context.beside->other.trace;
  ImGui::SetCursorPos({measure::padding, 8});
  const auto what = [](const trace_store& trace, event_index e) {
    return e ? fmt::format("{} at {}", plain(describe(trace, e)), time_text(trace.time_of(e)))
             : std::string("nothing more");
  };
  const std::string said = fmt::format("They part ways in {}: A {}, B {}", parting->place,
                                       what(a, parting->in_a), what(b, parting->in_b));
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  const ImVec2 size{ImGui::GetContentRegionAvail().x - measure::padding,
                    ImGui::GetTextLineHeight()};
  const bool clicked = ImGui::InvisibleButton("parting", size);
  if (ImGui::IsItemHovered()) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  tooltip(said);
  draw_text(*ImGui::GetWindowDrawList(), fonts().body, corner, colors().accent, said, size.x);
  if (clicked) {
    if (parting->a)
      context.want(intent::select{{parting->a, parting->in_a}});
    else
      context.want(intent::swap_traces{parting->b});
  }
  context.shown.add("differences", "parting", "", said, ImGui::GetItemRectMin(),
                    ImGui::GetItemRectMax());
  ImGui::SetCursorPosY(ImGui::GetCursorPosY() + 4);
}

void differences_panel::draw_rows(const panel_context& context) {
  const auto& differences = context.beside->found.differences;
  ImGui::BeginChild("rows");
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2{0, 0});
  ImGuiListClipper clipper;
  clipper.Begin(static_cast<int>(differences.size()), difference_row);
  while (clipper.Step()) {
    for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
      const difference& one = differences[static_cast<std::size_t>(i)];
      const ImVec2 corner = ImGui::GetCursorScreenPos();
      const float width = ImGui::GetContentRegionAvail().x;
      const ImVec2 end{corner.x + width, corner.y + difference_row};
      ImDrawList& list = *ImGui::GetWindowDrawList();
      if (ImGui::IsMouseHoveringRect(corner, end) && ImGui::IsWindowHovered()) {
        list.AddRectFilled(corner, end, colors().raised);
        if (one.a) context.under_mouse = one.a;
        tooltip(plain(one.message));
      }
      const told_kind kind = told(one.kind);
      const float left = corner.x + measure::padding;
      const float ids = end.x - ids_width - measure::padding;
      const float used =
          draw_text(list, fonts().small, {left, corner.y + 5}, kind.color, kind.words);
      draw_text(list, fonts().body, {left + used + 12, corner.y + 4}, colors().text, one.place,
                ids - left - used - 20);
      draw_text(list, fonts().small, {left, corner.y + 23}, colors().muted, plain(one.message),
                ids - left - 8);
      context.shown.add("differences", "row", one.place, plain(one.message), corner, end);
      id_link(context, 'A', context.open.trace, one.a, {ids, corner.y + 3});
      id_link(context, 'B', context.beside->other.trace, one.b, {ids, corner.y + 21});
      ImGui::SetCursorScreenPos({corner.x, end.y});
    }
  }
  ImGui::PopStyleVar();
  ImGui::EndChild();
}

} // namespace cancelscope::ui
