// Which lanes the timeline has in the stretch of time it shows.
//
// Threading: values; reads the document only.
#pragma once

#include "ui/view/document.hpp"
#include "ui/view/view_state.hpp"

#include <cstdint>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace cancelscope::ui {

struct lane_row {
  inspector::entity who;
  std::uint32_t depth = 0;
  std::uint32_t lane = 0; ///< its place in document::lanes
  bool foldable = false;
  bool folded = false; ///< stands for everything under it
};

/// The lanes that are pinned, then those that live at some time in the window; those under a folded region and those
/// that are hidden left out.
class lane_list {
public:
  void derive(const document& open, const view_state& view);

  [[nodiscard]] const std::vector<lane_row>& rows() const { return rows_; }
  /// How many of the first rows are pinned.
  [[nodiscard]] int pinned() const { return pinned_; }
  /// How many lanes of the trace are hidden, with those under them.
  [[nodiscard]] std::size_t hidden() const { return hidden_; }
  /// The row of a region or task, or of the folded region that hides it; -1 where it has none.
  [[nodiscard]] int row_of(const inspector::trace_store& trace, inspector::entity who) const;

private:
  void add_pinned(const document& open);
  void count_hidden(const document& open);

  std::vector<lane_row> rows_;
  int pinned_ = 0;
  std::size_t hidden_ = 0;
  std::unordered_map<inspector::entity, int> places_;
  std::uint64_t revision_ = 0;
  time_range window_;
  std::unordered_set<inspector::region_index> folds_;
  std::vector<inspector::entity> pins_;
  std::unordered_set<inspector::entity> hides_;
};

} // namespace cancelscope::ui
