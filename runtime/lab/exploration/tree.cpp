#include "runtime/lab/exploration/tree.hpp"

#include <algorithm>
#include <utility>

namespace cancelscope::exploring {

std::optional<std::size_t> node::find_candidate(const lab_actor& who) const {
  const auto at = std::ranges::find(candidates, who);
  if (at == candidates.end()) return std::nullopt;
  return static_cast<std::size_t>(at - candidates.begin());
}

bool node::sleeps(const lab_actor& who) const {
  return std::ranges::find(asleep, who, &sleeper::who) != asleep.end();
}

bool node::plans(const lab_actor& who) const {
  return std::ranges::find(planned, who) != planned.end();
}

node& tree::add_root(std::vector<lab_actor> candidates) {
  node& added = nodes_.emplace_back();
  added.candidates = std::move(candidates);
  return added;
}

node& tree::add_below(node& above, std::size_t taken, std::vector<lab_actor> candidates) {
  branch& way = above.begun[taken];
  node& added = add_root(std::move(candidates));
  way.below = &added;
  added.above = &above;
  added.came_by = taken;
  added.departures = above.departures + (above.find_candidate(way.who) == 0U ? 0 : 1);
  const auto stays_asleep = [&](const lab_actor& who, const access_set& used) {
    if (!may_depend(used, way.used)) added.asleep.push_back({who, used});
  };
  for (const sleeper& each : above.asleep)
    stays_asleep(each.who, each.used);
  for (std::size_t earlier = 0; earlier < taken; ++earlier)
    stays_asleep(above.begun[earlier].who, above.begun[earlier].used);
  return added;
}

void tree::plan_to_try(node& at, const lab_actor& who) {
  if (at.plans(who)) return;
  at.planned.push_back(who);
  const std::size_t departure = at.find_candidate(who) == 0U ? 0 : 1;
  plans_.push({at.departures + departure, plans_made_++, {&at, who}});
}

std::optional<plan> tree::next_plan() {
  while (!plans_.empty()) {
    const plan next = plans_.top().what;
    plans_.pop();
    if (!next.at->sleeps(next.who)) return next;
  }
  return std::nullopt;
}

std::size_t tree::pruned() {
  std::size_t untaken = 0;
  for (const node& each : nodes_)
    untaken += each.candidates.size() - each.begun.size();
  std::size_t still_planned = 0;
  for (auto left = plans_; !left.empty(); left.pop())
    still_planned += left.top().what.at->sleeps(left.top().what.who) ? 0 : 1;
  return untaken - still_planned;
}

} // namespace cancelscope::exploring
