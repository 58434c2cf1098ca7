#include "ui/widgets/controls.hpp"

#include "ui/theme/palette.hpp"
#include "ui/theme/style.hpp"
#include "ui/theme/typography.hpp"
#include "ui/widgets/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace cancelscope::ui {

bool glyph_button(const char* name, glyph shape, std::string_view hint, bool enabled) {
  constexpr float size = 28;
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  ImGui::BeginDisabled(!enabled);
  const bool pressed = ImGui::InvisibleButton(name, {size, size});
  ImGui::EndDisabled();
  const bool hovered = enabled && (ImGui::IsItemHovered() || ImGui::IsItemFocused());
  ImDrawList& list = *ImGui::GetWindowDrawList();
  if (hovered) {
    const ImU32 back = ImGui::IsItemActive() ? colors().accent_soft : colors().hovered;
    list.AddRectFilled(corner, {corner.x + size, corner.y + size}, back, measure::rounding);
  }
  const ImU32 ink = !enabled  ? faded(colors().faint, 0.5F)
                    : hovered ? colors().text
                              : colors().muted;
  draw_glyph(list, shape, {corner.x + size / 2, corner.y + size / 2}, 12, ink);
  if (enabled) tooltip(hint);
  return pressed;
}

bool quiet_button(const char* label, bool pressed) {
  ImGui::PushStyleColor(ImGuiCol_Button, pressed ? colors().accent_soft : faded(colors().panel, 0));
  ImGui::PushStyleColor(ImGuiCol_Text, pressed ? colors().accent : colors().muted);
  const bool clicked = ImGui::Button(label);
  ImGui::PopStyleColor(2);
  return clicked;
}

bool main_button(const char* label) {
  ImGui::PushStyleColor(ImGuiCol_Button, colors().accent);
  ImGui::PushStyleColor(ImGuiCol_ButtonHovered, mixed(colors().accent, colors().text, 0.25F));
  ImGui::PushStyleColor(ImGuiCol_ButtonActive, mixed(colors().accent, colors().text, 0.4F));
  ImGui::PushStyleColor(ImGuiCol_Text, colors().background);
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2{18, 8});
  const with_font strong(fonts().strong);
  const bool clicked = ImGui::Button(label);
  ImGui::PopStyleVar();
  ImGui::PopStyleColor(4);
  return clicked;
}

bool tab(const char* label, bool current, int count) {
  ImFont* font = current ? fonts().strong : fonts().body;
  const std::string number = count < 0 ? std::string() : fmt::format("{}", count);
  const float label_width = std::ceil(text_width(font, label));
  const float number_width = number.empty() ? 0 : std::ceil(text_width(fonts().small, number)) + 7;
  const ImVec2 size{label_width + number_width + 20, measure::panel_header};
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  const bool clicked = ImGui::InvisibleButton(label, size);
  const bool hovered = ImGui::IsItemHovered() || ImGui::IsItemFocused();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImU32 ink = current || hovered ? colors().text : colors().muted;
  const float middle = corner.y + size.y / 2;
  draw_text_middle(list, font, corner.x + 10, middle, ink, label);
  draw_text_middle(list, fonts().small, corner.x + 10 + label_width + 7, middle, colors().faint,
                   number);
  if (current) {
    const float bottom = corner.y + size.y;
    list.AddRectFilled({corner.x + 10, bottom - 2}, {corner.x + size.x - 10, bottom},
                       colors().accent, 1);
  }
  return clicked;
}

float splitter(const char* name, axis direction, ImVec2 corner, ImVec2 size) {
  const ImVec2 before = ImGui::GetCursorScreenPos();
  ImGui::SetCursorScreenPos(corner);
  ImGui::InvisibleButton(name, size);
  const bool sideways = direction == axis::horizontal;
  if (ImGui::IsItemHovered() || ImGui::IsItemActive()) {
    ImGui::SetMouseCursor(sideways ? ImGuiMouseCursor_ResizeEW : ImGuiMouseCursor_ResizeNS);
    ImGui::GetWindowDrawList()->AddRectFilled(corner, {corner.x + size.x, corner.y + size.y},
                                              ImGui::IsItemActive() ? colors().accent
                                                                    : faded(colors().accent, 0.5F));
  }
  const bool dragged = ImGui::IsItemActive();
  ImGui::SetCursorScreenPos(before);
  if (!dragged) return 0;
  return sideways ? ImGui::GetIO().MouseDelta.x : ImGui::GetIO().MouseDelta.y;
}

void meter(ImVec2 size, float share, ImU32 color) {
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float filled = size.x * std::clamp(share, 0.0F, 1.0F);
  list.AddRectFilled(corner, {corner.x + size.x, corner.y + size.y}, colors().raised, size.y / 2);
  if (filled > 0) {
    list.AddRectFilled(corner, {corner.x + std::max(filled, size.y), corner.y + size.y}, color,
                       size.y / 2);
  }
  ImGui::Dummy(size);
}

} // namespace cancelscope::ui
