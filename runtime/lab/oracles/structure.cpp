// What a closed region leaves behind: no task, no region, no obligation.
#include "runtime/lab/oracles/seen.hpp"

namespace cancelscope {

namespace oracles {

namespace {

using namespace trace;

class no_orphan final : public oracle {
public:
  [[nodiscard]] std::string_view name() const override { return "no orphan task"; }
  void see(const event& e) override { dispatch(*this, e); }
  void compare(const kernel_counts& left) override {
    if (left.tasks != known_.size())
      breaks("the kernel counts " + std::to_string(left.tasks) + " tasks, the events leave " +
             std::to_string(known_.size()));
    for (const auto& [id, task] : known_)
      breaks(said(id, "was never joined, by nobody"), id);
  }

  void saw(const region_open& e) { running_.emplace(e.region, 0); }
  void saw(const task_spawn& e) {
    known_[e.task] = {.region = e.region};
    if (std::size_t* running = find(running_, e.region))
      ++*running;
    else
      breaks(said(e.task, "was spawned into " + to_string(e.region) + ", which is not there"),
             e.task);
  }
  void saw(const task_run& e) { expect_alive(e.task, "ran"); }
  void saw(const task_wait& e) { expect_alive(e.task, "parked"); }
  void saw(const task_end& e) {
    facts* const task = find(known_, e.task);
    if (task == nullptr || task->ended) return;
    task->ended = true;
    if (std::size_t* running = find(running_, task->region)) --*running;
  }
  void saw(const region_moved& e) {
    if (e.state != region_state::closed) return;
    const std::size_t* const running = find(running_, e.region);
    if (running != nullptr && *running > 0)
      breaks(said(e.region, "closed with " + std::to_string(*running) + " tasks still running"),
             e.region);
    running_.erase(e.region);
  }
  void saw(const slot_release& e) { known_.erase(e.id); }
  template <class Other> void saw(const Other&) {}

private:
  struct facts {
    region_id region;
    bool ended = false;
  };
  void expect_alive(task_id id, std::string_view did) {
    const facts* const task = find(known_, id);
    if (task == nullptr)
      breaks(said(id, std::string{did} + ", and nothing is known of it"), id);
    else if (find(running_, task->region) == nullptr)
      breaks(said(id, std::string{did} + " after " + to_string(task->region) + " had closed"), id);
  }

  facts_of<facts> known_;
  facts_of<std::size_t> running_; ///< of each region that is not closed: tasks that have not ended
};

class quiescence final : public oracle {
public:
  [[nodiscard]] std::string_view name() const override { return "quiescence at close"; }
  void see(const event& e) override { dispatch(*this, e); }
  void compare(const kernel_counts& left) override {
    if (left.regions != known_.size())
      breaks("the kernel counts " + std::to_string(left.regions) + " regions, the events leave " +
             std::to_string(known_.size()));
    for (const auto& [id, region] : known_)
      breaks(said(id, region.closed ? "closed and was never released" : "never closed"), id);
  }

  void saw(const region_open& e) {
    known_[e.region] = {.parent = e.parent.value};
    if (e.parent.value) begins(*e.parent.value, e.region);
  }
  void saw(const task_spawn& e) {
    begins(e.region, e.task);
    if (facts* const region = find(known_, e.region)) ++region->unjoined;
    owner_[e.task] = e.region;
  }
  void saw(const task_join& e) {
    const auto owner = owner_.find(e.task);
    if (owner == owner_.end()) return;
    if (facts* const region = find(known_, owner->second)) --region->unjoined;
    owner_.erase(owner);
  }
  void saw(const region_moved& e) {
    facts* const region = find(known_, e.region);
    if (region == nullptr || e.state < region_state::finalizing) return;
    if (region->open_children > 0)
      breaks(said(e.region, "came to its end with " + std::to_string(region->open_children) +
                                " regions under it still open"),
             e.region);
    if (e.state != region_state::closed) return;
    region->closed = true;
    if (region->unjoined > 0)
      breaks(said(e.region, "closed with " + std::to_string(region->unjoined) +
                                " tasks that nobody joined, not even itself"),
             e.region);
    if (!region->parent) return;
    if (facts* const parent = find(known_, *region->parent)) --parent->open_children;
  }
  void saw(const finalizer_ran& e) {
    if (!e.region) return;
    const facts* const region = find(known_, *e.region);
    if (region == nullptr || region->closed)
      breaks(said(*e.region, "ran a finalizer after it had closed"), *e.region);
  }
  void saw(const slot_release& e) { known_.erase(e.id); }
  template <class Other> void saw(const Other&) {}

private:
  struct facts {
    maybe<region_id> parent;
    std::size_t open_children = 0;
    std::size_t unjoined = 0;
    bool closed = false;
  };
  void begins(region_id in, entity_id what) {
    facts* const region = find(known_, in);
    // While it finalizes, a finalizer that awaits may still begin.
    if (region != nullptr && region->closed)
      breaks(said(what, "began in " + to_string(in) + " after that had closed"), what);
    if (region != nullptr && what.kind == entity_kind::region) ++region->open_children;
  }

  facts_of<facts> known_;
  facts_of<region_id> owner_; ///< of each task that is not joined
};

class obligations final : public oracle {
public:
  [[nodiscard]] std::string_view name() const override { return "obligations resolved"; }
  void see(const event& e) override { dispatch(*this, e); }
  void compare(const kernel_counts& left) override {
    if (left.obligations != open_.size())
      breaks("the kernel counts " + std::to_string(left.obligations) +
             " obligations, the events leave " + std::to_string(open_.size()));
    if (left.leaked != leaked_)
      breaks("the kernel found " + std::to_string(left.leaked) +
             " obligations leaked, the events tell of " + std::to_string(leaked_));
    for (const auto& [id, duty] : open_)
      breaks(said(id, named(duty) + "was never resolved"), id);
  }

  void saw(const obligation_open& e) {
    open_[e.obligation] = {.region = e.region, .label = std::string{e.label.value_or("")}};
  }
  void saw(const obligation_end& e) {
    const auto at = open_.find(e.obligation);
    if (at == open_.end()) {
      breaks(said(e.obligation, "was resolved, and is not open"), e.obligation);
      return;
    }
    if (e.how == obligation_fate::leaked) {
      ++leaked_;
      breaks(said(e.obligation, named(at->second) + "was still open when its region closed"),
             e.obligation);
    }
    open_.erase(at);
  }
  void saw(const region_moved& e) {
    if (e.state != region_state::closed) return;
    for (const auto& [id, duty] : open_)
      if (duty.region == e.region)
        breaks(said(id, named(duty) + "outlives its region, and is not reported as leaked"), id);
  }
  template <class Other> void saw(const Other&) {}

private:
  struct facts {
    maybe<region_id> region;
    std::string label;
  };
  static std::string named(const facts& of) {
    return of.label.empty() ? std::string{} : "'" + of.label + "' ";
  }

  facts_of<facts> open_;
  std::size_t leaked_ = 0;
};

} // namespace

} // namespace oracles

std::unique_ptr<oracle> no_orphan_task() {
  return std::make_unique<oracles::no_orphan>();
}
std::unique_ptr<oracle> quiescence_at_close() {
  return std::make_unique<oracles::quiescence>();
}
std::unique_ptr<oracle> obligations_resolved() {
  return std::make_unique<oracles::obligations>();
}

} // namespace cancelscope
