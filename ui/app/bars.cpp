#include "ui/app/bars.hpp"

#include "inspector/query/query.hpp"
#include "inspector/summary/sentence.hpp"
#include "inspector/text/describe.hpp"
#include "inspector/text/units.hpp"
#include "ui/theme/palette.hpp"
#include "ui/theme/style.hpp"
#include "ui/theme/typography.hpp"
#include "ui/view/words.hpp"
#include "ui/widgets/controls.hpp"
#include "ui/widgets/text.hpp"

#include <fmt/format.h>
#include <imgui.h>
#include <imgui_stdlib.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>

namespace cancelscope::ui {
namespace {

using namespace inspector;

constexpr float button_height = 28;

// The next item's place on the bar's middle line.
void place(float x, float height) {
  const ImVec2 corner = ImGui::GetWindowPos();
  const float bar = ImGui::GetWindowHeight();
  ImGui::SetCursorScreenPos({std::floor(corner.x + x), std::floor(corner.y + (bar - height) / 2)});
}

struct badge {
  glyph shape;
  ImU32 color;
  std::string text;
  std::string role;
  std::string hint;
};

float badge_width(const badge& b) {
  return std::ceil(text_width(fonts().body, b.text)) + 36;
}

// A count that opens the list behind it.
bool draw_badge(const badge& b, float x, screen_record& shown) {
  place(x, button_height);
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  const ImVec2 size{badge_width(b), button_height};
  const bool pressed = ImGui::InvisibleButton(b.role.c_str(), size);
  const bool hovered = ImGui::IsItemHovered() || ImGui::IsItemFocused();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImVec2 end{corner.x + size.x, corner.y + size.y};
  list.AddRectFilled(corner, end, faded(b.color, hovered ? 0.26F : 0.14F), measure::rounding);
  const float middle = corner.y + size.y / 2;
  draw_glyph(list, b.shape, {corner.x + 14, middle}, 10, b.color);
  draw_text_middle(list, fonts().body, corner.x + 26, middle, hovered ? colors().text : b.color,
                   b.text);
  tooltip(b.hint);
  shown.add("bar", b.role, "", b.text, corner, end);
  return pressed;
}

std::vector<badge> badges_of(const document& open) {
  std::vector<badge> found;
  const std::size_t anomalies = open.trace.anomalies().size();
  if (anomalies > 0) {
    found.push_back({glyph::severity_error, colors().error,
                     counted(anomalies, "anomaly", "anomalies"), "anomalies",
                     "Lines of the file that could not be used. Click to read them."});
  }
  const auto& counts = open.findings_by_severity;
  const std::size_t all = open.findings.size();
  const std::string hint =
      fmt::format("{} errors, {} warnings, {} notes. Click to list them, worst first.", counts[0],
                  counts[1], counts[2]);
  if (open.still_arriving) return found;
  if (all == 0) {
    found.push_back({glyph::all_well, colors().ok, "no findings", "findings",
                     "Nothing looks wrong in this trace."});
  } else if (counts[0] > 0) {
    found.push_back(
        {glyph::severity_error, colors().error, counted(all, "finding"), "findings", hint});
  } else {
    const bool warned = counts[1] > 0;
    found.push_back({warned ? glyph::severity_warning : glyph::severity_info,
                     warned ? colors().warning : colors().info, counted(all, "finding"), "findings",
                     hint});
  }
  return found;
}

// What is open is not whole yet: how far it is, and the way to leave it at that. The width it took.
float draw_arriving(const load_status& loading, float right, intents& wants, screen_record& shown) {
  std::string words = "still arriving";
  if (loading.total > 0)
    words += fmt::format(", {:.0f} %", 100.0 * static_cast<double>(loading.bytes) /
                                           static_cast<double>(loading.total));
  const badge b{glyph::task_requested, colors().warning, words, "arriving",
                "States at the end are those of what has arrived so far; findings are looked for "
                "when all is there."};
  const float stop = text_width(fonts().body, "Stop") + 16;
  const float width = badge_width(b) + stop + 2 * measure::gap;
  draw_badge(b, right - width, shown);
  place(right - stop, ImGui::GetFrameHeight());
  if (quiet_button("Stop")) wants.push_back(intent::cancel_open{});
  tooltip("What has arrived stays, and no more comes");
  shown.add("bar", "stop_arriving", "", "Stop", ImGui::GetItemRectMin(), ImGui::GetItemRectMax());
  return width;
}

std::string facts_of(const trace_store& trace) {
  return fmt::format("{}  ·  {}  ·  {}", counted(trace.event_count(), "event"),
                     counted(trace.tasks().size(), "task"), duration_text(trace.last_time()));
}

// Arrangements to choose, and what of the panels is there.
void draw_layout_menu(const layout& sizes, intents& wants, screen_record& shown) {
  if (!ImGui::BeginPopup("layouts")) return;
  int key = 1;
  for (const layout_preset& preset : layout_presets()) {
    const std::string label = fmt::format("{}: {}", preset.name, preset.purpose);
    if (ImGui::MenuItem(label.c_str(), std::to_string(key++).c_str(), sizes == preset.sizes))
      wants.push_back(intent::use_preset{&preset});
    shown.add("layouts", "preset", "", preset.name, ImGui::GetItemRectMin(),
              ImGui::GetItemRectMax());
  }
  ImGui::Separator();
  layout changed = sizes;
  ImGui::MenuItem("Regions", nullptr, &changed.tree_shown);
  ImGui::MenuItem("Findings, slots, events", nullptr, &changed.lower_shown);
  ImGui::MenuItem("Why", nullptr, &changed.why_shown);
  changed.filled.reset();
  if (changed.tree_shown != sizes.tree_shown || changed.lower_shown != sizes.lower_shown ||
      changed.why_shown != sizes.why_shown)
    wants.push_back(intent::arrange_panels{changed});
  ImGui::EndPopup();
}

float draw_brand(ImVec2 corner, float middle) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  draw_glyph(list, glyph::outcome_cancelled, {corner.x + 23, middle}, 18, colors().cancelled);
  return 42 + draw_text_middle(list, fonts().strong, corner.x + 42, middle, colors().text,
                               "Cancelscope");
}

} // namespace

