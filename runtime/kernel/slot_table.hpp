// A table of records behind generation-counted handles, with a last-in-first-out free list.
//
// The same sequence of acquires and releases always gives the same slots. The generation rises when
// a slot is released, so an old handle is known as old from that moment on. A slot whose
// generations are used up is retired and never given out again. Records do not move while they
// live.
//
// Threading: none of its own; one owner at a time.
// Failure:   `find` answers nullptr for a handle that names no live record.
#pragma once

#include "runtime/kernel/handles.hpp"

#include <cstdlib>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>
#include <vector>

namespace cancelscope {

template <class Record, entity_kind Kind> class slot_table {
  static_assert(std::is_class_v<Record>, "a class says itself what is in a fresh one");

public:
  using handle_type = handle<Kind>;

  explicit slot_table(std::uint32_t last_generation = widest_generation)
      : last_generation_(last_generation < widest_generation ? last_generation
                                                             : widest_generation) {}

  /// A fresh record in the slot released last, or in a new slot when none is free.
  std::pair<handle_type, Record*> acquire() {
    if (first_free_ == none) add_slot();
    const std::uint32_t index = first_free_;
    slot& s = at(index);
    first_free_ = s.next_free;
    const handle_type tenant{index, s.generation};
    s.tenant = bits_of(tenant);
    ++live_;
    return {tenant, &s.record};
  }

  [[nodiscard]] Record* find(handle_type h) noexcept {
    if (h.slot() >= size_) return nullptr;
    slot& s = at(h.slot());
    return s.tenant == bits_of(h) ? &s.record : nullptr;
  }
  [[nodiscard]] const Record* find(handle_type h) const noexcept {
    return const_cast<slot_table*>(this)->find(h);
  }

  /// The record of a handle that is known to be live; anything else is a broken invariant.
  [[nodiscard]] Record& get(handle_type h) noexcept {
    Record* record = find(h);
    if (record == nullptr) std::abort();
    return *record;
  }
  [[nodiscard]] const Record& get(handle_type h) const noexcept {
    return const_cast<slot_table*>(this)->get(h);
  }

  void release(handle_type h) {
    slot& s = at(h.slot());
    if (s.tenant != bits_of(h)) std::abort();
    std::destroy_at(&s.record);
    ::new (static_cast<void*>(&s.record)) Record; // with braces it would be filled with zeros first
    s.tenant = nobody;
    --live_;
    if (s.generation == last_generation_) {
      ++retired_;
      return;
    }
    ++s.generation;
    s.next_free = first_free_;
    first_free_ = h.slot();
  }

  /// The slot's generation now: its tenant's, or the next tenant's when it is free; 0 when there is
  /// no such slot.
  [[nodiscard]] std::uint32_t generation_at(std::uint32_t index) const noexcept {
    return index < size_ ? at(index).generation : 0;
  }
  [[nodiscard]] bool live_at(std::uint32_t index) const noexcept {
    return index < size_ && at(index).tenant != nobody;
  }

  [[nodiscard]] std::size_t live() const noexcept { return live_; }
  [[nodiscard]] std::size_t slots() const noexcept { return size_; }
  [[nodiscard]] std::size_t retired() const noexcept { return retired_; }

private:
  static constexpr std::uint32_t none = ~std::uint32_t{0};
  static constexpr std::uint32_t chunk_bits = 8;
  static constexpr std::uint32_t chunk_size = 1U << chunk_bits;

  static constexpr std::uint64_t nobody = ~std::uint64_t{0}; ///< the bits of no handle

  struct slot {
    std::uint64_t tenant = nobody; ///< the bits of the handle that names the record
    std::uint32_t generation = 1;
    std::uint32_t next_free = none;
    Record record;
  };

  static constexpr std::uint64_t bits_of(handle_type h) noexcept { return any_handle{h}.bits(); }

  slot& at(std::uint32_t index) const noexcept {
    return chunks_[index >> chunk_bits][index & (chunk_size - 1)];
  }

  void add_slot() {
    if ((size_ & (chunk_size - 1)) == 0) chunks_.push_back(std::make_unique<slot[]>(chunk_size));
    at(size_).next_free = none;
    first_free_ = size_++;
  }

  std::vector<std::unique_ptr<slot[]>> chunks_;
  std::uint32_t size_ = 0;
  std::uint32_t first_free_ = none;
  std::uint32_t last_generation_;
  std::size_t live_ = 0;
  std::size_t retired_ = 0;
};

} // namespace cancelscope
