#include "ui/panels/slots.hpp"

#include "inspector/summary/sentence.hpp"
#include "inspector/text/describe.hpp"
#include "inspector/text/units.hpp"
#include "inspector/timeline/slots.hpp"
#include "ui/panels/tracks.hpp"
#include "ui/theme/palette.hpp"
#include "ui/theme/style.hpp"
#include "ui/theme/typography.hpp"
#include "ui/view/words.hpp"
#include "ui/widgets/controls.hpp"
#include "ui/widgets/strip.hpp"
#include "ui/widgets/text.hpp"

#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

namespace cancelscope::ui {
namespace {

using namespace inspector;

constexpr float row_height = 16;
constexpr float number_width = 40;
constexpr float stale_mark = 6; ///< half of it

// Neighbouring generations must differ, and the reader should see at a glance how often a slot was reused.
ImU32 shade_of(std::size_t generation, std::size_t most) {
  const float age = most <= 1 ? 0 : static_cast<float>(generation) / static_cast<float>(most - 1);
  const ImU32 base =
      mixed(mixed(colors().panel, colors().running, 0.42F), colors().info, 0.75F * age);
  return generation % 2 == 0 ? base : mixed(base, colors().text, 0.12F);
}

struct heatmap {
  const panel_context& context;
  time_scale scale;
  float right;
  std::size_t most_generations;

