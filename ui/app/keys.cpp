#include "ui/app/keys.hpp"

#include "ui/view/actions.hpp"

#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace cancelscope::ui {
namespace {

struct step_key {
  ImGuiKey key;
  step_direction plain;
  step_direction with_ctrl;
};

constexpr std::array step_keys{
    step_key{ImGuiKey_LeftArrow, step_direction::previous, step_direction::previous_any},
    step_key{ImGuiKey_RightArrow, step_direction::next, step_direction::next_any},
    step_key{ImGuiKey_UpArrow, step_direction::cause, step_direction::cause},
    step_key{ImGuiKey_DownArrow, step_direction::effect, step_direction::effect},
    step_key{ImGuiKey_Home, step_direction::first, step_direction::first},
    step_key{ImGuiKey_End, step_direction::last, step_direction::last},
};

// W and S zoom around the cursor while it is in view, A and D pan; a second held is a zoom of about ten.
bool move_timeline(const view_state& view, intents& wants) {
  const auto held = [](ImGuiKey key) { return ImGui::IsKeyDown(key) ? 1.0 : 0.0; };
  const double zoom = held(ImGuiKey_S) - held(ImGuiKey_W);
  const double pan = held(ImGuiKey_D) - held(ImGuiKey_A);
  if (zoom == 0 && pan == 0) return false;
  // The first frame after a pause has the whole pause as its length.
  const double seconds = std::min(0.05, static_cast<double>(ImGui::GetIO().DeltaTime));
  const auto cursor = static_cast<double>(view.cursor_time);
  const double middle = (view.window.begin + view.window.end) / 2;
  time_range window = zoomed(view.window, view.window.contains(cursor) ? cursor : middle,
                             std::pow(10, zoom * seconds));
  window = panned(window, pan * seconds * 1.2 * window.length());
  wants.push_back(intent::show_window{window});
  return true;
}

// Pin and hide the selection's lane.
void gather_lane_keys(const view_state& view, bool shift, intents& wants) {
  const inspector::entity who = view.selected.who;
  if (ImGui::IsKeyPressed(ImGuiKey_P, false)) {
    const auto& pinned = view.pinned_lanes;
    const bool is_pinned = std::find(pinned.begin(), pinned.end(), who) != pinned.end();
    wants.push_back(intent::pin_lane{who, !is_pinned});
  }
  if (!ImGui::IsKeyPressed(ImGuiKey_H, false)) return;
  if (shift)
    wants.push_back(intent::show_hidden_lanes{});
  else
    wants.push_back(intent::hide_lane{who});
}

} // namespace

bool gather_keys(const shell_input& input, intents& wants) {
  const document* const open = input.open;
  const view_state& view = input.view;
  const ImGuiIO& io = ImGui::GetIO();
  if (io.KeyCtrl && ImGui::IsKeyPressed(ImGuiKey_P, false))
    wants.push_back(intent::show_finder{!view.finder_shown});
  if (io.WantTextInput || view.finder_shown || view.menu || !view.noting.empty()) return false;
  const auto pressed = [](ImGuiKey key) { return ImGui::IsKeyPressed(key, false); };
  const bool question = std::any_of(io.InputQueueCharacters.begin(), io.InputQueueCharacters.end(),
                                    [](ImWchar typed) { return typed == '?'; });
  if (question || pressed(ImGuiKey_F1)) wants.push_back(intent::show_help{!view.help_shown});
  if (io.KeyCtrl && pressed(ImGuiKey_V))
    if (const char* const text = ImGui::GetClipboardText()) wants.push_back(intent::paste{text});
  const bool loads = input.loading.waited_for();
  if (loads && input.loading.may_be_looked_at && pressed(ImGuiKey_Enter))
    wants.push_back(intent::look_early{});
  if (loads && pressed(ImGuiKey_Escape)) wants.push_back(intent::cancel_open{});
  if (open == nullptr) return false;
  if (pressed(ImGuiKey_Escape) && !loads) {
    if (view.help_shown)
      wants.push_back(intent::show_help{false});
    else if (view.marked)
      wants.push_back(intent::mark_time{});
    else if (view.sizes.filled)
      wants.push_back(intent::fill_window{*view.sizes.filled});
    else
      wants.push_back(intent::select{});
  }
  if (io.KeyAlt && !io.KeyCtrl) {
    if (pressed(ImGuiKey_LeftArrow)) wants.push_back(intent::go{.back = true});
    if (pressed(ImGuiKey_RightArrow)) wants.push_back(intent::go{.back = false});
  }
  for (const step_key& key : step_keys) {
    if (!ImGui::IsKeyPressed(key.key, true) || io.KeyAlt) continue;
    if (view.hint_shown) wants.push_back(intent::dismiss_hint{});
    wants.push_back(intent::step{io.KeyCtrl ? key.with_ctrl : key.plain});
  }
  if (pressed(ImGuiKey_Menu) || (io.KeyShift && pressed(ImGuiKey_F10)))
    wants.push_back(intent::show_menu{selected_subject(view)});
  if (io.KeyCtrl || io.KeyAlt || io.KeySuper) return false;
  if (pressed(ImGuiKey_Space)) wants.push_back(intent::play{!view.playing});
  if (ImGui::IsKeyPressed(ImGuiKey_N, true))
    wants.push_back(
        intent::step{io.KeyShift ? step_direction::previous_stop : step_direction::next_stop});
  if (pressed(ImGuiKey_M))
    wants.push_back(intent::fill_window{view.sizes.filled.value_or(panel_place::middle)});
  for (std::size_t i = 0; i < layout_presets().size(); ++i)
    if (pressed(static_cast<ImGuiKey>(ImGuiKey_1 + static_cast<int>(i))))
      wants.push_back(intent::use_preset{&layout_presets()[i]});
  gather_lane_keys(view, io.KeyShift, wants);
  if (pressed(ImGuiKey_T)) wants.push_back(intent::edit_note{on_what_is_looked_at(*open, view)});
  if (ImGui::IsKeyPressed(ImGuiKey_J, true)) wants.push_back(intent::step_note{!io.KeyShift});
  if (pressed(ImGuiKey_F)) wants.push_back(intent::fit_window{});
  if (pressed(ImGuiKey_Z)) wants.push_back(intent::zoom_to_selection{});
  return move_timeline(view, wants);
}

} // namespace cancelscope::ui
