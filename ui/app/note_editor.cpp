#include "ui/app/note_editor.hpp"

#include "ui/theme/palette.hpp"
#include "ui/theme/style.hpp"
#include "ui/theme/typography.hpp"
#include "ui/widgets/glyphs.hpp"
#include "ui/widgets/text.hpp"

#include <imgui.h>
#include <imgui_stdlib.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>

namespace cancelscope::ui {
namespace {

std::string where_it_is(const document& open, std::string_view on) {
  const std::array one{note{std::string(on), {}}};
  return placed(open, one).front().where;
}

void begin_editor(float width) {
  const ImGuiViewport& viewport = *ImGui::GetMainViewport();
  ImGui::SetNextWindowPos({viewport.Pos.x + std::floor((viewport.Size.x - width) / 2),
                           viewport.Pos.y + measure::top_bar + 8});
  ImGui::SetNextWindowSize({width, 0});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2{14, 12});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, 8);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 1);
  ImGui::PushStyleColor(ImGuiCol_WindowBg, colors().raised);
  ImGui::PushStyleColor(ImGuiCol_FrameBg, colors().panel);
  ImGui::Begin("note", nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                   ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoNav);
}

void end_editor() {
  ImGui::End();
  ImGui::PopStyleColor(2);
  ImGui::PopStyleVar(3);
}

} // namespace

void note_editor::draw(const shell_input& input, intents& wants, screen_record& shown) {
  const std::string& on = input.view.noting;
  if (on.empty() || input.open == nullptr) {
    on_.clear();
    return;
  }
  const placed_note* const known = note_on(input.notes, on);
  if (on_ != on) {
    on_ = on;
    text_ = known != nullptr ? known->what.text : std::string();
    field_active_ = false;
  }
  const float width = std::min(560.0F, ImGui::GetMainViewport()->Size.x - 40);
  begin_editor(width);
  inline_glyph(glyph::note, 12, colors().note);
  ImGui::SameLine(0, 8);
  const ImVec2 title = ImGui::GetCursorScreenPos();
  draw_text(*ImGui::GetWindowDrawList(), fonts().strong, title, colors().text,
            "Note on " + where_it_is(*input.open, on), width - 50);
  ImGui::NewLine();
  if (!field_active_) ImGui::SetKeyboardFocusHere();
  ImGui::SetNextItemWidth(-1);
  const bool entered = ImGui::InputTextWithHint("##text", "A few words", &text_,
                                                ImGuiInputTextFlags_EnterReturnsTrue);
  field_active_ = field_active_ || ImGui::IsItemActive();
  shown.add("note", "text", on, text_, ImGui::GetItemRectMin(), ImGui::GetItemRectMax());
  const auto done = [&](std::string text) {
    wants.emplace_back(intent::put_note{on, std::move(text)});
    wants.emplace_back(intent::edit_note{});
  };
  if (entered) done(text_);
  if (ImGui::IsKeyPressed(ImGuiKey_Escape, false)) wants.emplace_back(intent::edit_note{});
  {
    const with_font small(fonts().small);
    colored_text(colors().faint, "Enter keeps it   Esc leaves it");
    if (known != nullptr) {
      ImGui::SameLine(ImGui::GetWindowWidth() - 14 - text_width(fonts().small, "Delete"));
      if (link("Delete")) done("");
      shown.add("note", "delete", on, "Delete", ImGui::GetItemRectMin(), ImGui::GetItemRectMax());
    }
  }
  end_editor();
}

} // namespace cancelscope::ui
