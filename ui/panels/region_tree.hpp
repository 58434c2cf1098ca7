// The region tree as of the cursor.
#pragma once

#include "inspector/timeline/tree.hpp"
#include "ui/panels/panel.hpp"

#include <cstdint>
#include <unordered_set>
#include <vector>

namespace cancelscope::ui {

/// The nodes of the tree that have a row, as their numbers, after filter and folds. A region stays while anything under
/// it does.
std::vector<std::uint32_t> visible_nodes(const inspector::trace_store& trace,
                                         const inspector::region_tree& tree,
                                         const view_state& view);

class region_tree_panel final : public panel {
public:
  void draw(const panel_context& context) override;
  void draw_header(const panel_context& context, float width) override;

private:
  void derive(const panel_context& context);
  void select_hit(const panel_context& context, bool forward);
  void draw_rows(const panel_context& context);
  void reveal_selection(const panel_context& context);

  // What the rows were worked out from.
  std::uint64_t revision_ = 0;
  tree_filter filter_;
  std::unordered_set<inspector::region_index> folds_;
  inspector::region_tree tree_;
  std::vector<std::uint32_t> rows_;
  std::uint64_t revealed_ = 0;
};

} // namespace cancelscope::ui
