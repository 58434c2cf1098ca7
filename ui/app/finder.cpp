#include "ui/app/finder.hpp"

#include "inspector/text/units.hpp"
#include "ui/theme/palette.hpp"
#include "ui/theme/style.hpp"
#include "ui/theme/typography.hpp"
#include "ui/view/words.hpp"
#include "ui/widgets/text.hpp"

#include <fmt/format.h>
#include <imgui.h>
#include <imgui_stdlib.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace cancelscope::ui {

using namespace inspector;

namespace {

constexpr std::size_t most_hits = 200;
constexpr float row_height = 28;

/// Better hits first: 0 for the very name or id, 1 where it begins so, 2 where it is somewhere in it, none else.
int rank_of(std::string_view name, std::string_view wanted) {
  const std::size_t at = find_folded(name, wanted);
  if (at == std::string_view::npos) return -1;
  if (at > 0) return 2;
  return name.size() == wanted.size() ? 0 : 1;
}

std::string words_of(const offer& one) {
  return "Open " + one.title;
}

} // namespace

const std::vector<finder::command>& finder::commands() {
  static const std::vector<command> all{
      {"Open a trace…", "", intent::choose_file{}},
      {"Fit the whole trace", "F", intent::fit_window{}},
      {"Zoom to the selection", "Z", intent::zoom_to_selection{}},
      {"Select nothing: the trace at a glance", "Esc", intent::select{}},
      {"Back to where you were", "Alt+Left", intent::go{.back = true}},
      {"Forth again", "Alt+Right", intent::go{.back = false}},
      {"To the cause", "Up", intent::step{step_direction::cause}},
      {"To the effect", "Down", intent::step{step_direction::effect}},
      {"To the next stop", "N", intent::step{step_direction::next_stop}},
      {"To the previous stop", "Shift+N", intent::step{step_direction::previous_stop}},
      {"To the beginning", "Home", intent::step{step_direction::first}},
      {"To the end", "End", intent::step{step_direction::last}},
      {"Play", "Space", intent::play{true}},
      {"Show findings", "", intent::show_lower{"findings"}},
      {"Show slots", "", intent::show_lower{"slots"}},
      {"Show events", "", intent::show_lower{"events"}},
      {"Show notes", "", intent::show_lower{"notes"}},
      {"To the next note", "J", intent::step_note{true}},
      {"To the previous note", "Shift+J", intent::step_note{false}},
      {"Export notes…", "", intent::export_notes{}},
      {"Show all lanes", "Shift+H", intent::show_hidden_lanes{}},
      {"Look at what has arrived", "Enter", intent::look_early{}},
      {"Show differences", "", intent::show_lower{"differences"}},
      {"Compare with another trace…", "", intent::compare_next{}},
      {"Panels for triage", "1", intent::use_preset{layout_presets().data()}},
      {"Panels for the timeline", "2", intent::use_preset{&layout_presets()[1]}},
      {"Panels for slots", "3", intent::use_preset{&layout_presets()[2]}},
      {"Fill the window: regions", "", intent::fill_window{panel_place::left}},
      {"Fill the window: timeline", "M", intent::fill_window{panel_place::middle}},
      {"Fill the window: findings, slots, events", "", intent::fill_window{panel_place::lower}},
      {"Fill the window: why", "", intent::fill_window{panel_place::right}},
      {"Light theme", "", intent::switch_theme{theme::light}},
      {"Dark theme", "", intent::switch_theme{theme::dark}},
      {"Move at once: no motion", "", intent::switch_motion{false}},
      {"Move to where steps lead", "", intent::switch_motion{true}},
      {"Show what a frame costs", "", intent::show_costs{true}},
      {"Hide what a frame costs", "", intent::show_costs{false}},
      {"Keys and signs", "?", intent::show_help{true}},
  };
  return all;
}

// What can be done with the selection; it does not change while the finder is open.
void finder::learn_what_there_is(const shell_input& input) {
  hits_.clear();
  actions_.clear();
  const menu_subject selected = selected_subject(input.view);
  if (input.open == nullptr || !(selected.who || selected.event)) return;
  actions_ = actions_on(*input.open, input.view, input.notes, selected);
  // To select it is nothing, and what a command of its own does need not be said twice.
  std::erase_if(actions_, [](const action& one) {
    return one.name == "Select" || one.keys == "Z" || one.keys == "Up";
  });
}

