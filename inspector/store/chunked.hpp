// A list that only grows and never moves what it holds: blocks that double in size, up to a limit. Growing copies
// nothing and leaves little room unused, so a column of a million rows takes what a million rows take.
//
// Ownership: the blocks are the arena's, which is the same for every push_back and outlives the list.
// Threading: as std::vector. Failure: none.
#pragma once

#include "inspector/store/arena.hpp"

#include <bit>
#include <cstddef>
#include <type_traits>
#include <vector>

namespace cancelscope::inspector {

template <class Item> class chunked {
public:
  static_assert(std::is_trivially_copyable_v<Item>);

  [[gnu::always_inline]] void push_back(arena& memory, const Item& item) {
    if (next_ == end_) grow(memory);
    *next_++ = item;
  }

  [[nodiscard]] const Item& operator[](std::size_t i) const {
    if (i >= doubling)
      return blocks_[doublings + (i - doubling) / largest][(i - doubling) % largest];
    // Blocks 0, 1, 2 … begin at 0, first, 2 first, 4 first …
    const auto block = static_cast<std::size_t>(std::bit_width(i / first));
    return blocks_[block][block == 0 ? i : i - (first << (block - 1))];
  }
  [[nodiscard]] std::size_t size() const { return room_ - static_cast<std::size_t>(end_ - next_); }
  [[nodiscard]] bool empty() const { return size() == 0; }
  [[nodiscard]] const Item& back() const { return *(next_ - 1); }

private:
  static constexpr std::size_t first = 64;
  static constexpr std::size_t doublings = 9; ///< blocks until they stop to grow
  static constexpr std::size_t doubling = first << (doublings - 1); ///< items in these
  static constexpr std::size_t largest = doubling / 2;

  [[gnu::noinline]] void grow(arena& memory) {
    const std::size_t block = blocks_.size();
    const std::size_t size = block == 0          ? first
                             : block < doublings ? first << (block - 1)
                                                 : largest;
    blocks_.push_back(static_cast<Item*>(memory.take(size * sizeof(Item))));
    next_ = blocks_.back();
    end_ = next_ + size;
    room_ += size;
  }

  std::vector<Item*> blocks_;
  Item* next_ = nullptr;
  Item* end_ = nullptr;  ///< of the last block
  std::size_t room_ = 0; ///< in all blocks
};

} // namespace cancelscope::inspector
