#include "inspector/timeline/slots.hpp"

#include "inspector/store/interner.hpp"

#include <algorithm>

namespace cancelscope::inspector {

namespace {

/// The free list that a last-in-first-out allocator would have, of one kind of slots.
class free_list {
public:
  void push(std::uint32_t slot) {
    grow(slot);
    links_[slot] = {top_, none, true};
    if (top_ != none) links_[top_].above = slot;
    top_ = slot;
  }

  /// Takes the slot out, wherever it is. False when it was not the one on top.
  bool take(std::uint32_t slot) {
    grow(slot);
    if (!links_[slot].free) return true; // a slot never used before
    const link taken = links_[slot];
    links_[slot] = {};
    if (taken.below != none) links_[taken.below].above = taken.above;
    if (taken.above != none) {
      links_[taken.above].below = taken.below;
      return false;
    }
    top_ = taken.below;
    return true;
  }

  [[nodiscard]] std::uint32_t top() const { return top_; }
  /// What is free is not known any more.
  void forget() {
    links_.clear();
    top_ = none;
  }

private:
  static constexpr std::uint32_t none = ~std::uint32_t{0};
  struct link {
    std::uint32_t below = none;
    std::uint32_t above = none;
    bool free = false;
  };

  void grow(std::uint32_t slot) {
    if (slot >= links_.size()) links_.resize(slot + 1);
  }

  std::vector<link> links_;
  std::uint32_t top_ = none;
};

/// The slots of one kind. Slots are numbered in the order they were first seen.
class slot_kind {
public:
  std::uint32_t number_of(std::uint64_t slot) {
    const std::uint32_t number = numbers_.intern(slot);
    if (number >= histories_.size())
      histories_.push_back({.slot = slot, .tenancies = {}, .stale = {}});
    return number;
  }

  void open(std::uint64_t slot, entity who, event_index at, event_index released, slot_table& out) {
    const std::uint32_t number = number_of(slot);
    const std::uint32_t expected = free_.top();
    if (!free_.take(number)) out.lifo_breaks.push_back({at, who, histories_[expected].slot});
    histories_[number].tenancies.push_back({who, at, released});
  }
  void release(std::uint64_t slot) { free_.push(number_of(slot)); }
  void stale(trace::entity_id id, event_index at) {
    histories_[number_of(id.slot)].stale.push_back({at, id.generation});
  }
  void forget_free() { free_.forget(); }

  std::vector<slot_history> by_slot() && {
    std::sort(histories_.begin(), histories_.end(),
              [](const slot_history& a, const slot_history& b) { return a.slot < b.slot; });
    return std::move(histories_);
  }

private:
  interner<std::uint64_t> numbers_;
  std::vector<slot_history> histories_;
  free_list free_;
};

class slot_replay {
public:
  explicit slot_replay(const trace_store& trace) : trace_(trace) {}

  slot_table run() {
    for (std::uint32_t i = 0; i < trace_.event_count(); ++i)
      take(event_index{i});
    table_.regions = std::move(regions_).by_slot();
    table_.tasks = std::move(tasks_).by_slot();
    table_.obligations = std::move(obligations_).by_slot();
    return std::move(table_);
  }

private:
  slot_kind& kind(trace::entity_kind k) {
    if (k == trace::entity_kind::region) return regions_;
    return k == trace::entity_kind::task ? tasks_ : obligations_;
  }

  void take(event_index e) {
    const entity who = trace_.subject_of(e);
    switch (trace_.kind_of(e)) {
    case event_kind::region_open:
      open(e, who, trace_[who.as<region_index>()]);
      break;
    case event_kind::task_spawn:
      open(e, who, trace_[who.as<task_index>()]);
      break;
    case event_kind::obligation:
      open(e, who, trace_[who.as<obligation_index>()]);
      break;
    case event_kind::release: {
      const trace::entity_id id = trace_.body_at<trace::slot_release>(e).id;
      kind(id.kind).release(id.slot);
      break;
    }
    case event_kind::stale: {
      const trace::entity_id id = trace_.body_at<trace::stale_use>(e).id;
      kind(id.kind).stale(id, e);
      break;
    }
    case event_kind::dropped:
      regions_.forget_free();
      tasks_.forget_free();
      obligations_.forget_free();
      break;
    default:
      break;
    }
  }

  template <class Row> void open(event_index e, entity who, const Row& row) {
    const trace::entity_id id = row.id;
    kind(id.kind).open(id.slot, who, e, row.released, table_);
  }

  const trace_store& trace_;
  slot_table table_;
  slot_kind regions_;
  slot_kind tasks_;
  slot_kind obligations_;
};

} // namespace

slot_table slots_of(const trace_store& trace) {
  return slot_replay(trace).run();
}

} // namespace cancelscope::inspector
