#include "ui/panels/region_tree.hpp"

#include "inspector/text/units.hpp"
#include "inspector/timeline/state.hpp"
#include "ui/panels/region_tree_row.hpp"
#include "ui/theme/palette.hpp"
#include "ui/theme/style.hpp"
#include "ui/theme/typography.hpp"
#include "ui/view/words.hpp"
#include "ui/widgets/controls.hpp"
#include "ui/widgets/text.hpp"

#include <imgui.h>
#include <imgui_stdlib.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

namespace cancelscope::ui {
namespace {

using namespace inspector;

bool passes(const trace_store& trace, const tree_node& node, moment m, const tree_filter& filter) {
  const bool is_task = node.who.type() == entity_type::task;
  if (filter.only_cancelled) {
    const bool under = static_cast<bool>(cancel_in_effect(trace, node.who, m));
    if (!under && !(is_task && node.counts.cancelled > 0)) return false;
  }
  if (filter.only_alive) {
    const auto region = node.who.as<region_index>();
    const bool alive =
        is_task ? node.counts.alive > 0 : state_at(trace, region, m) != trace::region_state::closed;
    if (!alive) return false;
  }
  return filter.text.empty() ||
         find_folded(trace.name_of(node.who), filter.text) != std::string_view::npos ||
         find_folded(trace.id_of(node.who), filter.text) != std::string::npos;
}

} // namespace

std::vector<std::uint32_t> visible_nodes(const trace_store& trace, const region_tree& tree,
                                         const view_state& view) {
  const auto count = static_cast<std::uint32_t>(tree.nodes.size());
  std::vector<bool> kept(count, true);
  if (view.filter.active()) {
    // Backwards, so that a node is looked at after everything under it.
    std::uint32_t nearest_kept = count;
    for (std::uint32_t i = count; i-- > 0;) {
      const bool holds_one = nearest_kept < tree.nodes[i].subtree_end;
      kept[i] = holds_one || passes(trace, tree.nodes[i], tree.as_of, view.filter);
      if (kept[i]) nearest_kept = i;
    }
  }
  std::vector<std::uint32_t> rows;
  for (std::uint32_t i = 0; i < count;) {
    if (kept[i]) rows.push_back(i);
    const auto region = tree.nodes[i].who.as<region_index>();
    // A filter finds what a fold hides.
    const bool folded = region && !view.filter.active() && view.folded_branches.contains(region);
    i = folded ? tree.nodes[i].subtree_end : i + 1;
  }
  return rows;
}

void region_tree_panel::derive(const panel_context& context) {
  const view_state& view = context.view;
  const bool same_tree = revision_ == context.open.revision && tree_.as_of == view.cursor;
  if (!same_tree) tree_ = tree_at(context.open.trace, view.cursor);
  if (same_tree && filter_ == view.filter && folds_ == view.folded_branches) return;
  rows_ = visible_nodes(context.open.trace, tree_, view);
  revision_ = context.open.revision;
  filter_ = view.filter;
  folds_ = view.folded_branches;
}

void region_tree_panel::draw_header(const panel_context& context, float width) {
  const std::string as_of = "as of " + time_text(context.view.cursor_time);
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  const float text = text_width(fonts().small, as_of);
  if (text > width) return;
  draw_text_middle(*ImGui::GetWindowDrawList(), fonts().small, corner.x + width - text,
                   corner.y + measure::panel_header / 2, colors().faint, as_of);
}

void region_tree_panel::draw(const panel_context& context) {
  ImGui::SetCursorPos({measure::padding, 8});
  tree_filter filter = context.view.filter;
  ImGui::SetNextItemWidth(
      std::max(40.0F, ImGui::GetContentRegionAvail().x - measure::padding - 156));
  const bool entered = ImGui::InputTextWithHint("##filter", "Filter", &filter.text,
                                                ImGuiInputTextFlags_EnterReturnsTrue);
  bool changed = filter.text != context.view.filter.text;
  if (entered) ImGui::SetKeyboardFocusHere(-1);
  tooltip("Enter goes to the next that has this in its name or id, Shift+Enter to the one before");
  ImGui::SameLine(0, 4);
  if (quiet_button("cancelled", filter.only_cancelled)) {
    filter.only_cancelled = !filter.only_cancelled;
    changed = true;
  }
  tooltip("Only what is under cancellation or ended cancelled");
  ImGui::SameLine(0, 2);
  if (quiet_button("alive", filter.only_alive)) {
    filter.only_alive = !filter.only_alive;
    changed = true;
  }
  tooltip("Only tasks that have not completed and regions that have not closed");
  if (changed) context.want(intent::filter_tree{filter});
  ImGui::SetCursorPosY(ImGui::GetCursorPosY() + 2);
  derive(context);
  if (entered) select_hit(context, !ImGui::GetIO().KeyShift);
  draw_rows(context);
}

// The next row, or the one before, that passes the filter itself; after the last comes the first.
void region_tree_panel::select_hit(const panel_context& context, bool forward) {
  std::vector<entity> hits;
  std::optional<std::size_t> current;
  for (const std::uint32_t row : rows_) {
    if (!passes(context.open.trace, tree_.nodes[row], tree_.as_of, context.view.filter)) continue;
    if (tree_.nodes[row].who == context.view.selected.who) current = hits.size();
    hits.push_back(tree_.nodes[row].who);
  }
  if (hits.empty()) return;
  const std::size_t none = forward ? hits.size() - 1 : 0;
  const std::size_t from = current.value_or(none);
  context.want_selected(hits[(from + (forward ? 1 : hits.size() - 1)) % hits.size()]);
}

void region_tree_panel::draw_rows(const panel_context& context) {
  ImGui::BeginChild("rows");
  if (rows_.empty()) {
    ImGui::SetCursorPos({measure::padding, 8});
    ImGui::PushTextWrapPos(ImGui::GetWindowWidth() - measure::padding);
    colored_text(
        colors().faint,
        tree_.nodes.empty()
            ? "Nothing is alive at this moment. Step back (Left), or click in the timeline."
            : "Nothing here passes the filter.");
    ImGui::PopTextWrapPos();
    ImGui::EndChild();
    return;
  }
  if (revealed_ != context.view.reveal) reveal_selection(context);
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2{0, 0});
  ImGuiListClipper clipper;
  clipper.Begin(static_cast<int>(rows_.size()), measure::row);
  const float width = ImGui::GetContentRegionAvail().x;
  while (clipper.Step()) {
    for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
      const ImVec2 corner = ImGui::GetCursorScreenPos();
      draw_tree_row(context, tree_, rows_[static_cast<std::size_t>(i)], corner, width);
      ImGui::SetCursorScreenPos({corner.x, corner.y + measure::row});
    }
  }
  clipper.End();
  ImGui::PopStyleVar();
  ImGui::EndChild();
}

