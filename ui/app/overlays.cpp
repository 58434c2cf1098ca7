#include "ui/app/overlays.hpp"

#include "inspector/text/units.hpp"
#include "ui/theme/palette.hpp"
#include "ui/theme/style.hpp"
#include "ui/theme/typography.hpp"
#include "ui/widgets/controls.hpp"
#include "ui/widgets/text.hpp"

#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace cancelscope::ui {
namespace {

constexpr ImGuiWindowFlags overlay_flags =
    ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
    ImGuiWindowFlags_AlwaysAutoResize | ImGuiWindowFlags_NoNav;

void begin_overlay(const char* name, ImVec2 at, ImVec2 pivot, ImU32 edge) {
  ImGui::SetNextWindowPos(at, ImGuiCond_Always, pivot);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2{16, 12});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, 8);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 1);
  ImGui::PushStyleColor(ImGuiCol_WindowBg, colors().raised);
  ImGui::PushStyleColor(ImGuiCol_Border, edge);
  ImGui::Begin(name, nullptr, overlay_flags);
  ImGui::PopStyleColor(2);
  ImGui::PopStyleVar(3);
}

struct key_line {
  const char* keys;
  const char* meaning;
};

constexpr std::array key_lines{
    key_line{"Left  Right", "previous, next event that concerns the selection"},
    key_line{"Ctrl+Left  Ctrl+Right", "previous, next event of any kind"},
    key_line{"Up  Down", "along the chain: to the cause, to the effect"},
    key_line{"Home  End", "the beginning, the end of the trace"},
    key_line{"Space", "play, and stop"},
    key_line{"N  Shift+N", "next, previous event that matches “Stop at”"},
    key_line{"Ctrl+P", "find a task, a region, a command"},
    key_line{"Wheel  W  S", "zoom the timeline at the mouse"},
    key_line{"Drag  A  D", "move the timeline"},
    key_line{"Shift+drag", "mark a stretch of time: findings and events of it"},
    key_line{"P  H  Shift+H", "pin, hide the selection's lane; show all lanes"},
    key_line{"T  J  Shift+J", "write a note; to the next, previous one"},
    key_line{"Menu  Shift+F10", "what can be done with the selection (right click)"},
    key_line{"Ctrl+V", "open what is on the clipboard"},
    key_line{"F", "fit the whole trace"},
    key_line{"Z", "zoom to what is marked, or to the selection"},
    key_line{"Alt+Left  Alt+Right", "back to where you were, and forth again"},
    key_line{"M", "let the timeline fill the window, and back"},
    key_line{"1  2  3", "panels for triage, for the timeline, for slots"},
    key_line{"Esc", "unmark; select nothing: the trace at a glance"},
    key_line{"?", "this page"},
};

struct sign_line {
  glyph shape;
  ImU32 palette::* color;
  const char* meaning;
};

constexpr std::array sign_lines{
    sign_line{glyph::task_running, &palette::running, "task running"},
    sign_line{glyph::task_waiting, &palette::muted, "waiting"},
    sign_line{glyph::task_requested, &palette::requested, "cancel requested, not yet seen"},
    sign_line{glyph::task_draining, &palette::draining, "draining: its own clean-up"},
    sign_line{glyph::task_finalizing, &palette::finalizing, "finalizing"},
    sign_line{glyph::state_unknown, &palette::muted, "not known: events were dropped"},
    sign_line{glyph::outcome_ok, &palette::ok, "ended ok"},
    sign_line{glyph::outcome_err, &palette::err, "ended with an error"},
    sign_line{glyph::outcome_cancelled, &palette::cancelled, "ended cancelled"},
    sign_line{glyph::outcome_panicked, &palette::panicked, "panicked"},
    sign_line{glyph::region_open, &palette::running, "region (square): hollow open, filled closed"},
    sign_line{glyph::cancel, &palette::cancelled, "cancel request"},
    sign_line{glyph::note, &palette::note, "a note of yours"},
};

void draw_key_lines() {
  for (const key_line& line : key_lines) {
    const float x = ImGui::GetCursorPosX();
    {
      const with_font mono(fonts().mono);
      colored_text(colors().accent, line.keys);
    }
    ImGui::SameLine(x + 190);
    colored_text(colors().text, line.meaning);
  }
}

void draw_sign_lines() {
  for (const sign_line& line : sign_lines) {
    inline_glyph(line.shape, 12, colors().*line.color);
    ImGui::SameLine(0, 12);
    colored_text(colors().text, line.meaning);
  }
}

} // namespace

