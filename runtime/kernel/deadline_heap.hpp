// The deadlines that the kernel has promised to keep: regions' deadlines and ends of clean-up
// budgets.
//
// Entries are never removed when what they belong to ends; they are known as dead by their handle
// and dropped when they come to the top, or all at once when they are the majority.
//
// Threading: that of the kernel. Failure: none.
#pragma once

#include "runtime/kernel/clock.hpp"
#include "runtime/kernel/handles.hpp"

#include <algorithm>
#include <functional>
#include <vector>

namespace cancelscope {

struct deadline_entry {
  time_ns at = 0;
  std::uint64_t order = 0; ///< of equal deadlines the one set first comes first
  any_handle owner;

  friend bool operator>(const deadline_entry& a, const deadline_entry& b) {
    return a.at != b.at ? a.at > b.at : a.order > b.order;
  }
};

class deadline_heap {
public:
  void add(time_ns at, any_handle owner) {
    entries_.push_back({at, next_order_++, owner});
    std::push_heap(entries_.begin(), entries_.end(), std::greater<>{});
  }

  /// The earliest entry that `alive` still wants, or none.
  template <class Alive> [[nodiscard]] const deadline_entry* earliest(const Alive& alive) {
    if (entries_.size() > sweep_at_) sweep(alive);
    while (!entries_.empty() && !alive(entries_.front()))
      pop();
    return entries_.empty() ? nullptr : &entries_.front();
  }

  /// Then `earliest` has none, either.
  [[nodiscard]] bool empty() const noexcept { return entries_.empty(); }
  [[nodiscard]] const deadline_entry& top() const { return entries_.front(); }

  void pop() {
    std::pop_heap(entries_.begin(), entries_.end(), std::greater<>{});
    entries_.pop_back();
  }

private:
  template <class Alive> void sweep(const Alive& alive) {
    std::erase_if(entries_, [&](const deadline_entry& e) { return !alive(e); });
    std::make_heap(entries_.begin(), entries_.end(), std::greater<>{});
    sweep_at_ = std::max<std::size_t>(minimum_sweep, entries_.size() * 2);
  }

  static constexpr std::size_t minimum_sweep = 1024;

  std::vector<deadline_entry> entries_;
  std::uint64_t next_order_ = 0;
  std::size_t sweep_at_ = minimum_sweep;
};

} // namespace cancelscope