void finder::search(const shell_input& input) {
  const document* const open = input.open;
  const std::uint64_t revision = open != nullptr ? open->revision : 0;
  if (searched_ == text_ && revision_ == revision && !hits_.empty()) return;
  searched_ = text_;
  revision_ = revision;
  chosen_ = 0;
  found_ = 0;
  hits_.clear();
  std::array<std::vector<hit>, 3> by_rank;
  const auto note = [&](int rank, const hit& one) {
    if (rank < 0) return;
    ++found_;
    auto& same = by_rank[static_cast<std::size_t>(rank)];
    if (same.size() < most_hits) same.push_back(one);
  };
  if (open != nullptr && !text_.empty()) {
    const trace_store& trace = open->trace;
    if (const entity exactly = trace.find(text_)) note(0, {.who = exactly});
    for (std::uint32_t i = 0; i < trace.regions().size(); ++i)
      note(rank_of(trace.name_of(region_index{i}), text_), {.who = region_index{i}});
    for (std::uint32_t i = 0; i < trace.tasks().size(); ++i)
      note(rank_of(trace.name_of(task_index{i}), text_), {.who = task_index{i}});
    for (const placed_note& one : input.notes)
      note(rank_of(one.what.text, text_), {.noted = one.what.on});
  }
  for (const command& one : commands())
    note(rank_of(one.name, text_), {.does = &one});
  for (const action& one : actions_)
    note(rank_of(one.name, text_), {.acts = &one});
  for (std::size_t i = 0; i < input.offers.size(); ++i)
    note(rank_of(words_of(input.offers[i]), text_), {.opens = i});
  for (const auto& same : by_rank)
    hits_.insert(hits_.end(), same.begin(), same.end());
  hits_.resize(std::min(hits_.size(), most_hits));
}

void finder::take(const hit& chosen, const shell_input& input, intents& wants) {
  close(wants);
  if (chosen.does != nullptr) {
    wants.push_back(chosen.does->wanted);
    return;
  }
  if (chosen.acts != nullptr) {
    wants.insert(wants.end(), chosen.acts->wanted.begin(), chosen.acts->wanted.end());
    return;
  }
  if (!chosen.noted.empty()) {
    wants.push_back(intent::go_to_note{chosen.noted});
    return;
  }
  if (chosen.opens) {
    wants.push_back(intent::open_path{input.offers[*chosen.opens].address});
    return;
  }
  wants.push_back(intent::select{{chosen.who, {}}});
  wants.push_back(intent::zoom_to_selection{});
}

void finder::close(intents& wants) {
  wants.push_back(intent::show_finder{false});
}

// ImGui needs a frame or two to give a field the keyboard, and drops what is typed meanwhile: that waits here for it.
void finder::draw_field() {
  auto& typed = ImGui::GetIO().InputQueueCharacters;
  for (const ImWchar one : typed)
    early_.push_back(one);
  if (field_active_) {
    typed.swap(early_);
    early_.clear();
  } else if (!ImGui::
                 IsAnyItemActive()) { // a hit that the mouse is on keeps it until the button is up
    ImGui::SetKeyboardFocusHere();
  }
  ImGui::SetNextItemWidth(-1);
  ImGui::InputTextWithHint("##find", "A name, an id, or what to do", &text_,
                           ImGuiInputTextFlags_AutoSelectAll);
  field_active_ = ImGui::IsItemActive();
}

void finder::use_keys(const shell_input& input, intents& wants) {
  if (ImGui::IsKeyPressed(ImGuiKey_Escape, false)) close(wants);
  if (ImGui::IsKeyPressed(ImGuiKey_Enter, false) ||
      ImGui::IsKeyPressed(ImGuiKey_KeypadEnter, false))
    entered_ = true;
  if (!early_.empty()) return;
  const bool entered = std::exchange(entered_, false);
  if (hits_.empty()) return;
  if (ImGui::IsKeyPressed(ImGuiKey_DownArrow, true))
    chosen_ = std::min(chosen_ + 1, hits_.size() - 1);
  if (ImGui::IsKeyPressed(ImGuiKey_UpArrow, true) && chosen_ > 0) --chosen_;
  if (entered) take(hits_[chosen_], input, wants);
}

