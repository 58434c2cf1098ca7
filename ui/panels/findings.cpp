#include "ui/panels/findings.hpp"

#include "inspector/summary/sentence.hpp"
#include "inspector/text/units.hpp"
#include "trace-format/anomaly.hpp"
#include "ui/panels/finding_row.hpp"
#include "ui/theme/palette.hpp"
#include "ui/theme/style.hpp"
#include "ui/theme/typography.hpp"
#include "ui/widgets/controls.hpp"
#include "ui/widgets/text.hpp"

#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>
#include <string>

namespace cancelscope::ui {
namespace {

using namespace inspector;

struct listed_line {
  const char* role;
  std::string key;
  std::string id;
  sign mark;
  std::string_view code;
  std::string text;
  std::string when;
  std::string hint;
  entity who; ///< whom it concerns, or none
};

// One row of the list; true when it was clicked.
bool draw_line(const panel_context& context, const listed_line& line) {
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  const ImVec2 end{corner.x + width, corner.y + measure::row};
  const bool pressed = ImGui::InvisibleButton(line.key.c_str(), {width, measure::row});
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const bool hovered = ImGui::IsItemHovered();
  if (hovered || (line.who && line.who == context.view.hovered))
    list.AddRectFilled(corner, end, colors().raised);
  if (line.who) context.offer_menu({.who = line.who});
  if (hovered) {
    if (line.who) context.under_mouse = line.who;
    ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    tooltip(line.hint);
  }
  const float middle = corner.y + measure::row / 2;
  draw_glyph(list, line.mark.shape, {corner.x + 18, middle}, 11, line.mark.color);
  float right = end.x - measure::padding;
  right -= text_width(fonts().small, line.when);
  draw_text_middle(list, fonts().small, right, middle, colors().faint, line.when);
  float x = corner.x + 34;
  // A column for the codes, so that the sentences begin on one line; narrow windows do without.
  if (width > 460) {
    draw_text_middle(list, fonts().small, x, middle, line.mark.color, line.code, 124);
    x += 130;
  }
  draw_text_middle(list, fonts().body, x, middle, colors().text, line.text,
                   right - x - measure::gap);
  context.shown.add("findings", line.role, line.id, line.text, corner, end);
  return pressed;
}

void draw_anomaly(const panel_context& context, const noticed_anomaly& anomaly,
                  std::size_t number) {
  const listed_line line{"anomaly",
                         fmt::format("anomaly {}", number),
                         fmt::format("line {}", anomaly.what.line),
                         {glyph::severity_error, colors().error},
                         trace::to_string(anomaly.what.code),
                         fmt::format("Line {}: {}", anomaly.what.line, plain(anomaly.what.message)),
                         time_text(anomaly.t),
                         "This line of the file could not be used; everything else was read.",
                         anomaly.target};
  if (!draw_line(context, line)) return;
  if (anomaly.target)
    context.want_selected(anomaly.target);
  else
    context.want(intent::seek{anomaly.t});
}

} // namespace

sign sign_of(severity how_bad) {
  switch (how_bad) {
  case severity::error:
    return {glyph::severity_error, colors().error};
  case severity::warning:
    return {glyph::severity_warning, colors().warning};
  case severity::info:
    return {glyph::severity_info, colors().info};
  }
  return {glyph::severity_info, colors().info};
}

void draw_finding_row(const panel_context& context, const finding& found, int number) {
  const listed_line line{
      "finding",
      fmt::format("finding {}", number),
      found.target_id,
      sign_of(found.how_bad()),
      to_string(found.code),
      plain(found.message),
      time_text(found.t),
      fmt::format("{}\n\n{} {}", plain(found.message), meaning(found.code), advice(found.code)),
      found.target};
  if (!draw_line(context, line)) return;
  if (found.target)
    context.want(intent::select{{found.target, {}}, false, found.at});
  else
    context.want(intent::seek{found.t});
}

int findings_panel::count(const panel_context& context) const {
  return static_cast<int>(context.open.findings.size() + context.open.trace.anomalies().size());
}

void findings_panel::draw_header(const panel_context& context, float width) {
  if (!context.view.marked) return;
  const std::string said =
      fmt::format("{} in the {} that are marked", rows_.size(),
                  duration_text(static_cast<std::uint64_t>(context.view.marked->length())));
  const float text = text_width(fonts().small, said);
  if (text > width) return;
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  draw_text_middle(*ImGui::GetWindowDrawList(), fonts().small, corner.x + width - text,
                   corner.y + measure::panel_header / 2, colors().faint, said);
}

// Anomalies first: what could not be read may be why the rest looks as it does.
void findings_panel::derive(const panel_context& context) {
  if (revision_ == context.open.revision && marked_ == context.view.marked) return;
  revision_ = context.open.revision;
  marked_ = context.view.marked;
  rows_.clear();
  const auto anomalies = context.open.trace.anomalies();
  const auto& findings = context.open.findings;
  const auto in_sight = [this](std::uint64_t t) {
    return !marked_ || marked_->contains(static_cast<double>(t));
  };
  for (std::uint32_t i = 0; i < anomalies.size(); ++i)
    if (in_sight(anomalies[i].t)) rows_.push_back(i);
  const auto first = static_cast<std::uint32_t>(anomalies.size());
  for (std::uint32_t i = 0; i < findings.size(); ++i)
    if (in_sight(findings[i].t)) rows_.push_back(first + i);
}

void findings_panel::draw(const panel_context& context) {
  derive(context);
  const auto anomalies = context.open.trace.anomalies();
  const auto& findings = context.open.findings;
  ImGui::SetCursorPosY(4);
  if (rows_.empty()) {
    const bool at_all = !(anomalies.empty() && findings.empty());
    ImGui::SetCursorPos({measure::padding, 12});
    if (context.open.still_arriving) {
      colored_text(colors().muted, "Looked for when all of the trace has arrived.");
      return;
    }
    inline_glyph(glyph::all_well, 12, colors().ok);
    ImGui::SameLine(0, 8);
    colored_text(
        colors().muted,
        at_all ? "Nothing looks wrong in the stretch of time that is marked."
               : "Nothing looks wrong: every line was read, every rule of the protocol was kept.");
    return;
  }
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2{0, 0});
  ImGuiListClipper clipper;
  clipper.Begin(static_cast<int>(rows_.size()), measure::row);
  while (clipper.Step()) {
    for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
      const std::size_t row = rows_[static_cast<std::size_t>(i)];
      if (row < anomalies.size())
        draw_anomaly(context, anomalies[row], row);
      else
        draw_finding_row(context, findings[row - anomalies.size()], static_cast<int>(row));
    }
  }
  ImGui::PopStyleVar();
}

} // namespace cancelscope::ui
