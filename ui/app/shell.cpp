#include "ui/app/shell.hpp"

#include "ui/app/bars.hpp"
#include "ui/app/keys.hpp"
#include "ui/app/overlays.hpp"
#include "ui/theme/palette.hpp"
#include "ui/theme/style.hpp"
#include "ui/theme/typography.hpp"
#include "ui/widgets/controls.hpp"
#include "ui/widgets/text.hpp"

#include <imgui.h>

#include <algorithm>
#include <cmath>

namespace cancelscope::ui {
namespace {

using inspector::entity;

// What the user dragged, as far as this window has room for it.
layout fitted(layout wanted, ImVec2 size) {
  const auto within = [](float least, float value, float most) {
    return std::floor(std::clamp(value, least, std::max(least, most)));
  };
  constexpr float least_middle = 340;
  layout found;
  found.tree_width = within(180, wanted.tree_width, size.x * 0.25F);
  const float room = size.x - found.tree_width - least_middle;
  found.why_width = within(240, wanted.why_width, room);
  found.lower_height = within(96, wanted.lower_height, std::min(size.y * 0.6F, size.y - 200));
  return found;
}

void begin_child(const char* name, ImVec2 corner, ImVec2 size) {
  ImGui::SetCursorScreenPos(corner);
  ImGui::BeginChild(name, size, ImGuiChildFlags_None,
                    ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
}

} // namespace

shell::shell() {
  for (const panel_entry& entry : panel_registry())
    panels_.push_back({&entry, entry.make()});
}

bool shell::draw(const shell_input& input, intents& wants, screen_record& shown) {
  const ImGuiViewport& viewport = *ImGui::GetMainViewport();
  ImGui::SetNextWindowPos(viewport.Pos);
  ImGui::SetNextWindowSize(viewport.Size);
  ImGui::Begin("shell", nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                   ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoBringToFrontOnFocus |
                   ImGuiWindowFlags_NoScrollWithMouse | ImGuiWindowFlags_NoNav);
  const ImVec2 corner = viewport.Pos;
  const ImVec2 size = viewport.Size;
  begin_child("top bar", corner, {size.x, measure::top_bar});
  draw_top_bar(input, wants, shown);
  ImGui::EndChild();
  const ImVec2 body{corner.x, corner.y + measure::top_bar};
  if (input.open != nullptr) {
    const float body_height = size.y - measure::top_bar - measure::transport_bar;
    draw_body(input, body, {size.x, body_height}, wants, shown);
    begin_child("transport", {corner.x, corner.y + size.y - measure::transport_bar},
                {size.x, measure::transport_bar});
    draw_transport_bar(input, wants, shown);
    ImGui::EndChild();
  } else {
    begin_child("welcome", body, {size.x, size.y - measure::top_bar});
    draw_welcome(input, wants, shown);
    ImGui::EndChild();
  }
  ImGui::End();
  draw_banner(input, wants, shown);
  draw_loading(input.loading, wants, shown);
  draw_help(input.view.help_shown, wants);
  finder_.draw(input, wants, shown);
  if (input.choosing_file) chooser_.draw(wants);
  return gather_keys(input, wants);
}

void shell::draw_body(const shell_input& input, ImVec2 corner, ImVec2 size, intents& wants,
                      screen_record& shown) {
  entity under_mouse;
  const panel_context context{*input.open, input.view, wants, shown, under_mouse};
  const layout sizes = fitted(input.view.sizes, size);
  const float bar = measure::splitter;
  const float middle_x = corner.x + sizes.tree_width + bar;
  const float middle_width = size.x - sizes.tree_width - sizes.why_width - 2 * bar;
  const float upper_height = size.y - sizes.lower_height - bar;
  const float why_x = middle_x + middle_width + bar;
  draw_place(panel_place::left, context, corner, {sizes.tree_width, size.y});
  draw_place(panel_place::middle, context, {middle_x, corner.y}, {middle_width, upper_height});
  draw_place(panel_place::lower, context, {middle_x, corner.y + upper_height + bar},
             {middle_width, sizes.lower_height});
  draw_place(panel_place::right, context, {why_x, corner.y}, {sizes.why_width, size.y});

  if (under_mouse != input.view.hovered) wants.push_back(intent::hover{under_mouse});

  layout dragged = sizes;
  dragged.tree_width +=
      splitter("tree splitter", axis::horizontal, {middle_x - bar, corner.y}, {bar, size.y});
  dragged.why_width -=
      splitter("why splitter", axis::horizontal, {why_x - bar, corner.y}, {bar, size.y});
  dragged.lower_height -= splitter("lower splitter", axis::vertical,
                                   {middle_x, corner.y + upper_height}, {middle_width, bar});
  if (dragged.tree_width != sizes.tree_width || dragged.why_width != sizes.why_width ||
      dragged.lower_height != sizes.lower_height) {
    wants.push_back(intent::resize_layout{dragged});
  }
}

const shell::placed_panel& shell::current_of(panel_place place, const view_state& view) const {
  const placed_panel* first = nullptr;
  for (const placed_panel& candidate : panels_) {
    if (candidate.entry->place != place) continue;
    if (place != panel_place::lower || candidate.entry->name == view.lower) return candidate;
    if (first == nullptr) first = &candidate;
  }
  return *first;
}

void shell::draw_place(panel_place place, const panel_context& context, ImVec2 corner,
                       ImVec2 size) {
  const placed_panel& current = current_of(place, context.view);
  ImGui::PushStyleColor(ImGuiCol_ChildBg, colors().panel);
  begin_child(current.entry->title, corner, size);
  ImGui::PopStyleColor();
  draw_header(place, current, context, size.x);
  ImGui::SetCursorScreenPos({corner.x, corner.y + measure::panel_header});
  begin_child("contents", {corner.x, corner.y + measure::panel_header},
              {size.x, size.y - measure::panel_header});
  current.view->draw(context);
  ImGui::EndChild();
  ImGui::EndChild();
}

void shell::draw_header(panel_place place, const placed_panel& current,
                        const panel_context& context, float width) {
  const ImVec2 corner = ImGui::GetWindowPos();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float bottom = corner.y + measure::panel_header;
  list.AddRectFilled({corner.x, bottom - 1}, {corner.x + width, bottom}, colors().border);
  float used = measure::padding;
  if (place == panel_place::lower) {
    used = 4;
    for (const placed_panel& one : panels_) {
      if (one.entry->place != place) continue;
      ImGui::SetCursorScreenPos({corner.x + used, corner.y});
      if (tab(one.entry->title, &one == &current, one.view->count(context.open))) {
        context.want(intent::show_lower{std::string(one.entry->name)});
      }
      used += ImGui::GetItemRectSize().x;
    }
  } else {
    used +=
        draw_text_middle(list, fonts().strong, corner.x + used,
                         corner.y + measure::panel_header / 2, colors().text, current.entry->title);
  }
  used += measure::padding;
  ImGui::SetCursorScreenPos({corner.x + used, corner.y});
  current.view->draw_header(context, width - used - measure::padding);
}

} // namespace cancelscope::ui