void finder::draw_row(const shell_input& input, std::size_t number, screen_record& shown) {
  const hit& one = hits_[number];
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  const ImVec2 size{ImGui::GetContentRegionAvail().x, row_height};
  const ImVec2 end{corner.x + size.x, corner.y + size.y};
  ImGui::PushID(static_cast<int>(number));
  if (ImGui::InvisibleButton("hit", size)) {
    chosen_ = number;
    clicked_ = true;
  }
  ImGui::PopID();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  if (number == chosen_)
    list.AddRectFilled(corner, end, colors().accent_soft, measure::rounding);
  else if (ImGui::IsItemHovered())
    list.AddRectFilled(corner, end, colors().hovered, measure::rounding);
  const float middle = corner.y + row_height / 2;
  std::string name;
  std::string aside;
  if (one.does != nullptr) {
    name = one.does->name;
    aside = one.does->keys;
  } else if (one.acts != nullptr) {
    name = one.acts->name;
    aside = title_of(*input.open, selected_subject(input.view));
  } else if (!one.noted.empty()) {
    if (const placed_note* const known = note_on(input.notes, one.noted)) {
      name = known->what.text;
      aside = known->where;
    }
    draw_glyph(list, glyph::note, {corner.x + 16, middle}, 11, colors().note);
  } else if (one.opens) {
    name = words_of(input.offers[*one.opens]);
  } else {
    const trace_store& trace = input.open->trace;
    name = display_name(trace, one.who);
    aside = trace.id_of(one.who);
    const sign s = sign_at(trace, one.who, end_of(trace));
    draw_glyph(list, s.shape, {corner.x + 16, middle}, 11, s.color);
  }
  const float aside_width = std::min(size.x * 0.45F, text_width(fonts().mono, aside));
  draw_text_middle(list, fonts().mono, end.x - aside_width - 10, middle, colors().faint, aside,
                   aside_width);
  draw_text_middle(list, fonts().body, corner.x + 32, middle, colors().text, name,
                   size.x - 32 - aside_width - 28);
  shown.add("finder", "hit", one.who ? aside : "", name, corner, end);
}

void finder::draw_rows(const shell_input& input, intents& wants, screen_record& shown) {
  const float top = ImGui::GetCursorPosY();
  const float room = ImGui::GetWindowHeight() - top - 36;
  ImGui::BeginChild("hits", {0, room});
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2{0, 0});
  const float y = static_cast<float>(chosen_) * row_height;
  // The list follows the choice, and the wheel where that stays.
  const bool moved = std::exchange(followed_, chosen_) != chosen_;
  if (moved && (y < ImGui::GetScrollY() || y + row_height > ImGui::GetScrollY() + room))
    ImGui::SetScrollY(std::max(0.0F, y - room / 2));
  ImGuiListClipper clipper;
  clipper.Begin(static_cast<int>(hits_.size()), row_height);
  while (clipper.Step())
    for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i)
      draw_row(input, static_cast<std::size_t>(i), shown);
  ImGui::PopStyleVar();
  if (hits_.empty()) {
    ImGui::SetCursorPos({10, 8});
    colored_text(colors().faint, "Nothing is called so.");
  }
  ImGui::EndChild();
  const std::string count =
      found_ > hits_.size()
          ? fmt::format("{} of {}, the best first", hits_.size(), count_text(found_))
          : std::string("Up, Down choose   Enter goes there   Esc closes");
  const with_font small(fonts().small);
  colored_text(colors().faint, count);
  if (std::exchange(clicked_, false)) take(hits_[chosen_], input, wants);
}

void finder::draw(const shell_input& input, intents& wants, screen_record& shown) {
  if (!input.view.finder_shown) {
    open_ = false;
    field_active_ = false;
    entered_ = false;
    early_.clear();
    return;
  }
  const ImGuiViewport& viewport = *ImGui::GetMainViewport();
  const ImVec2 size{std::min(620.0F, viewport.Size.x - 40),
                    std::min(420.0F, viewport.Size.y - 120)};
  ImGui::SetNextWindowPos({viewport.Pos.x + std::floor((viewport.Size.x - size.x) / 2),
                           viewport.Pos.y + measure::top_bar + 8});
  ImGui::SetNextWindowSize(size);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2{12, 12});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, 8);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 1);
  ImGui::PushStyleColor(ImGuiCol_WindowBg, colors().raised);
  ImGui::Begin("finder", nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                   ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoNav);
  ImGui::PopStyleColor();
  ImGui::PopStyleVar(3);
  const bool just_opened = !open_;
  open_ = true;
  if (just_opened) learn_what_there_is(input);
  draw_field();
  search(input);
  use_keys(input, wants);
  draw_rows(input, wants, shown);
  if (!just_opened && ImGui::IsMouseClicked(ImGuiMouseButton_Left) &&
      !ImGui::IsWindowHovered(ImGuiHoveredFlags_RootAndChildWindows |
                              ImGuiHoveredFlags_AllowWhenBlockedByActiveItem))
    close(wants);
  ImGui::End();
}

} // namespace cancelscope::ui
