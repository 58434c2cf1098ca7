// The tree of all schedules begun so far: a node for each state reached by choices, a branch for each choice taken there.
// Private to the exploration.
#pragma once

#include "runtime/lab/accesses.hpp"

#include <deque>
#include <functional>
#include <optional>
#include <queue>
#include <vector>

namespace cancelscope::exploring {

struct node;

struct branch {
  lab_actor who;
  access_set used{}; ///< by the step; known once it was taken
  node* below = nullptr;
};

/// An actor that need not go first here: what would come of it was seen elsewhere, until somebody does something that
/// is not independent of it.
struct sleeper {
  lab_actor who;
  access_set used;
};

struct node {
  node* above = nullptr;
  std::size_t came_by = 0;    ///< the branch of the node above that leads here
  std::size_t departures = 0; ///< how often a choice on the way was not the first candidate
  std::vector<lab_actor> candidates;
  std::vector<branch> begun;      ///< in the order in which they were
  std::vector<lab_actor> planned; ///< those begun, and those still to be
  std::vector<sleeper> asleep;

  [[nodiscard]] std::optional<std::size_t> find_candidate(const lab_actor& who) const;
  [[nodiscard]] bool sleeps(const lab_actor& who) const;
  [[nodiscard]] bool plans(const lab_actor& who) const;
};

/// A schedule to be run: down to the node, and there another actor.
struct plan {
  node* at = nullptr;
  lab_actor who;
};

class tree {
public:
  /// The node that is reached by the branch; what sleeps there follows from what its step used.
  node& add_below(node& above, std::size_t taken, std::vector<lab_actor> candidates);
  node& add_root(std::vector<lab_actor> candidates);

  /// To be run one day. Those that depart least from the order of current_thread come first.
  void plan_to_try(node& at, const lab_actor& who);
  /// The next plan that is still worth it.
  [[nodiscard]] std::optional<plan> next_plan();

  /// Alternatives that were never taken, nor are planned.
  [[nodiscard]] std::size_t pruned();

private:
  struct waiting_plan {
    std::size_t departures = 0;
    std::size_t order = 0;
    plan what;

    friend bool operator>(const waiting_plan& a, const waiting_plan& b) {
      return a.departures != b.departures ? a.departures > b.departures : a.order > b.order;
    }
  };

  std::deque<node> nodes_; ///< never moves them
  std::priority_queue<waiting_plan, std::vector<waiting_plan>, std::greater<>> plans_;
  std::size_t plans_made_ = 0;
};

} // namespace cancelscope::exploring
