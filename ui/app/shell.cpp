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

// What the user dragged, as far as this window has room for it; what is not there takes none.
layout fitted(layout wanted, ImVec2 size) {
  const auto within = [](float least, float value, float most) {
    return std::floor(std::clamp(value, least, std::max(least, most)));
  };
  constexpr float least_middle = 340;
  layout found = wanted;
  found.tree_width =
      wanted.shows(panel_place::left) ? within(180, wanted.tree_width, size.x * 0.25F) : 0;
  const float room = size.x - found.tree_width - least_middle;
  found.why_width = wanted.shows(panel_place::right) ? within(240, wanted.why_width, room) : 0;
  found.lower_height = wanted.shows(panel_place::lower)
                           ? within(96, wanted.lower_height, std::min(size.y * 0.6F, size.y - 200))
                           : 0;
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
  draw_hint(input, wants, shown);
  draw_costs(input, shown);
  draw_help(input.view.help_shown, wants);
  finder_.draw(input, wants, shown);
  note_editor_.draw(input, wants, shown);
  menu_.draw(input, wants, shown);
  if (input.choosing_file) chooser_.draw(wants);
  return gather_keys(input, wants);
}

void shell::draw_body(const shell_input& input, ImVec2 corner, ImVec2 size, intents& wants,
                      screen_record& shown) {
  entity under_mouse;
  const panel_context context{*input.open, input.beside, input.view, input.notes,
                              wants,       shown,        under_mouse};
  if (const auto filled = input.view.sizes.filled)
    draw_place(*filled, context, corner, size);
  else
    draw_tiles(input.view.sizes, context, corner, size);
  if (under_mouse != input.view.hovered) wants.push_back(intent::hover{under_mouse});
}

void shell::draw_tiles(const layout& wanted, const panel_context& context, ImVec2 corner,
                       ImVec2 size) {
  const layout sizes = fitted(wanted, size);
  const auto bar = [](bool shown) { return shown ? measure::splitter : 0; };
  const float tree_bar = bar(sizes.tree_shown);
  const float why_bar = bar(sizes.why_shown);
  const float lower_bar = bar(sizes.lower_shown);
  const float middle_x = corner.x + sizes.tree_width + tree_bar;
  const float middle_width = size.x - sizes.tree_width - sizes.why_width - tree_bar - why_bar;
  const float upper_height = size.y - sizes.lower_height - lower_bar;
  const float why_x = middle_x + middle_width + why_bar;
  layout dragged = sizes;
  if (sizes.tree_shown) {
    draw_place(panel_place::left, context, corner, {sizes.tree_width, size.y});
    dragged.tree_width += splitter("tree splitter", axis::horizontal,
                                   {middle_x - tree_bar, corner.y}, {tree_bar, size.y});
  }
  draw_place(panel_place::middle, context, {middle_x, corner.y}, {middle_width, upper_height});
  if (sizes.lower_shown) {
    draw_place(panel_place::lower, context, {middle_x, corner.y + upper_height + lower_bar},
               {middle_width, sizes.lower_height});
    dragged.lower_height -=
        splitter("lower splitter", axis::vertical, {middle_x, corner.y + upper_height},
                 {middle_width, lower_bar});
  }
  if (sizes.why_shown) {
    draw_place(panel_place::right, context, {why_x, corner.y}, {sizes.why_width, size.y});
    dragged.why_width -=
        splitter("why splitter", axis::horizontal, {why_x - why_bar, corner.y}, {why_bar, size.y});
  }
  if (dragged == sizes) return;
  // What is hidden keeps the size it had.
  if (!dragged.tree_shown) dragged.tree_width = wanted.tree_width;
  if (!dragged.why_shown) dragged.why_width = wanted.why_width;
  if (!dragged.lower_shown) dragged.lower_height = wanted.lower_height;
  context.want(intent::arrange_panels{dragged});
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
      if (tab(one.entry->title, &one == &current, one.view->count(context))) {
        context.want(intent::show_lower{std::string(one.entry->name)});
      }
      context.shown.add("header", "tab", one.entry->name, one.entry->title, ImGui::GetItemRectMin(),
                        ImGui::GetItemRectMax());
      used += ImGui::GetItemRectSize().x;
    }
  } else {
    used +=
        draw_text_middle(list, fonts().strong, corner.x + used,
                         corner.y + measure::panel_header / 2, colors().text, current.entry->title);
  }
  used += measure::padding;
  constexpr float button = 28;
  ImGui::SetCursorScreenPos({corner.x + used, corner.y});
  current.view->draw_header(context, width - used - button - 4);
  const bool filled = context.view.sizes.filled.has_value();
  ImGui::SetCursorScreenPos({corner.x + width - button - 2, corner.y + 3});
  if (glyph_button("fill", filled ? glyph::unfill_window : glyph::fill_window,
                   filled                         ? "Back among the others (Esc)"
                   : place == panel_place::middle ? "Fill the window (M)"
                                                  : "Fill the window"))
    context.want(intent::fill_window{place});
  context.shown.add("header", "fill", "", current.entry->title, ImGui::GetItemRectMin(),
                    ImGui::GetItemRectMax());
  const bool over =
      ImGui::IsMouseHoveringRect(corner, {corner.x + width, bottom}) && !ImGui::IsAnyItemHovered();
  if (over && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left))
    context.want(intent::fill_window{place});
  if (over && ImGui::IsMouseClicked(ImGuiMouseButton_Right)) ImGui::OpenPopup("panel menu");
  draw_panel_menu(place, context);
}

void shell::draw_panel_menu(panel_place place, const panel_context& context) {
  if (!ImGui::BeginPopup("panel menu")) return;
  const layout& sizes = context.view.sizes;
  if (ImGui::MenuItem(sizes.filled ? "Back among the others" : "Fill the window"))
    context.want(intent::fill_window{place});
  if (place != panel_place::middle && !sizes.filled && ImGui::MenuItem("Hide")) {
    layout without = sizes;
    (place == panel_place::left    ? without.tree_shown
     : place == panel_place::right ? without.why_shown
                                   : without.lower_shown) = false;
    context.want(intent::arrange_panels{without});
  }
  ImGui::EndPopup();
}

} // namespace cancelscope::ui
