// A tree of regions that grows as told and stands until it is cancelled: what several exhibits cut down.
//
// Each region holds a worker, and a task for each branch; its body joins all of them, also when it is cancelled, so
// that nobody is left to be collected.
//
// Threading: tasks of one executor. Failure: none.
//
//     tree grown{{.depth = 3, .branches = 2}};
//     co_await with_region("tree", [&](region r) { return grown.grow(r); });
#pragma once

#include "runtime/cancelscope.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace cancelscope::samples {

struct tree_shape {
  int depth = 3; ///< levels of regions below the trunk
  int branches = 2;
};

/// One region of the tree as it was when it opened.
struct branch {
  region here;
  std::string name;
  std::vector<std::size_t> path; ///< which branch at each level; empty: the trunk
  task_handle worker{};

  [[nodiscard]] bool is_under(const branch& other) const {
    return path.size() >= other.path.size() &&
           std::equal(other.path.begin(), other.path.end(), path.begin());
  }
};

class tree {
public:
  explicit tree(tree_shape shape) : shape_(shape) {}

  /// The body of the trunk's region: over when everything above it is.
  task<> grow(region trunk) { return grow_at(trunk, {}); }
  /// In the order in which they opened.
  [[nodiscard]] const std::vector<branch>& branches() const noexcept { return branches_; }
  /// The regions a whole tree of that shape has.
  [[nodiscard]] std::size_t full_size() const;

private:
  task<> grow_at(region here, std::vector<std::size_t> path);
  task<> hold(std::vector<std::size_t> path);
  task<> work() const;

  tree_shape shape_;
  std::vector<branch> branches_;
};

} // namespace cancelscope::samples
