// Memory for coroutine frames, jobs and cancellations, which come and go by the thousand: blocks of a few sizes,
// reused last-in-first-out by the thread that gave them back.
//
// Under AddressSanitizer nothing is reused, so that it sees what is used after its end.
//
// Ownership: a thread keeps at most `most_kept` blocks of each size, and frees them when it ends.
// Threading: each thread has its own; a block may be given back on another thread than it was taken.
// Failure:   std::bad_alloc, as operator new.
//
//     static void* operator new(std::size_t size) { return detail::block_pool::take(size); }
//     static void operator delete(void* memory, std::size_t size) noexcept {
//       detail::block_pool::give_back(memory, size);
//     }
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>

namespace cancelscope::detail {

#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool reuses_frames = false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
inline constexpr bool reuses_frames = false;
#else
inline constexpr bool reuses_frames = true;
#endif
#else
inline constexpr bool reuses_frames = true;
#endif

class block_pool {
public:
  static void* take(std::size_t size) {
    const std::size_t at = (size - 1) / step;
    if (!reuses_frames || at >= sizes) return ::operator new(size);
    list& from = lists_[at];
    if (from.first == nullptr) return fresh(at);
    block* const taken = from.first;
    from.first = taken->next;
    --from.kept;
    return taken;
  }
  static void give_back(void* memory, std::size_t size) noexcept {
    const std::size_t at = (size - 1) / step;
    if (!reuses_frames || at >= sizes || lists_[at].kept >= most_kept || over_) {
      ::operator delete(memory);
      return;
    }
    list& to = lists_[at];
    if (to.first == nullptr) free_at_thread_end();
    to.first = ::new (memory) block{to.first};
    ++to.kept;
  }

private:
  static constexpr std::size_t step = 64;
  static constexpr std::size_t sizes = 16; ///< up to 1 KiB; what is larger is not worth keeping
  static constexpr std::uint32_t most_kept = 16384;

  struct block {
    block* next = nullptr;
  };
  struct list {
    block* first = nullptr;
    std::uint32_t kept = 0;
  };
  struct at_thread_end;

  static void* fresh(std::size_t at);
  static void free_at_thread_end();

  static thread_local constinit list lists_[sizes];
  static thread_local constinit bool over_; ///< the thread is ending: nothing is kept any more
};

/// The pool for what the library allocates, one at a time. What takes no arguments is not filled with zeros first.
template <class Value> struct block_allocator {
  using value_type = Value;

  block_allocator() = default;
  template <class Other> constexpr block_allocator(const block_allocator<Other>&) noexcept {}

  Value* allocate(std::size_t count) {
    return static_cast<Value*>(block_pool::take(count * sizeof(Value)));
  }
  void deallocate(Value* memory, std::size_t count) noexcept {
    block_pool::give_back(memory, count * sizeof(Value));
  }
  template <class Constructed> void construct(Constructed* at) {
    ::new (static_cast<void*>(at)) Constructed;
  }
  template <class Other> bool operator==(const block_allocator<Other>&) const noexcept {
    return true;
  }
};

} // namespace cancelscope::detail
