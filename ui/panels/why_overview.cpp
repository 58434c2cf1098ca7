#include "inspector/summary/sentence.hpp"
#include "inspector/text/units.hpp"
#include "ui/panels/finding_row.hpp"
#include "ui/panels/why_parts.hpp"
#include "ui/theme/palette.hpp"
#include "ui/theme/typography.hpp"
#include "ui/view/words.hpp"
#include "ui/widgets/card.hpp"
#include "ui/widgets/rich_text.hpp"
#include "ui/widgets/text.hpp"

#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>
#include <string>
#include <utility>

namespace cancelscope::ui {
namespace {

using namespace inspector;

constexpr std::size_t most_roots = 5;
constexpr std::size_t most_findings = 5;

std::string kinds_of(const summary& totals) {
  std::string text;
  for (const auto& [kind, count] : totals.tasks_by_kind) {
    std::string words = kind;
    std::replace(words.begin(), words.end(), '_', ' ');
    text += fmt::format("{}{} by {}", text.empty() ? "" : ", ", count_text(count), words);
  }
  return text;
}

/// A title, and what it means.
std::pair<std::string, std::string> words_of(const summary& totals, std::size_t requests) {
  if (requests == 0)
    return {"Nothing was cancelled", "No cancellation was requested in this trace."};
  if (totals.cancelled_tasks == 0)
    return {"No task ended cancelled",
            fmt::format("{} made; none ended a task as cancelled.",
                        counted(requests, "request was", "requests were"))};
  return {fmt::format("{} ended cancelled", counted(totals.cancelled_tasks, "task")),
          fmt::format("Because of {}: {}.", counted(totals.roots.size(), "root cause"),
                      kinds_of(totals))};
}

void heading(std::string_view text) {
  const with_font with(fonts().heading);
  wrapped_text(colors().text, text);
}

void draw_root(const panel_context& context, const summary::root& root) {
  const trace_store& trace = context.open.trace;
  const std::string id = trace.id_of(root.cancel);
  card box(id.c_str(), {colors().cancelled});
  inline_glyph(glyph::cancel, 11, colors().cancelled);
  ImGui::SameLine(0, 8);
  pill(kind_words(trace, root.cancel), colors().cancelled);
  ImGui::SameLine(0, 8);
  colored_text(colors().muted, "cancelled " + counted(root.tasks, "task"));
  rich_text(sentence(trace, root.cancel), colors().muted, box.inner_width());
  if (box.close()) context.want_selected(root.cancel);
  if (box.hovered()) context.under_mouse = trace[root.cancel].target;
  context.shown.add("why", "root", id, plain(sentence(trace, root.cancel)), box.min(), box.max());
  ImGui::Dummy({0, 1});
}

} // namespace

void draw_overview(const panel_context& context) {
  const summary& totals = context.open.totals;
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  const auto [title, words] = words_of(totals, context.open.trace.cancels().size());
  heading(title);
  wrapped_text(colors().muted, words);
  context.shown.add("why", "overview", "", title, corner, ImGui::GetItemRectMax());
  ImGui::Dummy({0, 4});
  for (std::size_t i = 0; i < std::min(most_roots, totals.roots.size()); ++i)
    draw_root(context, totals.roots[i]);
  if (totals.roots.size() > most_roots) {
    wrapped_text(colors().faint, fmt::format("and {} more root causes, each with fewer tasks",
                                             totals.roots.size() - most_roots));
  }
  const auto& findings = context.open.findings;
  ImGui::Dummy({0, 8});
  if (context.open.still_arriving) {
    wrapped_text(colors().faint, "Findings are looked for when all of the trace has arrived.");
    return;
  }
  heading(findings.empty() ? "Nothing looks wrong"
                           : fmt::format("Worst of {}", counted(findings.size(), "finding")));
  for (std::size_t i = 0; i < std::min(most_findings, findings.size()); ++i) {
    draw_finding_row(context, findings[i], static_cast<int>(i));
  }
}

} // namespace cancelscope::ui