  void paint(const slot_history& slot, float top) const;
  void paint_stale(const slot_history& slot, float middle) const;
  [[nodiscard]] const tenancy* tenancy_at(const slot_history& slot, double t) const;
  /// The last of those whose mark is there; null for none.
  [[nodiscard]] const stale_access* stale_at(const slot_history& slot, float x) const;
};

// The tenancies that touch the window, by binary search: a slot may have had thousands.
void heatmap::paint(const slot_history& slot, float top) const {
  const trace_store& trace = context.open.trace;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float middle = top + row_height / 2;
  const auto end_of_stay = [&](const tenancy& stay) {
    return stay.to ? trace.time_of(stay.to) : trace.last_time();
  };
  const auto first =
      std::partition_point(slot.tenancies.begin(), slot.tenancies.end(), [&](const tenancy& stay) {
        return static_cast<double>(end_of_stay(stay)) < scale.window.begin;
      });
  strip cells(list, middle, scale.left, right);
  const tenancy* chosen = nullptr;
  for (auto stay = first; stay != slot.tenancies.end(); ++stay) {
    const auto from = static_cast<double>(trace.time_of(stay->from));
    if (from > scale.window.end) break;
    const entity who = stay->who;
    if (who == context.view.selected.who || who == context.view.subject) chosen = &*stay;
    const auto generation = static_cast<std::size_t>(stay - slot.tenancies.begin());
    const ImU32 color =
        who == context.view.hovered ? colors().accent : shade_of(generation, most_generations);
    const float x0 = scale.x_of(from);
    const float x1 = scale.x_of(static_cast<double>(end_of_stay(*stay)));
    cells.add({x0, x1 - x0 > 3 ? x1 - 1 : x1, color, row_height / 2 - 1.5F,
               static_cast<int>(generation % 2)});
  }
  if (chosen == nullptr) return;
  const float x0 =
      std::max(scale.left, scale.x_of(static_cast<double>(trace.time_of(chosen->from))));
  const float x1 = std::min(right, scale.x_of(static_cast<double>(end_of_stay(*chosen))));
  cells.add({x0, std::max(x1, x0 + 2), colors().accent, row_height / 2 - 1.5F, 100});
}

void heatmap::paint_stale(const slot_history& slot, float middle) const {
  for (const stale_access& stale : slot.stale) {
    const float x = scale.x_of(static_cast<double>(context.open.trace.time_of(stale.at)));
    if (x < scale.left || x > right) continue;
    ImDrawList& list = *ImGui::GetWindowDrawList();
    list.AddCircleFilled({x, middle}, stale_mark, colors().panel);
    draw_glyph(list, glyph::outcome_panicked, {x, middle}, 9, colors().error);
    context.shown.add("slots", "stale",
                      context.open.trace.id_of(context.open.trace.subject_of(stale.at)),
                      plain(describe(context.open.trace, stale.at)),
                      {x - stale_mark, middle - stale_mark}, {x + stale_mark, middle + stale_mark});
  }
}

const stale_access* heatmap::stale_at(const slot_history& slot, float x) const {
  const stale_access* found = nullptr;
  for (const stale_access& stale : slot.stale)
    if (std::fabs(scale.x_of(static_cast<double>(context.open.trace.time_of(stale.at))) - x) <=
        stale_mark)
      found = &stale;
  return found;
}

const tenancy* heatmap::tenancy_at(const slot_history& slot, double t) const {
  const trace_store& trace = context.open.trace;
  const auto after =
      std::partition_point(slot.tenancies.begin(), slot.tenancies.end(), [&](const tenancy& stay) {
        return static_cast<double>(trace.time_of(stay.from)) <= t;
      });
  if (after == slot.tenancies.begin()) return nullptr;
  const tenancy& stay = *(after - 1);
  if (stay.to && static_cast<double>(trace.time_of(stay.to)) < t) return nullptr;
  return &stay;
}

void draw_row(const heatmap& map, const slot_history& slot) {
  const panel_context& context = map.context;
  const std::string name = fmt::format("{}{}", letter_of(context.view.slots), slot.slot);
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  const bool clicked = ImGui::InvisibleButton(name.c_str(), {map.right - corner.x, row_height});
  const bool hovered = ImGui::IsItemHovered();
  const float middle = corner.y + row_height / 2;
  draw_text_middle(*ImGui::GetWindowDrawList(), fonts().small, corner.x + measure::padding, middle,
                   colors().faint, name);
  const auto now = static_cast<double>(context.view.cursor_time);
  if (const tenancy* tenant = map.tenancy_at(slot, now)) {
    const float x = corner.x + measure::padding + number_width;
    draw_text_middle(*ImGui::GetWindowDrawList(), fonts().small, x, middle, colors().muted,
                     display_name(context.open.trace, tenant->who), map.scale.left - x - 8);
  }
  map.paint(slot, corner.y);
  map.paint_stale(slot, middle);
  context.shown.add("slots", "row", name, "", corner, {map.right, corner.y + row_height});
  menu_subject about{.slot = on_slot(context.view.slots, slot.slot)};
  if (note_on(context.notes, about.slot) != nullptr)
    draw_glyph(*ImGui::GetWindowDrawList(), glyph::note,
               {corner.x + measure::padding + number_width - 10, middle}, 9, colors().note);

  const float mouse = ImGui::GetIO().MousePos.x;
  const bool on_track = mouse >= map.scale.left;
  const double t = map.scale.time_at(mouse);
  const tenancy* stay = on_track ? map.tenancy_at(slot, t) : nullptr;
  if (stay != nullptr) about.who = stay->who;
  if (on_track) about.t = static_cast<std::uint64_t>(std::clamp(t, 0.0, context.open.duration()));
  context.offer_menu(about);
  if (!hovered || !on_track) return;
  if (const stale_access* stale = map.stale_at(slot, mouse)) {
    const entity old = context.open.trace.subject_of(stale->at);
    context.under_mouse = old;
    tooltip(plain(describe(context.open.trace, stale->at)));
    if (clicked) context.want(intent::select{{old, stale->at}});
    return;
  }
  if (stay == nullptr) return;
  context.under_mouse = stay->who;
  const std::string tenant = display_name(context.open.trace, stay->who);
  const std::string id = context.open.trace.id_of(stay->who);
  tooltip(fmt::format("{}\ntenant {} of {} of this slot", tenant == id ? id : id + "  " + tenant,
                      stay - slot.tenancies.data() + 1, slot.tenancies.size()));
  if (!clicked) return;
  const auto at = static_cast<std::uint64_t>(std::max(0.0, t));
  context.want(intent::select{{stay->who, {}}, false, moment_at(context.open.trace, at)});
}

std::string facts_of(const document& open, const std::vector<slot_history>& histories) {
  std::size_t tenancies = 0;
  std::size_t stale = 0;
  for (const slot_history& slot : histories) {
    tenancies += slot.tenancies.size();
    stale += slot.stale.size();
  }
  const std::size_t reuses = tenancies - std::min(tenancies, histories.size());
  std::string facts =
      fmt::format("{}, reused {}", counted(histories.size(), "slot"), counted(reuses, "time"));
  if (stale > 0) facts += ", " + counted(stale, "stale use");
  const std::size_t breaks = open.slots.lifo_breaks.size();
  return facts + (breaks == 0 ? ", last in first out kept"
                              : ", last in first out broken " + counted(breaks, "time"));
}

} // namespace

void slots_panel::draw_header(const panel_context& context, float width) {
  struct choice {
    slot_kind kind;
    const char* label;
  };
  constexpr std::array choices{choice{slot_kind::regions, "regions"},
                               choice{slot_kind::tasks, "tasks"},
                               choice{slot_kind::obligations, "obligations"}};
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  float buttons = 0;
  for (const choice& one : choices)
    buttons += text_width(fonts().body, one.label) + 18;
  if (buttons > width) return;
  const std::string facts = facts_of(context.open, context.open.slots_of(context.view.slots));
  const float facts_width = text_width(fonts().small, facts);
  if (facts_width + buttons + 16 < width) {
    draw_text_middle(*ImGui::GetWindowDrawList(), fonts().small,
                     corner.x + width - buttons - facts_width - 14,
                     corner.y + measure::panel_header / 2, colors().faint, facts);
  }
  const float top = corner.y + (measure::panel_header - ImGui::GetFrameHeight()) / 2;
  ImGui::SetCursorScreenPos({std::floor(corner.x + width - buttons), std::floor(top)});
  for (const choice& one : choices) {
    if (quiet_button(one.label, context.view.slots == one.kind))
      context.want(intent::show_slots{one.kind});
    ImGui::SameLine(0, 2);
  }
}

void slots_panel::reveal_selection(const panel_context& context,
                                   const std::vector<slot_history>& histories) {
  revealed_ = context.view.reveal;
  const entity who = context.view.selected.who;
  if (!who) return;
  const auto row = std::find_if(histories.begin(), histories.end(), [&](const slot_history& slot) {
    return std::any_of(slot.tenancies.begin(), slot.tenancies.end(),
                       [&](const tenancy& stay) { return stay.who == who; });
  });
  if (row == histories.end()) return;
  const float y = static_cast<float>(row - histories.begin()) * row_height;
  const float height = ImGui::GetWindowHeight();
  const bool in_sight = y >= ImGui::GetScrollY() && y + row_height <= ImGui::GetScrollY() + height;
  if (!in_sight) ImGui::SetScrollY(std::max(0.0F, y - height / 2));
}

void slots_panel::draw(const panel_context& context) {
  const std::vector<slot_history>& histories = context.open.slots_of(context.view.slots);
  if (histories.empty()) {
    ImGui::SetCursorPos({measure::padding, 12});
    colored_text(colors().faint, "This trace has none of these.");
    return;
  }
  if (revealed_ != context.view.reveal) reveal_selection(context, histories);
  std::size_t most = 1;
  for (const slot_history& slot : histories)
    most = std::max(most, slot.tenancies.size());
  const float left = ImGui::GetWindowPos().x + label_column(ImGui::GetWindowWidth());
  const float right = ImGui::GetWindowPos().x + ImGui::GetWindowWidth() - track_margin;
  const heatmap map{context, {context.view.window, left, right - left}, right, most};

  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2{0, 0});
  ImGuiListClipper clipper;
  clipper.Begin(static_cast<int>(histories.size()), row_height);
  while (clipper.Step()) {
    for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
      draw_row(map, histories[static_cast<std::size_t>(i)]);
    }
  }
  ImGui::PopStyleVar();
  const float x = std::floor(map.scale.x_of(static_cast<double>(context.view.cursor_time)));
  if (x < left || x > right) return;
  const ImVec2 window = ImGui::GetWindowPos();
  ImGui::GetWindowDrawList()->AddRectFilled(
      {x, window.y}, {x + 1, window.y + ImGui::GetWindowHeight()}, colors().accent);
}

} // namespace cancelscope::ui
