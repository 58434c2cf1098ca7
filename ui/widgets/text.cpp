#include "ui/widgets/text.hpp"

#include "ui/theme/palette.hpp"
#include "ui/theme/style.hpp"
#include "ui/theme/typography.hpp"

#include <cmath>
#include <string>

namespace cancelscope::ui {
namespace {

constexpr std::string_view ellipsis = "…";

float font_size(const ImFont* font) {
  return font->FontSize * ImGui::GetIO().FontGlobalScale;
}

float measured(ImFont* font, std::string_view text, float max_width, const char** cut) {
  return font
      ->CalcTextSizeA(font_size(font), max_width, 0, text.data(), text.data() + text.size(), cut)
      .x;
}

} // namespace

float text_width(ImFont* font, std::string_view text) {
  return text.empty() ? 0 : measured(font, text, 1e9F, nullptr);
}

float draw_text(ImDrawList& list, ImFont* font, ImVec2 at, ImU32 color, std::string_view text,
                float max_width) {
  if (text.empty() || max_width <= 0) return 0;
  const float size = font_size(font);
  const char* first = text.data();
  const char* last = first + text.size();
  float width = measured(font, text, 1e9F, nullptr);
  if (width <= max_width) {
    list.AddText(font, size, at, color, first, last);
    return width;
  }
  const float dots = text_width(font, ellipsis);
  if (dots > max_width) return 0;
  const char* cut = first;
  width = measured(font, text, max_width - dots, &cut);
  list.AddText(font, size, at, color, first, cut);
  list.AddText(font, size, {std::floor(at.x + width), at.y}, color, ellipsis.data(),
               ellipsis.data() + ellipsis.size());
  return width + dots;
}

float draw_text_middle(ImDrawList& list, ImFont* font, float x, float middle_y, ImU32 color,
                       std::string_view text, float max_width) {
  return draw_text(list, font, {x, std::floor(middle_y - font_size(font) / 2)}, color, text,
                   max_width);
}

void colored_text(ImU32 color, std::string_view text) {
  ImGui::PushStyleColor(ImGuiCol_Text, color);
  ImGui::TextUnformatted(text.data(), text.data() + text.size());
  ImGui::PopStyleColor();
}

void wrapped_text(ImU32 color, std::string_view text) {
  ImGui::PushTextWrapPos(0);
  colored_text(color, text);
  ImGui::PopTextWrapPos();
}

bool link(std::string_view text, std::string_view key) {
  const std::string name = std::string(text) + "##" + std::string(key);
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  const ImVec2 size = ImGui::CalcTextSize(text.data(), text.data() + text.size());
  const bool clicked = ImGui::InvisibleButton(name.c_str(), {std::fmax(size.x, 1.0F), size.y});
  const bool hovered = ImGui::IsItemHovered() || ImGui::IsItemFocused();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddText(corner, colors().accent, text.data(), text.data() + text.size());
  if (hovered) {
    const float y = std::floor(corner.y + size.y) - 0.5F;
    list.AddLine({corner.x, y}, {corner.x + size.x, y}, colors().accent);
    ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  }
  return clicked;
}

void pill(std::string_view text, ImU32 color) {
  ImFont* font = fonts().small;
  const float width = std::ceil(text_width(font, text)) + 14;
  const float height = 18;
  ImVec2 corner = ImGui::GetCursorScreenPos();
  const float line = ImGui::GetTextLineHeight();
  corner.y = std::floor(corner.y + (line - height) / 2);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(corner, {corner.x + width, corner.y + height}, faded(color, 0.16F),
                     height / 2);
  draw_text_middle(list, font, corner.x + 7, corner.y + height / 2, color, text);
  ImGui::Dummy({width, line});
}

void tooltip(std::string_view text) {
  if (!ImGui::IsItemHovered()) return;
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2{10, 7});
  if (ImGui::BeginTooltip()) {
    ImGui::PushTextWrapPos(420);
    ImGui::TextUnformatted(text.data(), text.data() + text.size());
    ImGui::PopTextWrapPos();
    ImGui::EndTooltip();
  }
  ImGui::PopStyleVar();
}

} // namespace cancelscope::ui
