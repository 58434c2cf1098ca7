// Cancellation goes forward only, and says who asked.
#include "runtime/lab/oracles/seen.hpp"

#include <unordered_set>

namespace cancelscope {

namespace oracles {

namespace {

using namespace trace;

class monotone final : public oracle {
public:
  [[nodiscard]] std::string_view name() const override { return "protocol monotone"; }
  void see(const event& e) override { dispatch(*this, e); }

  void saw(const region_moved& e) {
    region_state& state = regions_[e.region];
    if (e.state <= state) breaks(said(e.region, "went back in its states"), e.region);
    state = e.state;
  }
  void saw(const cancel_request& e) {
    if (e.target.kind != entity_kind::task) return;
    const auto effect = e.effect.value_or(cancel_effect::applied);
    if (effect == cancel_effect::absorbed) return;
    facts& task = tasks_[e.target];
    if (task.ended) breaks(said(e.target, "was cancelled after its end"), e.target);
    if ((effect == cancel_effect::applied) == task.requested)
      breaks(said(e.target, task.requested ? "was requested to end as if for the first time"
                                           : "had a request strengthened that it does not have"),
             e.target);
    if (task.requested && strength(e.kind) <= strength(task.kind))
      breaks(said(e.target, "had its request strengthened by one that is not stronger"), e.target);
    task.requested = true;
    task.kind = e.kind;
  }
  void saw(const cancel_phase& e) {
    facts& task = tasks_[e.target];
    if (!task.requested) breaks(said(e.target, "moved on without a request"), e.target);
    if (task.ended) breaks(said(e.target, "moved on after its end"), e.target);
    if (e.phase <= task.phase) breaks(said(e.target, "went back in its phases"), e.target);
    task.phase = e.phase;
  }
  void saw(const task_run& e) { expect_running(e.task, "ran"); }
  void saw(const task_wait& e) { expect_running(e.task, "parked"); }
  void saw(const task_end& e) {
    expect_running(e.task, "ended");
    facts& task = tasks_[e.task];
    task.ended = true;
    if (task.requested && task.phase != cancel_phase_name::completed)
      breaks(said(e.task, "was requested to end, and ended without completing the protocol"),
             e.task);
  }
  void saw(const slot_release& e) {
    regions_.erase(e.id);
    tasks_.erase(e.id);
  }
  template <class Other> void saw(const Other&) {}

private:
  struct facts {
    cancel_phase_name phase = cancel_phase_name::requested;
    cancel_kind kind{};
    bool requested = false;
    bool ended = false;
  };
  void expect_running(task_id id, std::string_view did) {
    // What it ran in its last poll is told before its end, also where it was destroyed in it.
    if (tasks_[id].ended) breaks(said(id, std::string{did} + " after its end"), id);
  }

  facts_of<region_state> regions_;
  facts_of<facts> tasks_;
};

class attribution final : public oracle {
public:
  [[nodiscard]] std::string_view name() const override { return "attribution complete"; }
  void see(const event& e) override { dispatch(*this, e); }

  void saw(const region_open& e) { known_.insert(e.region); }
  void saw(const task_spawn& e) { known_.insert(e.task); }
  void saw(const cancel_request& e) {
    if (e.cancel.number <= last_) breaks(said(e, "does not rise"), e.target);
    last_ = e.cancel.number;
    // Every request was made after those that it names as its cause, so a chain that is known here ends.
    if (e.cause && !requests_.contains(*e.cause))
      breaks(said(e, "names " + to_string(*e.cause) + " as its cause, which is not known"),
             e.target);
    const bool needs_a_cause = e.kind == cancel_kind::parent;
    if (needs_a_cause && !e.cause && !e.truncated.value_or(false))
      breaks(said(e, "came down from an ancestor and does not say from which request"), e.target);
    const bool needs_an_origin =
        e.kind == cancel_kind::fail_fast || e.kind == cancel_kind::race_lost;
    if (needs_an_origin && !e.origin_task && !e.origin_region)
      breaks(said(e, "does not say who failed, or who won"), e.target);
    expect_known(e, e.origin_region);
    expect_known(e, e.origin_task);
    requests_.emplace(e.cancel, facts{e.target, e.effect.value_or(cancel_effect::applied)});
  }
  void saw(const cancel_phase& e) { expect_request_of(e.target, e.cancel); }
  void saw(const region_moved& e) {
    if (e.cancel) expect_request_of(e.region, *e.cancel);
  }
  void saw(const task_end& e) {
    if (e.outcome != outcome_kind::cancelled) return;
    // A task that hands on how another ended names the request that ended that one.
    if (!e.cancel)
      breaks(said(e.task, "ended cancelled and does not say by which request"), e.task);
    else if (!requests_.contains(*e.cancel))
      breaks(said(e.task, "ended cancelled by " + to_string(*e.cancel) + ", which is not known"),
             e.task);
  }
  template <class Other> void saw(const Other&) {}

private:
  struct facts {
    entity_id target;
    cancel_effect effect{};
  };
  static std::string said(const cancel_request& e, std::string_view what) {
    return to_string(e.cancel) + ' ' + std::string{what};
  }
  static std::string said(entity_id id, std::string_view what) { return oracles::said(id, what); }

  template <class Id> void expect_known(const cancel_request& e, const maybe<Id>& origin) {
    if (origin && !known_.contains(*origin))
      breaks(said(e, "says that " + to_string(*origin) + " asked for it, which is not known"),
             e.target);
  }
  void expect_request_of(entity_id target, cancel_id cancel) {
    const auto found = requests_.find(cancel);
    if (found == requests_.end() || found->second.target != target)
      breaks(said(target, "moves on because of " + to_string(cancel) + ", which is not its own"),
             target);
    else if (found->second.effect == cancel_effect::absorbed)
      breaks(said(target, "moves on because of " + to_string(cancel) + ", which was absorbed"),
             target);
  }

  std::unordered_set<entity_id> known_; ///< also what is released by now: an origin may be over
  std::unordered_map<cancel_id, facts> requests_;
  std::uint64_t last_ = 0;
};

} // namespace

} // namespace oracles

std::unique_ptr<oracle> protocol_monotone() {
  return std::make_unique<oracles::monotone>();
}
std::unique_ptr<oracle> attribution_complete() {
  return std::make_unique<oracles::attribution>();
}

} // namespace cancelscope