void draw_top_bar(const shell_input& input, intents& wants, screen_record& shown) {
  const ImVec2 corner = ImGui::GetWindowPos();
  const float width = ImGui::GetWindowWidth();
  const float middle = corner.y + ImGui::GetWindowHeight() / 2;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  float left = draw_brand(corner, middle) + 20;

  float right = width - measure::padding - button_height;
  place(right, button_height);
  if (glyph_button("help", glyph::question, "Keys and what the signs mean (?)")) {
    wants.push_back(intent::show_help{!input.view.help_shown});
  }
  if (input.open != nullptr) {
    right -= button_height + 2;
    place(right, button_height);
    if (glyph_button("panels", glyph::panels, "Which panels are there (1, 2, 3)"))
      ImGui::OpenPopup("layouts");
    shown.add("bar", "layouts", "", "", ImGui::GetItemRectMin(), ImGui::GetItemRectMax());
    draw_layout_menu(input.view.sizes, wants, shown);
    for (const badge& b : badges_of(*input.open)) {
      right -= badge_width(b) + measure::gap;
      if (draw_badge(b, right, shown)) wants.push_back(intent::show_lower{"findings"});
    }
  }
  const float open_width = text_width(fonts().body, "Open…") + 16;
  right -= open_width + measure::gap;
  place(right, ImGui::GetFrameHeight());
  if (quiet_button("Open…")) wants.push_back(intent::choose_file{});
  tooltip("Choose a trace, or drop one anywhere on the window");

  if (input.loading.looked_at) right -= draw_arriving(input.loading, right, wants, shown);
  if (input.open != nullptr) {
    list.AddRectFilled({corner.x + left - 10, middle - 8}, {corner.x + left - 9, middle + 8},
                       colors().border);
    left += draw_text_middle(list, fonts().body, corner.x + left, middle, colors().text,
                             input.open->name, right - left - measure::gap) +
            14;
    draw_text_middle(list, fonts().small, corner.x + left, middle + 1, colors().faint,
                     facts_of(input.open->trace), right - left - measure::gap);
  }
}

