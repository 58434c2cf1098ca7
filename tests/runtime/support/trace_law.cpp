#include "tests/runtime/support/trace_law.hpp"

#include <deque>
#include <map>
#include <optional>

namespace cancelscope::tests {

namespace {

using namespace cancelscope::trace;

struct known_region {
  std::optional<entity_id> parent;
  region_state state = region_state::open;
  std::size_t open_children = 0;
  std::size_t running_tasks = 0;
  std::size_t unjoined_tasks = 0;
  std::size_t open_obligations = 0;
};

struct known_task {
  entity_id region;
  cancel_phase_name phase = cancel_phase_name::requested;
  bool requested = false;
  bool ended = false;
  bool joined = false;
};

struct known_cancel {
  entity_id target;
  cancel_effect effect{};
};

/// Pointers, because the trees of the tests are deep.
struct place_in_tree {
  entity_id id;
  const place_in_tree* above = nullptr;
};

struct slots_of_kind {
  std::map<std::uint64_t, std::uint64_t> generation;
  std::vector<std::uint64_t> free;
};

class law {
public:
  std::vector<std::string> check(std::span<const event> events) {
    for (const event& e : events) {
      if (ended_) fail("something follows the end");
      if (e.t < last_t_) fail("time went back to " + std::to_string(e.t));
      last_t_ = e.t;
      std::visit([this](const auto& body) { see(body); }, e.body);
    }
    if (!ended_) fail("there is no end");
    for (const auto& [id, region] : regions_)
      fail(to_string(id) + " was never released");
    for (const auto& [id, task] : tasks_)
      fail(to_string(id) + " was never released");
    for (const auto& [id, obligation] : obligations_)
      fail(to_string(id) + " was never released");
    return std::move(breaks_);
  }

private:
  void fail(std::string what) { breaks_.push_back(std::move(what)); }

  void introduce(entity_id id) {
    auto& slots = slots_[id.kind];
    const auto before = slots.generation.find(id.slot);
    if (before == slots.generation.end()) {
      if (id.generation != 1) fail(to_string(id) + " is the first in its slot");
      if (!slots.free.empty()) fail(to_string(id) + " took a new slot though one was free");
    } else {
      if (id.generation <= before->second) fail(to_string(id) + " does not raise the generation");
      if (slots.free.empty() || slots.free.back() != id.slot)
        fail(to_string(id) + " breaks last-in-first-out");
      else
        slots.free.pop_back();
    }
    slots.generation[id.slot] = id.generation;
  }

  template <class Table> auto* find(Table& table, entity_id id) {
    const auto found = table.find(id);
    if (found == table.end()) fail(to_string(id) + " is not known or no longer");
    return found == table.end() ? nullptr : &found->second;
  }
  void expect_known(const maybe<task_id>& id) {
    if (id) find(tasks_, *id);
  }

  void see(const region_open& e) {
    introduce(e.region);
    known_region opened;
    if (e.parent.value) {
      opened.parent = *e.parent.value;
      if (auto* parent = find(regions_, *e.parent.value)) {
        ++parent->open_children;
        if (parent->state == region_state::closed)
          fail(to_string(e.region) + " opened in a closed region");
      }
    }
    expect_known(e.by);
    regions_.emplace(e.region, opened);
    put_in_tree(e.region, opened.parent);
  }

  void see(const region_moved& e) {
    auto* region = find(regions_, e.region);
    if (region == nullptr) return;
    if (e.state <= region->state) fail(to_string(e.region) + " went back");
    region->state = e.state;
    if (e.cancel) expect_cancel_of(*e.cancel, e.region);
    if (e.state < region_state::finalizing) return;
    if (region->running_tasks > 0) fail(to_string(e.region) + " has an orphan task");
    if (region->open_children > 0) fail(to_string(e.region) + " has an open child region");
    if (e.state != region_state::closed) return;
    if (region->unjoined_tasks > 0)
      fail(to_string(e.region) + " closed with a task that nobody joined");
    if (region->open_obligations > 0) fail(to_string(e.region) + " closed with an open obligation");
    if (!e.outcome) fail(to_string(e.region) + " closed without an outcome");
    if (region->parent)
      if (auto* parent = find(regions_, *region->parent)) --parent->open_children;
  }

  void see(const task_spawn& e) {
    introduce(e.task);
    expect_known(e.by);
    if (auto* region = find(regions_, e.region)) {
      if (region->state == region_state::closed) // a finalizer that awaits may still begin before
        fail(to_string(e.task) + " spawned into a closed region");
      ++region->running_tasks;
      ++region->unjoined_tasks;
    }
    tasks_.emplace(e.task, known_task{.region = e.region});
    put_in_tree(e.task, e.region);
  }

  void expect_running(task_id id) {
    if (auto* task = find(tasks_, id); task != nullptr && task->ended)
      fail(to_string(id) + " is over");
  }
  void see(const task_run& e) { expect_running(e.task); }
  void see(const task_wait& e) { expect_running(e.task); }

