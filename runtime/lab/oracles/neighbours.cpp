// Whom a cancellation may reach, and who has to wait for it.
#include "runtime/lab/oracles/seen.hpp"

#include <algorithm>

namespace cancelscope {

namespace oracles {

namespace {

using namespace trace;

/// Whoever took the winner's outcome does nothing but wait for the losers until they have ended.
class losers final : public oracle {
public:
  [[nodiscard]] std::string_view name() const override { return "losers of a race drained"; }
  void see(const event& e) override { dispatch(*this, e); }

  void saw(const cancel_request& e) {
    const bool lost = e.kind == cancel_kind::race_lost && e.target.kind == entity_kind::task &&
                      e.origin_task && e.effect != cancel_effect::absorbed;
    if (!lost) return;
    const task_id loser{e.target.slot, e.target.generation};
    // The winner's outcome is taken before the losers are asked to end, or after.
    if (const auto racer = joined_by_.find(*e.origin_task); racer != joined_by_.end())
      racers_[racer->second].push_back(loser);
    else
      losers_[*e.origin_task].push_back(loser);
  }
  void saw(const task_join& e) {
    if (!e.by || e.by->kind != entity_kind::task) return;
    joined_by_[e.task] = {e.by->slot, e.by->generation};
    took_[*e.by].push_back(e.task);
    const auto won = losers_.find(e.task);
    if (won == losers_.end()) return;
    for (const task_id loser : won->second)
      if (!ended_.contains(loser)) racers_[*e.by].push_back(loser);
    losers_.erase(won);
  }
  /// One that is cancelled itself no longer decides anything; then the region waits for the losers.
  void saw(const cancel_phase& e) { racers_.erase(e.target); }
  void saw(const task_end& e) {
    expect_waiting(e.task, "ended");
    ended_.emplace(e.task, true);
    for (auto& [racer, lost] : racers_)
      std::erase(lost, e.task);
  }
  void saw(const task_wait& e) {
    if (e.on != wait_reason::join) expect_waiting(e.task, "went on to wait for something else");
  }
  void saw(const task_spawn& e) { expect_waiting(e.by, "went on to spawn a task"); }
  void saw(const region_open& e) { expect_waiting(e.by, "went on to open a region"); }
  void saw(const obligation_open& e) { expect_waiting(e.task, "went on to reserve something"); }
  void saw(const mark& e) { expect_waiting(e.task, "went on"); }
  void saw(const slot_release& e) {
    losers_.erase(e.id);
    racers_.erase(e.id);
    ended_.erase(e.id);
    const auto took = took_.find(e.id);
    if (took == took_.end()) return;
    for (const task_id each : took->second)
      joined_by_.erase(each);
    took_.erase(took);
  }
  template <class Other> void saw(const Other&) {}

private:
  void expect_waiting(const maybe<task_id>& racer, std::string_view did) {
    if (!racer) return;
    const auto at = racers_.find(*racer);
    if (at == racers_.end() || at->second.empty()) return;
    const task_id loser = at->second.front();
    racers_.erase(at); // told once
    breaks(said(*racer, std::string{did} + " while " + to_string(loser) +
                            ", which lost the race that it decided, had not ended"),
           loser);
  }

  facts_of<task_id> joined_by_;           ///< of tasks whose outcome a task took
  facts_of<std::vector<task_id>> took_;   ///< the same, by the task that took
  facts_of<std::vector<task_id>> losers_; ///< by the winner
  facts_of<std::vector<task_id>> racers_; ///< by who joined the winner: those that still run
  facts_of<bool> ended_;                  ///< tasks that are over and not released
};

/// A request comes down to what lies under its cause, and to nothing else.
class siblings final : public oracle {
public:
  [[nodiscard]] std::string_view name() const override { return "siblings untouched"; }
  void see(const event& e) override { dispatch(*this, e); }

  void saw(const region_open& e) {
    if (e.parent.value) above_[e.region] = *e.parent.value;
  }
  void saw(const task_spawn& e) { above_[e.task] = e.region; }
  void saw(const cancel_request& e) {
    targets_.emplace(e.cancel, e.target);
    if (e.kind != cancel_kind::parent || !e.cause) return;
    const auto cause = targets_.find(*e.cause);
    if (cause == targets_.end() || lies_under(e.target, cause->second)) return;
    breaks(said(e.target, "was reached by a request for " + to_string(cause->second) +
                              ", under which it does not lie"),
           e.target);
  }
  void saw(const region_moved& e) {
    if (!e.cancel) return;
    const auto request = targets_.find(*e.cancel);
    const entity_id moved = e.region;
    if (request != targets_.end() && request->second != moved)
      breaks(said(e.region, "moved because of a request for " + to_string(request->second)),
             e.region);
  }
  void saw(const slot_release& e) {
    if (e.id.kind == entity_kind::task) above_.erase(e.id);
  }
  template <class Other> void saw(const Other&) {}

private:
  [[nodiscard]] bool lies_under(entity_id id, entity_id top) const {
    for (auto at = above_.find(id); at != above_.end(); at = above_.find(at->second))
      if (at->second == top) return true;
    return false;
  }

  facts_of<entity_id> above_;
  std::unordered_map<cancel_id, entity_id> targets_;
};

} // namespace

} // namespace oracles

std::unique_ptr<oracle> losers_drained() {
  return std::make_unique<oracles::losers>();
}
std::unique_ptr<oracle> siblings_untouched() {
  return std::make_unique<oracles::siblings>();
}

} // namespace cancelscope
