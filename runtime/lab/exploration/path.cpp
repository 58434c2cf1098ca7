#include "runtime/lab/exploration/path.hpp"

#include <algorithm>
#include <utility>

namespace cancelscope::exploring {

path::path(tree& grown, const std::optional<plan>& follows, reduction reduced_by)
    : tree_(grown), reduced_by_(reduced_by) {
  if (!follows) return;
  plan_.push_back(follows->who);
  planned_nodes_.push_back(follows->at);
  for (const node* at = follows->at; at->above != nullptr; at = at->above) {
    plan_.push_back(at->above->begun[at->came_by].who);
    planned_nodes_.push_back(at->above);
  }
  std::ranges::reverse(plan_);
  std::ranges::reverse(planned_nodes_);
}

// ---- The run ----

std::size_t path::pick(std::span<const lab_actor> candidates) {
  if (ignores_) return 0;
  return steps_.size() < plan_.size() ? follow(candidates) : go_on(candidates);
}

std::size_t path::follow(std::span<const lab_actor> candidates) {
  const std::size_t number = steps_.size();
  node& at = *planned_nodes_[number];
  if (!std::ranges::equal(at.candidates, candidates)) {
    not_repeatable_ = "at step " + std::to_string(number) +
                      " something else could happen than the last time, though everything before "
                      "was the same";
    ignores_ = true;
    return 0;
  }
  const std::size_t taken = begin_branch(at, plan_[number]);
  steps_.push_back({&at, taken, std::exchange(time_passed_, false)});
  return *at.find_candidate(plan_[number]);
}

std::size_t path::go_on(std::span<const lab_actor> candidates) {
  node& at = arrive(candidates);
  std::size_t index = 0;
  while (index < candidates.size() && at.sleeps(candidates[index]))
    ++index;
  if (index == candidates.size()) {
    redundant_ = ignores_ = true;
    return 0;
  }
  at.planned.push_back(candidates[index]);
  if (reduced_by_ == reduction::none)
    for (const lab_actor& other : candidates)
      tree_.plan_to_try(at, other);
  const std::size_t taken = begin_branch(at, candidates[index]);
  steps_.push_back({&at, taken, std::exchange(time_passed_, false)});
  return index;
}

node& path::arrive(std::span<const lab_actor> candidates) {
  std::vector<lab_actor> all(candidates.begin(), candidates.end());
  if (steps_.empty()) return tree_.add_root(std::move(all));
  node& here = tree_.add_below(*steps_.back().at, steps_.back().taken, std::move(all));
  if (reduced_by_ == reduction::none) here.asleep.clear();
  return here;
}

std::size_t path::begin_branch(node& at, const lab_actor& who) {
  const auto known = std::ranges::find(at.begun, who, &branch::who);
  if (known == at.begun.end()) at.begun.push_back({.who = who});
  return static_cast<std::size_t>(std::ranges::find(at.begun, who, &branch::who) -
                                  at.begun.begin());
}

std::optional<std::string> path::not_repeatable() const {
  if (not_repeatable_ || steps_.size() >= plan_.size()) return not_repeatable_;
  return "it ended after step " + std::to_string(steps_.size()) +
         ", and the last time it went on there";
}

void path::stepped(access_set used) {
  if (!ignores_) steps_.back().at->begun[steps_.back().taken].used = std::move(used);
}

// ---- The races in it ----

void path::plan_alternatives() {
  if (reduced_by_ == reduction::none) return;
  const std::size_t news = plan_.empty() ? 0 : plan_.size() - 1;
  // Nothing before time passed can be exchanged with anything after: that waited for nothing to be left to happen.
  std::size_t first = 0;
  std::vector<step_set> before;
  for (std::size_t at = 0; at < steps_.size(); ++at) {
    if (steps_[at].after_time) {
      first = at;
      before.clear();
    }
    if (at >= news) plan_what_was_disabled(at);
    plan_races_of(at, first, before);
  }
}

void path::plan_what_was_disabled(std::size_t at) {
  const step& taken = steps_[at];
  const bool is_last = at + 1 == steps_.size();
  if (is_last && ignores_) return;
  for (const lab_actor& other : taken.at->candidates) {
    if (other == taken.way().who) continue;
    if (is_last || !steps_[at + 1].at->find_candidate(other)) tree_.plan_to_try(*taken.at, other);
  }
}

/// Also computes what came before the step, by causes; everything in the moment's own numbers.
void path::plan_races_of(std::size_t later, std::size_t first, std::vector<step_set>& before) {
  const std::size_t news = plan_.empty() ? 0 : plan_.size() - 1;
  const branch& now = steps_[later].way();
  const std::size_t count = later - first;
  step_set causes(count, false);
  std::vector<std::size_t> races;
  for (std::size_t at = count; at-- > 0;) {
    const branch& then = steps_[first + at].way();
    const bool same_actor = then.who == now.who;
    if (!same_actor && !depend(then.used, now.used)) continue;
    const bool at_once = !causes[at]; // nothing between them leads from one to the other
    if (at_once && !same_actor) races.push_back(at);
    causes[at] = true;
    for (std::size_t cause = 0; cause < at; ++cause)
      if (before[at][cause]) causes[cause] = true;
  }
  before.push_back(std::move(causes));
  if (later < news) return; // planned by the run that came this way first
  for (const std::size_t earlier : races)
    if (could_have_come_first(first + earlier, later)) reverse(earlier, count, first, before);
}

bool path::could_have_come_first(std::size_t earlier, std::size_t later) const {
  const lab_actor& who = steps_[later].way().who;
  const bool was_there = steps_[earlier].at->find_candidate(who).has_value();
  return was_there || !steps_[earlier + 1].at->find_candidate(who);
}

/// Makes sure that at the earlier step somebody is tried who can lead to the later step without it.
void path::reverse(std::size_t earlier, std::size_t later, std::size_t first,
                   const std::vector<step_set>& before) {
  node& at = *steps_[first + earlier].at;
  std::vector<std::size_t> others; // what happened after the earlier step, and not because of it
  for (std::size_t each = earlier + 1; each < later; ++each)
    if (!before[each][earlier]) others.push_back(each);
  others.push_back(later);

  std::optional<lab_actor> chosen;
  for (const std::size_t each : others) {
    const bool has_cause_among_them = std::ranges::any_of(
        others, [&](std::size_t other) { return other < each && before[each][other]; });
    if (has_cause_among_them) continue;
    const lab_actor& starts = steps_[first + each].way().who;
    if (at.plans(starts) || at.sleeps(starts)) return;
    if (at.find_candidate(starts))
      chosen = starts; // the later step itself comes last, and is preferred
  }
  if (chosen) {
    tree_.plan_to_try(at, *chosen);
    return;
  }
  for (const lab_actor& each : at.candidates)
    tree_.plan_to_try(at, each);
}

} // namespace cancelscope::exploring