  void see(const cancel_request& e) {
    if (e.cancel.number <= last_cancel_) fail(to_string(e.cancel) + " does not rise");
    last_cancel_ = e.cancel.number;
    if (e.cause) {
      const auto cause = cancels_.find(*e.cause);
      if (cause == cancels_.end())
        fail(to_string(e.cancel) + " has a cause that is not known");
      else if (e.kind == cancel_kind::parent && !is_under(e.target, cause->second.target))
        fail(to_string(e.cancel) + " reached " + to_string(e.target) + " from beside it");
    } else if (e.kind == cancel_kind::parent && !e.truncated.value_or(false)) {
      fail(to_string(e.cancel) + " is a parent's and names none");
    }
    const auto effect = e.effect.value_or(cancel_effect::applied);
    if (e.target.kind == entity_kind::task) {
      if (auto* task = find(tasks_, e.target);
          task != nullptr && effect != cancel_effect::absorbed) {
        if (task->ended) fail(to_string(e.cancel) + " took effect on a task that is over");
        if ((effect == cancel_effect::applied) == task->requested)
          fail(to_string(e.cancel) + " has a wrong effect");
        task->requested = true;
      }
    } else {
      find(regions_, e.target);
    }
    cancels_[e.cancel] = {e.target, effect};
  }

  bool is_under(entity_id id, entity_id above) const {
    const auto found = places_.find(id);
    if (found == places_.end()) return false;
    for (const place_in_tree* at = found->second->above; at != nullptr; at = at->above)
      if (at->id == above) return true;
    return false;
  }
  void put_in_tree(entity_id id, const std::optional<entity_id>& above) {
    const auto found = above ? places_.find(*above) : places_.end();
    tree_.push_back({id, found == places_.end() ? nullptr : found->second});
    places_[id] = &tree_.back();
  }

  void expect_cancel_of(cancel_id cancel, entity_id target) {
    const auto found = cancels_.find(cancel);
    if (found == cancels_.end() || found->second.target != target)
      fail(to_string(cancel) + " is no request for " + to_string(target));
    else if (found->second.effect == cancel_effect::absorbed)
      fail(to_string(cancel) + " was absorbed");
  }

  void see(const cancel_phase& e) {
    expect_cancel_of(e.cancel, e.target);
    auto* task = find(tasks_, e.target);
    if (task == nullptr) return;
    if (task->ended) fail(to_string(e.target) + " moved on after its end");
    if (e.phase <= task->phase) fail(to_string(e.target) + " went back in its phases");
    task->phase = e.phase;
  }

  void see(const task_end& e) {
    expect_running(e.task);
    auto* task = find(tasks_, e.task);
    if (task == nullptr) return;
    task->ended = true;
    if (task->requested && task->phase != cancel_phase_name::completed)
      fail(to_string(e.task) + " was requested to end, and did without completing the protocol");
    if (e.outcome == outcome_kind::cancelled && !e.cancel)
      fail(to_string(e.task) + " does not say by what");
    if (auto* region = find(regions_, task->region)) --region->running_tasks;
  }

  void see(const task_join& e) {
    auto* task = find(tasks_, e.task);
    if (task == nullptr) return;
    if (!task->ended) fail(to_string(e.task) + " was joined before its end");
    if (task->joined) fail(to_string(e.task) + " was joined twice");
    task->joined = true;
    if (auto* region = find(regions_, task->region)) --region->unjoined_tasks;
  }

  void see(const obligation_open& e) {
    introduce(e.obligation);
    if (!e.region)
      fail(to_string(e.obligation) + " belongs to no region");
    else if (auto* region = find(regions_, *e.region))
      ++region->open_obligations;
    obligations_.emplace(e.obligation, e.region ? entity_id(*e.region) : entity_id{});
  }
  void see(const obligation_end& e) {
    if (const auto* region = find(obligations_, e.obligation))
      if (auto* owner = find(regions_, *region)) --owner->open_obligations;
  }

  void see(const slot_release& e) {
    slots_[e.id.kind].free.push_back(e.id.slot);
    switch (e.id.kind) {
    case entity_kind::region:
      if (const auto* r = find(regions_, e.id); r != nullptr && r->state != region_state::closed)
        fail(to_string(e.id) + " was released before it was closed");
      regions_.erase(e.id);
      return;
    case entity_kind::task:
      if (const auto* t = find(tasks_, e.id); t != nullptr && !t->joined)
        fail(to_string(e.id) + " was released before it was joined");
      tasks_.erase(e.id);
      return;
    case entity_kind::obligation:
      obligations_.erase(e.id);
      return;
    }
  }

  void see(const end_of_trace&) { ended_ = true; }
  void see(const auto&) {}

  std::vector<std::string> breaks_;
  std::map<entity_id, known_region> regions_;
  std::map<entity_id, known_task> tasks_;
  std::map<entity_id, entity_id> obligations_;
  std::deque<place_in_tree> tree_;
  std::map<entity_id, const place_in_tree*> places_;
  std::map<cancel_id, known_cancel> cancels_;
  std::map<entity_kind, slots_of_kind> slots_;
  std::uint64_t last_t_ = 0;
  std::uint64_t last_cancel_ = 0;
  bool ended_ = false;
};

} // namespace

std::vector<std::string> breaks_of_law(std::span<const event> events) {
  return law{}.check(events);
}

} // namespace cancelscope::tests
