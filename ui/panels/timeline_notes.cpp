#include "ui/panels/timeline_notes.hpp"

#include "ui/theme/palette.hpp"
#include "ui/widgets/glyphs.hpp"
#include "ui/widgets/text.hpp"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace cancelscope::ui {
namespace {

constexpr float flag_size = 11;
// Nearer than this, two flags of the strip are one.
constexpr float flags_apart = 9;

std::string said_of(const placed_note& one) {
  return one.what.text + "\n" + one.where;
}

void add_strip_flags(const panel_context& context, const timeline_geometry& where,
                     std::vector<note_flag>& flags) {
  const time_scale whole{{0, std::max(1.0, context.open.duration())},
                         where.overview_min.x,
                         where.overview_max.x - where.overview_min.x};
  for (const placed_note& one : context.notes) {
    if (!one.place) continue;
    const float x = std::clamp(whole.x_of(static_cast<double>(one.place->from)),
                               where.overview_min.x + 2, where.overview_max.x - flag_size);
    // They come in order of time.
    if (!flags.empty() && x - flags.back().foot.x < flags_apart) {
      flags.back().words += "\n\n" + said_of(one);
      continue;
    }
    flags.push_back(
        {{std::floor(x), where.overview_min.y + flag_size + 3}, one.what.on, said_of(one), true});
  }
}

// In the lane of whom it is on; on the axis where it is on a time.
void add_lane_flags(const panel_context& context, const lane_list& lanes,
                    const timeline_geometry& where, std::vector<note_flag>& flags) {
  const time_range& window = context.view.window;
  const time_scale scale = where.scale(window);
  for (const placed_note& one : context.notes) {
    if (!one.place || one.place->kind == note_kind::slot) continue;
    const auto from = static_cast<double>(one.place->from);
    const auto to = static_cast<double>(one.place->to);
    if (from > window.end || to < window.begin) continue;
    const float x = std::max(where.track_left + 1, scale.x_of(from));
    if (!one.place->who) {
      flags.push_back({{std::floor(x), where.axis_max.y - 1}, one.what.on, said_of(one)});
      continue;
    }
    const int row = lanes.row_of(context.open.trace, one.place->who);
    if (row < 0) continue;
    const float y = std::floor(where.row_middle(row));
    const float top = where.scrolls(row) ? where.scrolled_top() : where.lanes_min.y;
    if (y - flag_size / 2 < top || y > where.lanes_max.y) continue;
    flags.push_back({{std::floor(x), y}, one.what.on, said_of(one)});
  }
}

// A line where the moment is, a band where the stretch is, along the axis' edge.
void paint_times(const panel_context& context, const timeline_geometry& where) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const time_scale scale = where.scale(context.view.window);
  list.PushClipRect({where.track_left, where.axis_min.y}, where.lanes_max, true);
  for (const placed_note& one : context.notes) {
    if (!one.place || one.place->who) continue;
    const float from = std::floor(scale.x_of(static_cast<double>(one.place->from)));
    const float to = std::floor(scale.x_of(static_cast<double>(one.place->to)));
    if (one.place->kind == note_kind::stretch)
      list.AddRectFilled({from, where.axis_max.y - 4}, {std::max(to, from + 2), where.axis_max.y},
                         faded(colors().note, 0.7F));
    for (const float x : {from, to})
      list.AddRectFilled({x, where.axis_max.y}, {x + 1, where.lanes_max.y},
                         faded(colors().note, 0.35F));
  }
  list.PopClipRect();
}

} // namespace

std::vector<note_flag> take_note_flags(const panel_context& context, const lane_list& lanes,
                                       const timeline_geometry& where) {
  std::vector<note_flag> flags;
  if (context.notes.empty()) return flags;
  add_strip_flags(context, where, flags);
  add_lane_flags(context, lanes, where, flags);
  int number = 0;
  for (note_flag& flag : flags) {
    ImGui::SetCursorScreenPos({flag.foot.x - 2, flag.foot.y - flag_size});
    ImGui::PushID(number++);
    const bool clicked = ImGui::InvisibleButton("note", {flag_size + 3, flag_size + 1});
    ImGui::PopID();
    flag.hovered = ImGui::IsItemHovered();
    if (flag.hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    tooltip(flag.words);
    if (clicked) context.want(intent::go_to_note{flag.on});
    if (const auto place = find_place(context.open, flag.on); place && flag.hovered)
      context.under_mouse = place->who;
    context.offer_menu({.note = flag.on});
  }
  return flags;
}

void paint_note_flags(const panel_context& context, const timeline_geometry& where,
                      const std::vector<note_flag>& flags) {
  paint_times(context, where);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  for (const note_flag& flag : flags) {
    const ImVec2 middle{flag.foot.x + flag_size / 2 - 1, flag.foot.y - flag_size / 2};
    const ImVec2 min{flag.foot.x - 2, flag.foot.y - flag_size};
    const ImVec2 max{flag.foot.x + flag_size + 1, flag.foot.y + 1};
    draw_glyph(list, glyph::note, middle, flag_size, flag.hovered ? colors().text : colors().note);
    context.shown.add("timeline", flag.on_strip ? "strip_note" : "note_flag", flag.on, flag.words,
                      min, max);
  }
}

} // namespace cancelscope::ui
