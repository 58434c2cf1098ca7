// The region tree as of a moment, flat: nodes depth-first, so that a panel folds by jumping and draws only
// the rows it shows.
//
// Order: a region, then its tasks in spawn order, then its child regions in opening order.
// Cost: of what is there at the moment, however long the trace; all_lanes: of all regions and tasks of the trace.
// Threading: a value; building reads the store only. Failure: none.
//
//     region_tree tree = tree_at(trace, cursor);
//     for (std::size_t i = 0; i < tree.nodes.size(); i = folded(tree.nodes[i]) ? tree.nodes[i].subtree_end : i + 1)
//       draw_row(tree.nodes[i]);
#pragma once

#include "inspector/store/trace_store.hpp"
#include "inspector/timeline/moment.hpp"

#include <cstdint>
#include <vector>

namespace cancelscope::inspector {

/// Tasks in a subtree, as of the moment.
struct task_counts {
  std::uint32_t alive = 0;      ///< not yet completed
  std::uint32_t completed = 0;  ///< over, slot not yet released
  std::uint32_t cancelling = 0; ///< alive with a cancel in effect
  std::uint32_t cancelled = 0;  ///< completed with that outcome
  [[nodiscard]] std::uint32_t total() const { return alive + completed; }
};

struct tree_node {
  entity who;                    ///< a region or a task
  std::uint32_t depth = 0;       ///< a root's is 0
  std::uint32_t subtree_end = 0; ///< the place of the next node that is not under this one
  task_counts counts;            ///< of a region: all under it; of a task: itself
};

struct region_tree {
  moment as_of;
  std::vector<tree_node> nodes;
};

/// What is released has left the tree, except a region that still holds something that is in it.
region_tree tree_at(const trace_store& trace, moment m);

/// Every region and task of the whole trace in the order of the tree: the lanes of a timeline.
struct lane {
  entity who;
  std::uint32_t depth = 0;
  std::uint32_t subtree_end = 0;
};
std::vector<lane> all_lanes(const trace_store& trace);

} // namespace cancelscope::inspector
