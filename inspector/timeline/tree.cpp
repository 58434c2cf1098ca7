#include "inspector/timeline/tree.hpp"

#include "inspector/timeline/state.hpp"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

namespace cancelscope::inspector {

namespace {

/// Calls enter(entity, depth) for each region and task in the order of the tree, leave(region) when all
/// under it has been entered. Without recursion: nesting may be deeper than any stack.
template <class Family, class Enter, class Leave>
void walk(const Family& family, Enter enter, Leave leave) {
  struct open_region {
    region_index region;
    std::span<const region_index> children;
    std::size_t next_child = 0;
  };
  std::vector<open_region> path;
  const auto open = [&](region_index region) {
    const auto depth = static_cast<std::uint32_t>(path.size());
    enter(region, depth);
    for (const task_index task : family.tasks_of(region))
      enter(task, depth + 1);
    path.push_back({region, family.children_of(region)});
  };
  for (const region_index root : family.roots()) {
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

/// Who belongs to whom among those who are there at a moment, and the regions above them: as trace_store says it of
/// all, but as large as what is there and not as the trace.
class present_family {
public:
  present_family(const trace_store& trace, moment m) {
    const event_index last = m.last_event();
    for (const entity who : trace.maybe_present(last ? last.value() + 1 : 0)) {
      if (!exists_at(trace, who, m)) continue;
      if (const auto task = who.as<task_index>()) {
        tasks_.add(trace[task].region, task);
        need(trace, trace[task].region);
      } else {
        need(trace, who.as<region_index>());
      }
    }
    regions_.sort();
    tasks_.sort();
  }

  [[nodiscard]] std::span<const region_index> roots() const { return regions_.of({}); }
  [[nodiscard]] std::span<const region_index> children_of(region_index r) const {
    return regions_.of(r);
  }
  [[nodiscard]] std::span<const task_index> tasks_of(region_index r) const { return tasks_.of(r); }

private:
  /// The members of each region, in the order in which they came.
  template <class Member> class members {
  public:
    void add(region_index owner, Member member) { pairs_.push_back({owner, member}); }
    void sort() {
      std::ranges::sort(pairs_);
      for (const auto& [owner, member] : pairs_) {
        owners_.push_back(owner);
        members_.push_back(member);
      }
    }
    [[nodiscard]] std::span<const Member> of(region_index owner) const {
      const auto found = std::ranges::equal_range(owners_, owner);
      return {members_.data() + (found.begin() - owners_.begin()), found.size()};
    }

  private:
    std::vector<std::pair<region_index, Member>> pairs_;
    std::vector<region_index> owners_;
    std::vector<Member> members_;
  };

  /// The region, and all above it.
  void need(const trace_store& trace, region_index region) {
    needed_.resize(trace.regions().size());
    for (; region && !needed_[region.value()]; region = trace[region].parent) {
      needed_[region.value()] = true;
      regions_.add(trace[region].parent, region);
    }
  }

  std::vector<bool> needed_;
  members<region_index> regions_;
  members<task_index> tasks_;
};

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
      tree.nodes.push_back({who, depth, place + 1, counts_of(trace, task, m)});
      add(tree.nodes[path.back()].counts, tree.nodes.back().counts);
    } else {
      path.push_back(place);
      tree.nodes.push_back({who, depth, place + 1, {}});
    }
  };
  const auto leave = [&](region_index) {
    const std::uint32_t place = path.back();
    path.pop_back();
    tree.nodes[place].subtree_end = static_cast<std::uint32_t>(tree.nodes.size());
    if (!path.empty()) add(tree.nodes[path.back()].counts, tree.nodes[place].counts);
  };
  walk(present_family(trace, m), enter, leave);
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
