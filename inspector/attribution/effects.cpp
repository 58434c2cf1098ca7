#include "inspector/attribution/effects.hpp"

#include "inspector/timeline/certainty.hpp"

#include <unordered_set>

namespace cancelscope::inspector {

std::vector<effect> effects_from(const trace_store& trace, cancel_index cancel) {
  std::vector<effect> found;
  std::vector<effect> ahead; // the next one to visit is the last
  const auto look_at = [&](cancel_index from, std::uint32_t depth) {
    const auto caused = trace.effects_of(from);
    for (auto c = caused.rbegin(); c != caused.rend(); ++c)
      ahead.push_back({*c, depth});
  };
  look_at(cancel, 1);
  while (!ahead.empty()) {
    const effect next = ahead.back();
    ahead.pop_back();
    found.push_back(next);
    look_at(next.cancel, next.depth + 1);
  }
  return found;
}

namespace {

effect_counts reached_by(const trace_store& trace, cancel_index cancel,
                         std::unordered_set<entity>& seen) {
  const cancel_row& row = trace[cancel];
  effect_counts counts;
  if (!row.took_effect() || !seen.insert(row.target).second) return counts;
  const auto task = row.target.as<task_index>();
  if (!task) {
    counts.regions = 1;
    return counts;
  }
  counts.tasks = 1;
  if (trace[task].completed()) return counts;
  const bool lost = static_cast<bool>(unknown_since(trace, task, end_of(trace)));
  (lost ? counts.unknown : counts.not_done) = 1;
  return counts;
}

void add(effect_counts& to, const effect_counts& more) {
  to.requests += more.requests;
  to.regions += more.regions;
  to.tasks += more.tasks;
  to.not_done += more.not_done;
  to.unknown += more.unknown;
}

} // namespace

std::vector<effect_node> effect_tree_of(const trace_store& trace, cancel_index cancel) {
  std::vector<effect_node> tree;
  std::unordered_set<entity> seen;
  const auto enter = [&](cancel_index c, std::uint32_t depth) {
    tree.push_back({c, depth, 0, reached_by(trace, c, seen)});
  };
  enter(cancel, 0);
  for (const effect& e : effects_from(trace, cancel))
    enter(e.cancel, e.depth);

  // From the last to the first, so that all under a node is summed up before the node is.
  std::vector<std::uint32_t> parent(tree.size());
  std::vector<std::uint32_t> path;
  for (std::uint32_t i = 0; i < tree.size(); ++i) {
    path.resize(tree[i].depth);
    parent[i] = path.empty() ? 0 : path.back();
    path.push_back(i);
    tree[i].subtree_end = i + 1;
  }
  for (auto i = static_cast<std::uint32_t>(tree.size()); i-- > 1;) {
    effect_node& above = tree[parent[i]];
    if (above.subtree_end < tree[i].subtree_end) above.subtree_end = tree[i].subtree_end;
    effect_counts more = tree[i].counts;
    ++more.requests;
    add(above.counts, more);
  }
  return tree;
}

effect_counts count_effects(const trace_store& trace, cancel_index cancel) {
  return effect_tree_of(trace, cancel).front().counts;
}

} // namespace cancelscope::inspector
