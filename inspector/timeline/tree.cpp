#include "inspector/timeline/tree.hpp"

#include "inspector/timeline/state.hpp"

#include <span>

namespace cancelscope::inspector {

namespace {

/// Calls enter(entity, depth) for each region and task in the order of the tree, leave(region) when all
/// under it has been entered. Without recursion: nesting may be deeper than any stack.
template <class Enter, class Leave> void walk(const trace_store& trace, Enter enter, Leave leave) {
  struct open_region {
    region_index region;
    std::span<const region_index> children;
    std::size_t next_child = 0;
  };
  std::vector<open_region> path;
  const auto open = [&](region_index region) {
    const auto depth = static_cast<std::uint32_t>(path.size());
    enter(region, depth);
    for (const task_index task : trace.tasks_of(region))
      enter(task, depth + 1);
    path.push_back({region, trace.children_of(region)});
  };
  for (const region_index root : trace.roots()) {
    open(root);
    while (!path.empty()) {
      open_region& innermost = path.back();
      if (innermost.next_child < innermost.children.size()) {
        open(innermost.children[innermost.next_child++]);
      } else {
        leave(innermost.region);
        path.pop_back();
      }
    }
  }
}

task_counts counts_of(const trace_store& trace, task_index task, moment m) {
  const bool completed = m.counts(trace[task].completed());
  const bool cancelled = completed && outcome_at(trace, task, m) == trace::outcome_kind::cancelled;
  return {.alive = completed ? 0U : 1U,
          .completed = completed ? 1U : 0U,
          .cancelling = !completed && m.counts(trace[task].requested) ? 1U : 0U,
          .cancelled = cancelled ? 1U : 0U};
}

void add(task_counts& to, const task_counts& more) {
  to.alive += more.alive;
  to.completed += more.completed;
  to.cancelling += more.cancelling;
  to.cancelled += more.cancelled;
}

} // namespace

region_tree tree_at(const trace_store& trace, moment m) {
  region_tree tree{.as_of = m, .nodes = {}};
  std::vector<std::uint32_t> path; // the places of the regions that are open in the walk

  const auto enter = [&](entity who, std::uint32_t depth) {
    const auto place = static_cast<std::uint32_t>(tree.nodes.size());
    if (const auto task = who.as<task_index>()) {
      if (!exists_at(trace, task, m)) return;
      tree.nodes.push_back({who, depth, place + 1, counts_of(trace, task, m)});
      add(tree.nodes[path.back()].counts, tree.nodes.back().counts);
    } else {
      path.push_back(place);
      tree.nodes.push_back({who, depth, place + 1, {}});
    }
  };
  const auto leave = [&](region_index region) {
    const std::uint32_t place = path.back();
    path.pop_back();
    const bool empty = place + 1 == tree.nodes.size();
    if (empty && !exists_at(trace, region, m)) {
      tree.nodes.pop_back();
      return;
    }
    tree.nodes[place].subtree_end = static_cast<std::uint32_t>(tree.nodes.size());
    if (!path.empty()) add(tree.nodes[path.back()].counts, tree.nodes[place].counts);
  };
  walk(trace, enter, leave);
  return tree;
}

std::vector<lane> all_lanes(const trace_store& trace) {
  std::vector<lane> lanes;
  std::vector<std::uint32_t> path;
  walk(
      trace,
      [&](entity who, std::uint32_t depth) {
        const auto place = static_cast<std::uint32_t>(lanes.size());
        if (who.type() == entity_type::region) path.push_back(place);
        lanes.push_back({who, depth, place + 1});
      },
      [&](region_index) {
        lanes[path.back()].subtree_end = static_cast<std::uint32_t>(lanes.size());
        path.pop_back();
      });
  return lanes;
}

} // namespace cancelscope::inspector
