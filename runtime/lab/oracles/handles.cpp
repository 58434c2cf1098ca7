// Slots and the handles that name their tenants.
#include "runtime/lab/oracles/seen.hpp"

#include <map>

namespace cancelscope {

namespace oracles {

namespace {

using namespace trace;

class last_in_first_out final : public oracle {
public:
  explicit last_in_first_out(std::uint64_t last_generation) : last_generation_(last_generation) {}

  [[nodiscard]] std::string_view name() const override { return "slots last-in-first-out"; }
  void see(const event& e) override { dispatch(*this, e); }

  void saw(const region_open& e) { takes(e.region); }
  void saw(const task_spawn& e) { takes(e.task); }
  void saw(const obligation_open& e) { takes(e.obligation); }
  void saw(const slot_release& e) {
    const bool is_retired = e.id.generation >= last_generation_;
    if (!is_retired) slots_[e.id.kind].free.push_back(e.id.slot);
  }
  template <class Other> void saw(const Other&) {}

private:
  struct table {
    std::map<std::uint64_t, std::uint64_t> generation;
    std::vector<std::uint64_t> free;
  };
  void takes(entity_id id) {
    table& slots = slots_[id.kind];
    const auto before = slots.generation.find(id.slot);
    if (before == slots.generation.end()) {
      if (!slots.free.empty())
        breaks(said(id, "took a new slot though slot " + std::to_string(slots.free.back()) +
                            " was free"),
               id);
    } else {
      if (id.generation <= before->second)
        breaks(said(id, "does not raise its slot's generation"), id);
      if (slots.free.empty() || slots.free.back() != id.slot)
        breaks(said(id, slots.free.empty()
                            ? "took a slot that is not free"
                            : "took its slot though slot " + std::to_string(slots.free.back()) +
                                  " was freed last"),
               id);
      else
        slots.free.pop_back();
    }
    slots.generation[id.slot] = id.generation;
  }

  std::map<entity_kind, table> slots_;
  std::uint64_t last_generation_;
};

class no_stale final : public oracle {
public:
  [[nodiscard]] std::string_view name() const override { return "no stale handle accepted"; }
  void see(const event& e) override { dispatch(*this, e); }
  void compare(const kernel_counts& left) override {
    if (left.refused != refused_)
      breaks("the kernel refused " + std::to_string(left.refused) +
             " handles, the events tell of " + std::to_string(refused_));
  }

  void saw(const region_open& e) {
    if (e.parent.value) accepted(*e.parent.value, "open_region");
    live_[e.region] = true;
  }
  void saw(const task_spawn& e) {
    accepted(e.region, "spawn");
    live_[e.task] = true;
  }
  void saw(const obligation_open& e) {
    if (e.region) accepted(*e.region, "reserve");
    live_[e.obligation] = true;
  }
  void saw(const cancel_request& e) { accepted(e.target, "cancel"); }
  void saw(const task_join& e) { accepted(e.task, "join"); }
  void saw(const obligation_end& e) { accepted(e.obligation, "commit or abort"); }
  void saw(const slot_release& e) {
    accepted(e.id, "release");
    live_.erase(e.id);
  }
  void saw(const stale_use& e) {
    ++refused_;
    // A handle of another kind is refused too, though what it names is alive.
    if (live_.contains(e.id) && e.live != e.id.generation)
      breaks(said(e.id, "was refused as stale, and lives"), e.id);
  }
  template <class Other> void saw(const Other&) {}

private:
  void accepted(entity_id id, std::string_view by) {
    if (!live_.contains(id))
      breaks(said(id, "was accepted by " + std::string{by} + ", and does not live"), id);
  }

  facts_of<bool> live_;
  std::size_t refused_ = 0;
};

} // namespace

} // namespace oracles

std::unique_ptr<oracle> slots_last_in_first_out(const kernel_limits& limits) {
  return std::make_unique<oracles::last_in_first_out>(limits.last_generation);
}
std::unique_ptr<oracle> no_stale_handle_accepted() {
  return std::make_unique<oracles::no_stale>();
}

} // namespace cancelscope
