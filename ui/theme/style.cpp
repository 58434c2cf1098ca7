#include "ui/theme/style.hpp"

#include <imgui.h>

namespace cancelscope::ui {
namespace {

void apply_metrics(ImGuiStyle& style) {
  style.WindowPadding = {0, 0};
  style.WindowRounding = 0;
  style.WindowBorderSize = 0;
  style.WindowMinSize = {1, 1};
  style.ChildRounding = 0;
  style.ChildBorderSize = 0;
  style.PopupRounding = measure::rounding;
  style.PopupBorderSize = 1;
  style.FramePadding = {8, 5};
  style.FrameRounding = measure::rounding;
  style.FrameBorderSize = 0;
  style.ItemSpacing = {measure::gap, 6};
  style.ItemInnerSpacing = {6, 6};
  style.ScrollbarSize = 11;
  style.ScrollbarRounding = 6;
  style.GrabRounding = measure::rounding;
  style.DisabledAlpha = 0.45F;
  // Nothing may wait for a timer: a window in which nothing changed draws no frame.
  style.HoverDelayShort = 0;
  style.HoverDelayNormal = 0;
  style.HoverStationaryDelay = 0;
}

void apply_colors(ImGuiStyle& style) {
  const palette& c = colors();
  const auto set = [&](ImGuiCol slot, ImU32 color) {
    style.Colors[slot] = ImGui::ColorConvertU32ToFloat4(color);
  };
  set(ImGuiCol_Text, c.text);
  set(ImGuiCol_TextDisabled, c.faint);
  set(ImGuiCol_WindowBg, c.background);
  set(ImGuiCol_ChildBg, faded(c.panel, 0));
  set(ImGuiCol_PopupBg, c.raised);
  set(ImGuiCol_Border, c.border);
  set(ImGuiCol_FrameBg, c.raised);
  set(ImGuiCol_FrameBgHovered, c.hovered);
  set(ImGuiCol_FrameBgActive, c.hovered);
  set(ImGuiCol_ScrollbarBg, faded(c.panel, 0));
  set(ImGuiCol_ScrollbarGrab, c.border);
  set(ImGuiCol_ScrollbarGrabHovered, mixed(c.border, c.text, 0.15F));
  set(ImGuiCol_ScrollbarGrabActive, mixed(c.border, c.text, 0.25F));
  set(ImGuiCol_CheckMark, c.accent);
  set(ImGuiCol_Button, c.raised);
  set(ImGuiCol_ButtonHovered, c.hovered);
  set(ImGuiCol_ButtonActive, c.accent_soft);
  set(ImGuiCol_Header, c.accent_soft);
  set(ImGuiCol_HeaderHovered, c.hovered);
  set(ImGuiCol_HeaderActive, c.accent_soft);
  set(ImGuiCol_TextSelectedBg, c.accent_soft);
  set(ImGuiCol_TableHeaderBg, c.panel);
  set(ImGuiCol_TableBorderLight, c.grid);
  set(ImGuiCol_TableBorderStrong, c.border);
  set(ImGuiCol_TableRowBg, faded(c.panel, 0));
  set(ImGuiCol_TableRowBgAlt, faded(c.panel, 0));
  set(ImGuiCol_NavHighlight, c.accent);
  set(ImGuiCol_ModalWindowDimBg, faded(c.background, 0.6F));
}

} // namespace

void apply_style() {
  use_colors_of(theme::dark);
  ImGuiStyle& style = ImGui::GetStyle();
  apply_metrics(style);
  apply_colors(style);
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.LogFilename = nullptr;
  io.ConfigInputTextCursorBlink = false;
  io.ConfigWindowsMoveFromTitleBarOnly = true;
}

void show_theme(theme wanted) {
  use_colors_of(wanted);
  apply_colors(ImGui::GetStyle());
}

} // namespace cancelscope::ui