void draw_banner(const shell_input& input, intents& wants, screen_record& shown) {
  if (input.banner.empty()) return;
  const ImGuiViewport& viewport = *ImGui::GetMainViewport();
  const ImU32 color = input.banner_is_error ? colors().error : colors().info;
  const float room = std::min(620.0F, viewport.Size.x - 120);
  begin_overlay("banner",
                {viewport.Pos.x + viewport.Size.x / 2, viewport.Pos.y + measure::top_bar + 14},
                {0.5F, 0}, faded(color, 0.7F));
  inline_glyph(input.banner_is_error ? glyph::severity_error : glyph::severity_info, 12, color);
  ImGui::SameLine(0, 12);
  const float x = ImGui::GetCursorPosX();
  ImGui::PushTextWrapPos(x + room - 60);
  colored_text(colors().text, input.banner);
  ImGui::PopTextWrapPos();
  shown.add("banner", input.banner_is_error ? "error" : "notice", "", input.banner,
            ImGui::GetItemRectMin(), ImGui::GetItemRectMax());
  ImGui::SameLine(0, 16);
  if (link("Close")) wants.push_back(intent::dismiss_notice{});
  shown.add("banner", "close", "", "Close", ImGui::GetItemRectMin(), ImGui::GetItemRectMax());
  ImGui::End();
}

void draw_loading(const load_status& loading, intents& wants, screen_record& shown) {
  // What is there at once needs no card that flashes by.
  constexpr std::uint64_t patience = 2;
  if (!loading.waited_for() || loading.frames <= patience) return;
  const ImGuiViewport& viewport = *ImGui::GetMainViewport();
  const float width = std::min(420.0F, viewport.Size.x - 80);
  begin_overlay("loading", {viewport.GetCenter().x, viewport.Pos.y + viewport.Size.y * 0.42F},
                {0.5F, 0.5F}, colors().border);
  const float x = ImGui::GetCursorPosX();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImVec2 title = ImGui::GetCursorScreenPos();
  draw_text(list, fonts().heading, title, colors().text, "Reading " + loading.name, width);
  ImGui::Dummy({width, 26});
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  list.AddRectFilled(corner, {corner.x + width, corner.y + 6}, colors().border, 3);
  const double share =
      loading.total > 0
          ? std::min(1.0, static_cast<double>(loading.bytes) / static_cast<double>(loading.total))
          : 0;
  list.AddRectFilled(corner, {corner.x + width * static_cast<float>(share), corner.y + 6},
                     colors().accent, 3);
  ImGui::Dummy({width, 8});
  std::string amount =
      inspector::counted(loading.events, "event") + "  ·  " + inspector::bytes_text(loading.bytes);
  if (loading.total > 0) amount += " of " + inspector::bytes_text(loading.total);
  colored_text(colors().muted, amount);
  shown.add("loading", "progress", "", amount, corner, ImGui::GetItemRectMax());
  const char* label = "Cancel";
  ImGui::SameLine(x + width - text_width(fonts().body, label));
  if (link(label)) wants.push_back(intent::cancel_open{});
  shown.add("loading", "cancel", "", label, ImGui::GetItemRectMin(), ImGui::GetItemRectMax());
  if (loading.may_be_looked_at) {
    const char* look = "Look at what has arrived";
    if (link(look)) wants.push_back(intent::look_early{});
    tooltip("The rest comes in while you look (Enter)");
    shown.add("loading", "look", "", look, ImGui::GetItemRectMin(), ImGui::GetItemRectMax());
  }
  ImGui::End();
}

void draw_hint(const shell_input& input, intents& wants, screen_record& shown) {
  if (!input.view.hint_shown || input.open == nullptr) return;
  constexpr std::string_view said =
      "Right and Left step through what happened to the selection, Up goes to its cause. "
      "Ctrl+P finds anything, ? shows all keys.";
  const ImGuiViewport& viewport = *ImGui::GetMainViewport();
  begin_overlay(
      "hint",
      {viewport.GetCenter().x, viewport.Pos.y + viewport.Size.y - measure::transport_bar - 10},
      {0.5F, 1}, faded(colors().accent, 0.7F));
  const float x = ImGui::GetCursorPosX();
  ImGui::PushTextWrapPos(x + std::min(680.0F, viewport.Size.x - 180));
  colored_text(colors().text, said);
  ImGui::PopTextWrapPos();
  shown.add("hint", "text", "", std::string(said), ImGui::GetItemRectMin(),
            ImGui::GetItemRectMax());
  ImGui::SameLine(0, 16);
  if (link("Got it")) wants.push_back(intent::dismiss_hint{});
  shown.add("hint", "close", "", "Got it", ImGui::GetItemRectMin(), ImGui::GetItemRectMax());
  ImGui::End();
}

void draw_costs(const shell_input& input, screen_record& shown) {
  if (!input.view.costs_shown) return;
  const frame_stats& stats = input.stats;
  const std::string said = fmt::format("frame {}   {:.1f} ms, at worst {:.1f}   {} vertices",
                                       inspector::count_text(stats.frames), stats.last_cpu_ms,
                                       stats.worst_cpu_ms, inspector::count_text(stats.vertices));
  const ImGuiViewport& viewport = *ImGui::GetMainViewport();
  ImDrawList& list = *ImGui::GetForegroundDrawList();
  const float width = text_width(fonts().mono, said) + 16;
  const ImVec2 corner{viewport.Pos.x + 8,
                      viewport.Pos.y + viewport.Size.y - measure::transport_bar - 28};
  const ImVec2 end{corner.x + width, corner.y + 22};
  list.AddRectFilled(corner, end, faded(colors().raised, 0.92F), 4);
  draw_text_middle(list, fonts().mono, corner.x + 8, corner.y + 11, colors().muted, said);
  shown.add("costs", "frame", "", said, corner, end);
}