namespace {

struct step_button {
  const char* name;
  glyph shape;
  const char* hint;
  step_direction direction;
};

constexpr std::array step_buttons{
    step_button{"first", glyph::step_first, "To the beginning (Home)", step_direction::first},
    step_button{"cause", glyph::step_cause, "To the cause (Up)", step_direction::cause},
    step_button{"previous", glyph::step_previous,
                "Previous event of the selection (Left; with Ctrl: of anything)",
                step_direction::previous},
    step_button{"next", glyph::step_next,
                "Next event of the selection (Right; with Ctrl: of anything)",
                step_direction::next},
    step_button{"effect", glyph::step_effect, "To the effect (Down)", step_direction::effect},
    step_button{"last", glyph::step_last, "To the end (End)", step_direction::last},
};

// What happened at the cursor, in the words of its event.
std::string words_at_cursor(const document& open, const view_state& view) {
  const event_index e = view.cursor.last_event();
  if (!e) return "before the first event";
  std::string who = display_name(open.trace, open.trace.subject_of(e));
  if (!who.empty()) who += ": ";
  return who + plain(describe(open.trace, e));
}

// The condition at which playing and steps stop; red where it is none, and then its tooltip says why.
void draw_stop_field(const shell_input& input, float x, float width, intents& wants,
                     screen_record& shown) {
  std::string typed = input.view.stop_condition;
  std::string complaint;
  if (const auto parsed = query::parse(typed); !parsed) complaint = parsed.error().message;
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2{8, 5});
  place(x, ImGui::GetFrameHeight());
  ImGui::SetNextItemWidth(width);
  if (!complaint.empty()) ImGui::PushStyleColor(ImGuiCol_Text, colors().error);
  const bool entered = ImGui::InputTextWithHint("##stop", "Stop at: outcome = panicked", &typed,
                                                ImGuiInputTextFlags_EnterReturnsTrue);
  if (!complaint.empty()) ImGui::PopStyleColor();
  ImGui::PopStyleVar();
  shown.add("bar", "stop", "", typed, ImGui::GetItemRectMin(), ImGui::GetItemRectMax());
  if (!ImGui::IsItemActive() || !complaint.empty())
    tooltip(complaint.empty() ? "Playing stops where this is so; N and Shift+N go to the next and "
                                "the previous such event.\n\n" +
                                    query::examples()
                              : complaint);
  if (typed != input.view.stop_condition) wants.push_back(intent::stop_at{std::move(typed)});
  if (entered) wants.push_back(intent::step{step_direction::next_stop});
}

} // namespace

void draw_transport_bar(const shell_input& input, intents& wants, screen_record& shown) {
  const ImVec2 corner = ImGui::GetWindowPos();
  const float width = ImGui::GetWindowWidth();
  const float middle = corner.y + ImGui::GetWindowHeight() / 2;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  float x = measure::padding;
  for (const step_button& button : step_buttons) {
    place(x, button_height);
    if (glyph_button(button.name, button.shape, button.hint))
      wants.push_back(intent::step{button.direction});
    x += button_height + 4;
  }
  place(x, button_height);
  const bool playing = input.view.playing;
  if (glyph_button("play", playing ? glyph::pause : glyph::play,
                   playing ? "Stop (Space)"
                           : "Play what the timeline shows, in ten seconds (Space)"))
    wants.push_back(intent::play{!playing});
  x += button_height + 16;
  const std::string time = "t = " + time_text(input.view.cursor_time);
  const float time_width =
      draw_text_middle(list, fonts().mono, corner.x + x, middle, colors().accent, time);
  shown.add("bar", "time", "", time, {corner.x + x, middle - 8},
            {corner.x + x + time_width, middle + 8});
  // Room for the longest time, so that what follows does not dance while stepping.
  x += std::max(time_width, 130.0F) + 18;
  float right = width - measure::padding;
  const std::string keys =
      width > 1300 ? "Left/Right step   Up cause   Down effect   ? keys" : "? keys";
  const float keys_width = text_width(fonts().small, keys);
  right -= keys_width;
  draw_text_middle(list, fonts().small, corner.x + right, middle + 1, colors().faint, keys);
  right -= measure::padding;
  if (const float field = std::min(280.0F, (right - x) * 0.5F); field > 110) {
    right -= field;
    draw_stop_field(input, right, field, wants, shown);
    right -= measure::padding;
  }
  const std::string words = words_at_cursor(*input.open, input.view);
  draw_text_middle(list, fonts().body, corner.x + x, middle, colors().muted, words, right - x);
}

} // namespace cancelscope::ui
