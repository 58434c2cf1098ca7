// All that a cancel led to: the forward tree, with what each branch of it reached.
//
// Cost: linear in the tree; no recursion. Threading: a value; building reads the store only. Failure: none.
//
//     effect_tree tree = effect_tree_of(trace, cancel);
//     for (std::size_t i = 0; i < tree.size(); i = folded(tree[i]) ? tree[i].subtree_end : i + 1) draw(tree[i]);
#pragma once

#include "inspector/store/trace_store.hpp"

#include <cstdint>
#include <vector>

namespace cancelscope::inspector {

/// One cancel caused by another, directly or not.
struct effect {
  cancel_index cancel;
  std::uint32_t depth = 0; ///< 1: caused directly
};
/// Everything the cancel led to, depth-first, causes before effects, in order of request.
std::vector<effect> effects_from(const trace_store& trace, cancel_index cancel);

/// What a cancellation did in all.
struct effect_counts {
  std::uint32_t requests = 0; ///< cancels it led to, itself not counted
  std::uint32_t regions = 0;  ///< different regions on which one of them, or itself, took effect
  std::uint32_t tasks = 0;
  std::uint32_t not_done = 0; ///< of those tasks, how many had not completed when the trace ended
  std::uint32_t unknown = 0;  ///< and of how many that is not known, because events are missing
};

struct effect_node {
  cancel_index cancel;
  std::uint32_t depth = 0;       ///< 0: the cancel asked about
  std::uint32_t subtree_end = 0; ///< the place of the next node that is not under this one
  effect_counts counts; ///< of it and all under it; a target counts where it was reached first
};
/// The cancel asked about first, then effects_from.
std::vector<effect_node> effect_tree_of(const trace_store& trace, cancel_index cancel);

/// Those of the whole tree.
effect_counts count_effects(const trace_store& trace, cancel_index cancel);

} // namespace cancelscope::inspector
