#include "ui/app/context_menu.hpp"

#include "ui/theme/palette.hpp"
#include "ui/theme/style.hpp"
#include "ui/theme/typography.hpp"
#include "ui/widgets/text.hpp"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <string>

namespace cancelscope::ui {
namespace {

constexpr float menu_row = 25;
constexpr float title_height = 28;
constexpr float group_gap = 9;
constexpr float menu_edge = 5;
constexpr float menu_inset = 12;

ImVec2 size_of(const std::vector<action>& actions, const std::string& title) {
  float width = text_width(fonts().small, title) + 2 * menu_inset;
  float height = title_height + 2 * menu_edge;
  for (const action& one : actions) {
    const float keys = one.keys.empty() ? 0 : text_width(fonts().mono, one.keys) + 28;
    width = std::max(width, text_width(fonts().body, one.name) + keys + 2 * menu_inset);
    height += menu_row + (one.begins_group ? group_gap : 0);
  }
  return {std::ceil(std::clamp(width, 200.0F, 420.0F)), height};
}

// Inside the window, wherever it was asked for.
ImVec2 corner_for(ImVec2 at, ImVec2 size) {
  const ImGuiViewport& viewport = *ImGui::GetMainViewport();
  const auto within = [](float from, float least, float room, float length) {
    return std::floor(std::clamp(from, least + 4, std::max(least + 4, least + room - length - 4)));
  };
  return {within(at.x, viewport.Pos.x, viewport.Size.x, size.x),
          within(at.y, viewport.Pos.y, viewport.Size.y, size.y)};
}

} // namespace

void context_menu::take(std::size_t number, intents& wants) const {
  ImGui::CloseCurrentPopup();
  wants.emplace_back(intent::close_menu{});
  const intents& wanted = actions_[number].wanted;
  wants.insert(wants.end(), wanted.begin(), wanted.end());
}

void context_menu::use_keys(intents& wants) {
  const auto pressed = [](ImGuiKey key) { return ImGui::IsKeyPressed(key, true); };
  const std::size_t last = actions_.size() - 1;
  if (pressed(ImGuiKey_DownArrow)) chosen_ = chosen_ && *chosen_ < last ? *chosen_ + 1 : 0;
  if (pressed(ImGuiKey_UpArrow)) chosen_ = chosen_ && *chosen_ > 0 ? *chosen_ - 1 : last;
  if (pressed(ImGuiKey_Home)) chosen_ = 0;
  if (pressed(ImGuiKey_End)) chosen_ = last;
  if (ImGui::IsKeyPressed(ImGuiKey_Escape, false)) {
    ImGui::CloseCurrentPopup();
    wants.emplace_back(intent::close_menu{});
  }
  const bool entered = ImGui::IsKeyPressed(ImGuiKey_Enter, false) ||
                       ImGui::IsKeyPressed(ImGuiKey_KeypadEnter, false);
  if (entered && chosen_) take(*chosen_, wants);
}

void context_menu::draw_row(std::size_t number, float width, intents& wants, screen_record& shown) {
  const action& one = actions_[number];
  ImDrawList& list = *ImGui::GetWindowDrawList();
  if (one.begins_group) {
    const ImVec2 above = ImGui::GetCursorScreenPos();
    const float y = std::floor(above.y + group_gap / 2);
    list.AddRectFilled({above.x + menu_inset, y}, {above.x + width - menu_inset, y + 1},
                       colors().border);
    ImGui::SetCursorScreenPos({above.x, above.y + group_gap});
  }
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  const ImVec2 end{corner.x + width, corner.y + menu_row};
  ImGui::PushID(static_cast<int>(number));
  const bool clicked = ImGui::InvisibleButton("action", {width, menu_row});
  ImGui::PopID();
  const ImVec2 moved = ImGui::GetIO().MouseDelta;
  if (ImGui::IsItemHovered() && (moved.x != 0 || moved.y != 0)) chosen_ = number;
  if (chosen_ == number)
    list.AddRectFilled({corner.x + menu_edge, corner.y}, {end.x - menu_edge, end.y},
                       colors().accent_soft, measure::rounding);
  const float middle = corner.y + menu_row / 2;
  const float keys = text_width(fonts().mono, one.keys);
  draw_text_middle(list, fonts().body, corner.x + menu_inset, middle, colors().text, one.name,
                   width - 2 * menu_inset - keys);
  draw_text_middle(list, fonts().mono, end.x - menu_inset - keys, middle, colors().faint, one.keys);
  shown.add("menu", "action", "", one.name, corner, end);
  if (clicked) take(number, wants);
}

void context_menu::draw(const shell_input& input, intents& wants, screen_record& shown) {
  constexpr const char* name = "context menu";
  if (!input.view.menu || input.open == nullptr) {
    drawn_.reset();
    return;
  }
  const open_menu& wanted = *input.view.menu;
  if (drawn_ != wanted) {
    drawn_ = wanted;
    chosen_.reset();
    actions_ = actions_on(*input.open, input.view, input.notes, wanted.about);
    ImGui::OpenPopup(name);
  }
  if (actions_.empty()) {
    wants.emplace_back(intent::close_menu{});
    return;
  }
  const std::string title = title_of(*input.open, wanted.about);
  const ImVec2 size = size_of(actions_, title);
  const ImVec2 corner = corner_for(wanted.at, size);
  ImGui::SetNextWindowPos(corner);
  ImGui::SetNextWindowSize(size);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2{0, 0});
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2{0, 0});
  const bool visible = ImGui::BeginPopup(name, ImGuiWindowFlags_NoNav | ImGuiWindowFlags_NoMove |
                                                   ImGuiWindowFlags_NoScrollbar |
                                                   ImGuiWindowFlags_NoScrollWithMouse);
  if (visible) {
    draw_text_middle(*ImGui::GetWindowDrawList(), fonts().small, corner.x + menu_inset,
                     corner.y + menu_edge + title_height / 2, colors().faint, title,
                     size.x - 2 * menu_inset);
    ImGui::SetCursorScreenPos({corner.x, corner.y + menu_edge + title_height});
    use_keys(wants);
    for (std::size_t i = 0; i < actions_.size(); ++i)
      draw_row(i, size.x, wants, shown);
    shown.add("menu", "title", "", title, corner, {corner.x + size.x, corner.y + size.y});
    ImGui::EndPopup();
  } else {
    wants.emplace_back(intent::close_menu{}); // by a click somewhere else
  }
  ImGui::PopStyleVar(2);
}

} // namespace cancelscope::ui