void draw_help(bool visible, intents& wants) {
  if (!visible) return;
  const ImGuiViewport& viewport = *ImGui::GetMainViewport();
  begin_overlay("help", viewport.GetCenter(), {0.5F, 0.5F}, colors().border);
  {
    const with_font heading(fonts().heading);
    colored_text(colors().text, "Keys and signs");
  }
  ImGui::Dummy({0, 6});
  ImGui::BeginGroup();
  draw_key_lines();
  ImGui::EndGroup();
  ImGui::SameLine(0, 36);
  ImGui::BeginGroup();
  draw_sign_lines();
  ImGui::EndGroup();
  ImGui::Dummy({0, 4});
  if (link("Close")) wants.push_back(intent::show_help{false});
  if (ImGui::IsMouseClicked(ImGuiMouseButton_Left) &&
      !ImGui::IsWindowHovered(ImGuiHoveredFlags_RootAndChildWindows)) {
    wants.push_back(intent::show_help{false});
  }
  ImGui::End();
}

namespace {

void centred(ImFont* font, ImU32 color, const char* text) {
  const with_font with(font);
  ImGui::SetCursorPosX(std::floor((ImGui::GetWindowWidth() - ImGui::CalcTextSize(text).x) / 2));
  colored_text(color, text);
}

} // namespace

namespace {

// A list in columns, as wide as the window has room for.
void draw_offers(const std::vector<offer>& offers, intents& wants, screen_record& shown) {
  if (offers.empty()) return;
  constexpr float column = 360;
  constexpr float row = 68;
  const float width = ImGui::GetWindowWidth();
  const int columns = std::clamp(static_cast<int>((width - 2 * measure::padding) / column), 1, 3);
  const float left = std::floor((width - static_cast<float>(columns) * column) / 2);
  ImGui::Dummy({0, 18});
  ImGui::BeginChild("offers", {0, 0}, ImGuiChildFlags_None, ImGuiWindowFlags_NoBackground);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  for (std::size_t i = 0; i < offers.size(); ++i) {
    const offer& one = offers[i];
    const auto number = static_cast<int>(i);
    const int down = number / columns;
    const int across = number % columns;
    const ImVec2 corner{origin.x + left + column * static_cast<float>(across),
                        origin.y + row * static_cast<float>(down)};
    const ImVec2 end{corner.x + column - 8, corner.y + row - 4};
    ImGui::SetCursorScreenPos(corner);
    ImGui::PushID(number);
    if (ImGui::InvisibleButton("offer", {end.x - corner.x, end.y - corner.y}))
      wants.push_back(intent::open_path{one.address});
    ImGui::PopID();
    if (ImGui::IsItemHovered() || ImGui::IsItemFocused())
      list.AddRectFilled(corner, end, colors().hovered, measure::rounding);
    draw_text(list, fonts().body, {corner.x + 10, corner.y + 5}, colors().accent, one.title,
              column - 28);
    ImGui::SetCursorScreenPos({corner.x + 10, corner.y + 26});
    ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + column - 28);
    {
      const with_font small(fonts().small);
      ImGui::PushStyleColor(ImGuiCol_Text, colors().muted);
      ImGui::TextUnformatted(one.detail.data(), one.detail.data() + one.detail.size());
      ImGui::PopStyleColor();
    }
    ImGui::PopTextWrapPos();
    shown.add("welcome", "offer", one.address, one.title, corner, end);
  }
  ImGui::EndChild();
}

} // namespace

void draw_welcome(const shell_input& input, intents& wants, screen_record& shown) {
  const ImVec2 corner = ImGui::GetWindowPos();
  const ImVec2 size = ImGui::GetWindowSize();
  if (input.loading.waited_for()) return; // draw_loading says so
  const float top = std::floor(size.y * (input.offers.empty() ? 0.34F : 0.13F));
  draw_glyph(*ImGui::GetWindowDrawList(), glyph::outcome_cancelled,
             {corner.x + size.x / 2, corner.y + top}, 56, colors().cancelled);
  ImGui::SetCursorPosY(top + 52);
  centred(fonts().heading, colors().text, "Why was it cancelled, and what did it leave behind?");
  ImGui::Dummy({0, 2});
  centred(fonts().body, colors().muted,
          "Drop a trace anywhere on this window: a .jsonl or .cst file that a program wrote.");
  ImGui::Dummy({0, 12});
  const char* label = "Open a trace…";
  ImGui::SetCursorPosX(std::floor((size.x - text_width(fonts().strong, label) - 36) / 2));
  if (main_button(label)) wants.push_back(intent::choose_file{});
  shown.add("welcome", "open", "", label, ImGui::GetItemRectMin(), ImGui::GetItemRectMax());
  draw_offers(input.offers, wants, shown);
}

} // namespace cancelscope::ui