// Unfolds what hides the selection, and scrolls only if it is out of sight.
void region_tree_panel::reveal_selection(const panel_context& context) {
  const entity who = context.view.selected.who.type() == entity_type::cancel
                         ? context.open.trace[context.view.selected.who.as<cancel_index>()].target
                         : context.view.selected.who;
  const auto node = std::find_if(tree_.nodes.begin(), tree_.nodes.end(),
                                 [&](const tree_node& candidate) { return candidate.who == who; });
  revealed_ = context.view.reveal;
  if (node == tree_.nodes.end()) return;
  const auto number = static_cast<std::uint32_t>(node - tree_.nodes.begin());
  for (const tree_node& above : tree_.nodes) {
    const auto region = above.who.as<region_index>();
    const auto place = static_cast<std::uint32_t>(&above - tree_.nodes.data());
    if (place >= number) break;
    if (region && above.subtree_end > number && context.view.folded_branches.contains(region)) {
      context.want(intent::fold_branch{region, false});
    }
  }
  const auto row = std::find(rows_.begin(), rows_.end(), number);
  if (row == rows_.end()) {
    revealed_ = 0; // once the branches are unfolded
    return;
  }
  const float y = static_cast<float>(row - rows_.begin()) * measure::row;
  const float top = ImGui::GetScrollY();
  const float height = ImGui::GetWindowHeight();
  if (y < top || y + measure::row > top + height)
    ImGui::SetScrollY(std::max(0.0F, y - height * 0.4F));
}

} // namespace cancelscope::ui
