#include "ui/panels/region_tree_row.hpp"

#include "inspector/text/units.hpp"
#include "inspector/timeline/state.hpp"
#include "trace-format/names.hpp"
#include "ui/theme/palette.hpp"
#include "ui/theme/style.hpp"
#include "ui/theme/typography.hpp"
#include "ui/view/words.hpp"
#include "ui/widgets/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace cancelscope::ui {
namespace {

using namespace inspector;

constexpr float indent = 14;
constexpr float name_room = 84;
constexpr float age_room = 58;
constexpr float bar = 34;
constexpr float bar_room = bar + 8;

// What stands at the right end of a row that begins at `left`; returns the width it took. Where the row is narrow
// the name comes first, then the budget, then the age.
float draw_task_facts(const panel_context& context, task_index task, float left, float right,
                      float middle) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const trace_store& trace = context.open.trace;
  const moment m = context.view.cursor;
  const task_row& row = trace[task];
  const std::uint64_t now = context.view.cursor_time;
  const event_index over = row.completed();
  const std::uint64_t until = over && m.counts(over) ? trace.time_of(over) : now;
  const auto budget = cleanup_budget_at(trace, task, m);
  const bool under_cancellation = budget && budget->granted() > 0;
  float room = right - left - name_room;
  float used = 0;
  if (const float needed = under_cancellation ? age_room + bar_room : age_room; room >= needed) {
    const std::string age = duration_text(until - std::min(until, trace.time_of(row.spawned)));
    draw_text_middle(list, fonts().small, right - text_width(fonts().small, age), middle,
                     colors().faint, age);
    used += age_room;
    room -= age_room;
  }
  if (under_cancellation && room >= bar_room) {
    const float share = static_cast<float>(budget->spent) / static_cast<float>(budget->granted());
    const float x = right - used - bar;
    list.AddRectFilled({x, middle - 2}, {x + bar, middle + 2}, colors().hovered, 2);
    list.AddRectFilled({x, middle - 2}, {x + bar * std::clamp(share, 0.06F, 1.0F), middle + 2},
                       budget->exhausted ? colors().panicked : colors().draining, 2);
    used += bar_room;
  }
  return used;
}

float draw_region_facts(const tree_node& node, float right, float middle) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  float x = right;
  const auto put = [&](std::uint32_t count, glyph shape, ImU32 color) {
    if (count == 0) return;
    const std::string text = count_text(count);
    x -= text_width(fonts().small, text);
    draw_text_middle(list, fonts().small, x, middle, color, text);
    x -= 10;
    draw_glyph(list, shape, {x, middle}, 9, color);
    x -= 14;
  };
  put(node.counts.cancelled, glyph::outcome_cancelled, colors().cancelled);
  put(node.counts.cancelling, glyph::task_draining, colors().draining);
  put(node.counts.alive - std::min(node.counts.alive, node.counts.cancelling), glyph::task_running,
      colors().muted);
  return right - x;
}

std::string state_words(const trace_store& trace, entity who, moment m) {
  if (const auto task = who.as<task_index>()) {
    if (const auto outcome = outcome_at(trace, who, m)) {
      return "ended " + std::string(trace::to_string(*outcome));
    }
    const auto state = state_at(trace, task, m);
    return state ? std::string(to_string(*state)) : std::string();
  }
  const auto state = state_at(trace, who.as<region_index>(), m);
  return state ? std::string(trace::to_string(*state)) : std::string();
}

struct row_place {
  ImVec2 min;
  ImVec2 max;
  float content_left; ///< after the indent
  bool foldable;
  bool folded;

  [[nodiscard]] float middle() const { return min.y + measure::row / 2; }
};

