// One run through the tree: it follows a plan, goes on by itself from there, and then finds the races in what it did.
// Private to the exploration.
#pragma once

#include "runtime/lab/exploration/tree.hpp"
#include "runtime/lab/explore.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cancelscope::exploring {

class path final : public scheduler {
public:
  /// Without a plan: the first run.
  path(tree& grown, const std::optional<plan>& follows, reduction reduced_by);

  std::size_t pick(std::span<const lab_actor> candidates) override;
  void time_passed() override { time_passed_ = true; }
  void stepped(access_set used) override;
  [[nodiscard]] bool wants_accesses() const override { return true; }

  /// Plans a run for each race that this run is the first to show.
  void plan_alternatives();

  /// All that could have gone on was asleep: another run goes on like this one, or will.
  [[nodiscard]] bool is_redundant() const noexcept { return redundant_; }
  /// Of a run that is over: it did not do the same again, and where.
  [[nodiscard]] std::optional<std::string> not_repeatable() const;

private:
  struct step {
    node* at = nullptr;
    std::size_t taken = 0; ///< which of the node's branches
    bool after_time = false;

    [[nodiscard]] const branch& way() const { return at->begun[taken]; }
  };
  /// Steps of one moment, by number: a set.
  using step_set = std::vector<bool>;

  std::size_t follow(std::span<const lab_actor> candidates);
  std::size_t go_on(std::span<const lab_actor> candidates);
  node& arrive(std::span<const lab_actor> candidates);
  std::size_t begin_branch(node& at, const lab_actor& who);

  void plan_what_was_disabled(std::size_t at);
  void plan_races_of(std::size_t later, std::size_t first, std::vector<step_set>& before);
  [[nodiscard]] bool could_have_come_first(std::size_t earlier, std::size_t later) const;
  void reverse(std::size_t earlier, std::size_t later, std::size_t first,
               const std::vector<step_set>& before);

  tree& tree_;
  reduction reduced_by_;
  std::vector<lab_actor> plan_;
  std::vector<node*> planned_nodes_;
  std::vector<step> steps_;
  bool time_passed_ = false;
  bool redundant_ = false;
  bool ignores_ = false; ///< what happens from now on is not looked at
  std::optional<std::string> not_repeatable_;
};

} // namespace cancelscope::exploring
