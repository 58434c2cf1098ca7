// Memory for what only grows and goes all at once: taken from the system in large pieces, given out from left to right.
// A million events take tens of megabytes that were never touched before; in large pages the system makes them a few
// hundred times less often ready than in small ones.
//
// Threading: as std::vector. Failure: std::bad_alloc, as from new.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>
#include <vector>

namespace cancelscope::inspector {

/// Memory in large pages where the system has them; for pieces that are at least as large as one.
struct large_pages {
  static constexpr std::size_t size = std::size_t{2} * 1024 * 1024;
  static void* take(std::size_t bytes);
  static void give_back(void* memory) noexcept;
};

/// For std::vector: what is large lies in large pages.
template <class Item> struct page_allocator {
  using value_type = Item;

  page_allocator() = default;
  template <class Other> page_allocator(const page_allocator<Other>&) {}

  Item* allocate(std::size_t count) {
    const std::size_t bytes = count * sizeof(Item);
    return static_cast<Item*>(bytes < large_pages::size ? ::operator new(bytes)
                                                        : large_pages::take(bytes));
  }
  void deallocate(Item* items, std::size_t count) noexcept {
    if (count * sizeof(Item) < large_pages::size)
      ::operator delete(items);
    else
      large_pages::give_back(items);
  }
  friend bool operator==(const page_allocator&, const page_allocator&) { return true; }
};

class arena {
public:
  /// Aligned for any number, and good as long as the arena.
  void* take(std::size_t bytes) {
    constexpr std::size_t alignment = alignof(std::max_align_t);
    bytes = (bytes + alignment - 1) / alignment * alignment;
    if (bytes > left_) add_piece(bytes);
    std::byte* const taken = next_;
    next_ += bytes;
    left_ -= bytes;
    return taken;
  }

private:
  struct give_back {
    std::size_t size = 0;
    void operator()(std::byte* memory) const noexcept {
      page_allocator<std::byte>{}.deallocate(memory, size);
    }
  };

  /// A small trace takes little: pieces double until they are as large as a page can be.
  void add_piece(std::size_t at_least) {
    constexpr std::size_t first = std::size_t{16} * 1024;
    size_ = std::max(at_least, size_ == 0 ? first : std::min(size_ * 2, large_pages::size));
    pieces_.emplace_back(page_allocator<std::byte>{}.allocate(size_), give_back{size_});
    next_ = pieces_.back().get();
    left_ = size_;
  }

  std::vector<std::unique_ptr<std::byte, give_back>> pieces_;
  std::byte* next_ = nullptr;
  std::size_t left_ = 0;
  std::size_t size_ = 0; ///< of the last piece
};

} // namespace cancelscope::inspector