// What a click asks for, and whether the mouse is over the row.
bool handle(const panel_context& context, const tree_node& node, const row_place& place) {
  ImGui::PushID(static_cast<int>(node.who.packed()));
  ImGui::SetCursorScreenPos(place.min);
  const bool clicked = ImGui::InvisibleButton("row", {place.max.x - place.min.x, measure::row});
  const bool hovered = ImGui::IsItemHovered();
  context.offer_menu({.who = node.who});
  ImGui::PopID();
  const float mouse = ImGui::GetIO().MousePos.x - place.content_left;
  const bool on_fold = place.foldable && mouse > -6 && mouse < 12;
  if (clicked && on_fold) {
    context.want(intent::fold_branch{node.who.as<region_index>(), !place.folded});
  } else if (clicked) {
    context.want_selected(node.who);
  }
  if (!hovered) return false;
  context.under_mouse = node.who;
  if (!on_fold && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left))
    context.want(intent::zoom_to_selection{});
  return true;
}

void paint_back(const row_place& place, bool selected, bool hovered) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  if (selected) {
    list.AddRectFilled(place.min, place.max, colors().accent_soft);
    list.AddRectFilled(place.min, {place.min.x + 3, place.max.y}, colors().accent);
  } else if (hovered) {
    list.AddRectFilled(place.min, place.max, colors().raised);
  }
}

void paint_name(const trace_store& trace, const tree_node& node, float x, float middle, float room,
                bool selected) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const bool is_region = node.who.type() == entity_type::region;
  const bool over = !is_region && node.counts.alive == 0 && !selected;
  const std::string name = display_name(trace, node.who);
  const float width = draw_text_middle(list, is_region ? fonts().strong : fonts().body, x, middle,
                                       over ? colors().muted : colors().text, name, room);
  const std::string id = trace.id_of(node.who);
  if (id == name || room - width - 8 < text_width(fonts().small, id)) return;
  draw_text_middle(list, fonts().small, x + width + 8, middle + 1, colors().faint, id);
}

} // namespace

void draw_tree_row(const panel_context& context, const region_tree& tree, std::uint32_t number,
                   ImVec2 corner, float width) {
  const trace_store& trace = context.open.trace;
  const view_state& view = context.view;
  const tree_node& node = tree.nodes[number];
  const auto region = node.who.as<region_index>();
  const row_place place{corner,
                        {corner.x + width, corner.y + measure::row},
                        corner.x + 8 + static_cast<float>(std::min(node.depth, 12U)) * indent,
                        region && node.subtree_end > number + 1,
                        region && view.folded_branches.contains(region)};
  const bool hovered = handle(context, node, place);
  const bool selected = view.selected.who == node.who || view.subject == node.who;
  paint_back(place, selected, hovered || view.hovered == node.who);

  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float x = place.content_left;
  const float middle = place.middle();
  if (place.foldable) {
    draw_glyph(list, place.folded ? glyph::folded : glyph::unfolded, {x + 3, middle}, 8,
               colors().faint);
  }
  const sign state = sign_at(trace, node.who, view.cursor);
  draw_glyph(list, state.shape, {x + 18, middle}, 11, state.color);
  const float right = place.max.x - measure::padding;
  const float facts =
      region ? draw_region_facts(node, right, middle)
             : draw_task_facts(context, node.who.as<task_index>(), x + 30, right, middle);
  const std::string id = trace.id_of(node.who);
  float room = right - facts - x - 36;
  if (note_on(context.notes, id) != nullptr) {
    draw_glyph(list, glyph::note, {x + 30 + room - 6, middle}, 10, colors().note);
    room -= 18;
  }
  paint_name(trace, node, x + 30, middle, room, selected);

  const std::string now = state_words(trace, node.who, view.cursor);
  if (hovered) tooltip(fmt::format("{} {} · {}", region ? "region" : "task", id, now));
  context.shown.add("tree", "row", id, display_name(trace, node.who), place.min, place.max);
  context.shown.add("tree", "state", id, now, {x + 12, middle - 6}, {x + 24, middle + 6});
}

} // namespace cancelscope::ui
