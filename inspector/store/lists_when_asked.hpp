// Lists that follow from rows which only grow: made when somebody asks for the first time, and continued when
// more rows have come since. So loading does not pay for them, and nobody waits for those he does not need.
//
// Threading: any number of threads may ask while no rows come. Failure: none.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>

namespace cancelscope::inspector {

template <class Lists> class lists_when_asked {
public:
  /// The lists of so many rows; `add(lists, row)` is called for each row that is not in them yet, in order.
  template <class Add> const Lists& of_first(std::size_t rows, Add add) const {
    if (done_.load(std::memory_order_acquire) < rows) {
      const std::lock_guard one_makes_them(making_);
      for (std::size_t row = done_.load(std::memory_order_relaxed); row < rows; ++row)
        add(lists_, static_cast<std::uint32_t>(row));
      done_.store(rows, std::memory_order_release);
    }
    return lists_;
  }

private:
  mutable std::mutex making_;
  mutable std::atomic<std::size_t> done_ = 0;
  mutable Lists lists_;
};

} // namespace cancelscope::inspector
