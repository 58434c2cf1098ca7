// A ring of variable-size records between one thread that writes and one that reads, without locks.
//
// A record is contiguous; where it does not fit before the ring's end, a zero stands there and the record goes to the
// start. A ring that is full refuses: it never waits.
//
// Threading: one producer (reserve, publish, used), one consumer at a time (drain).
// Failure:   no room is a null.
#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>

namespace cancelscope::trace {

class byte_ring {
public:
  /// Every record begins with its size in bytes as a uint32, a multiple of this.
  static constexpr std::size_t alignment = 8;

  /// The capacity is rounded up to a power of two.
  explicit byte_ring(std::size_t capacity)
      : capacity_(std::bit_ceil(capacity < alignment ? alignment : capacity)),
        bytes_(std::make_unique_for_overwrite<std::byte[]>(capacity_)) {}

  /// Producer: room for one record of that size, to be filled and published; null when there is none.
  std::byte* reserve(std::size_t size) noexcept {
    const std::size_t at = tail_ & (capacity_ - 1);
    const std::size_t before_end = capacity_ - at;
    const std::size_t skipped = size <= before_end ? 0 : before_end;
    if (tail_ + skipped + size - head_seen_ > capacity_) {
      head_seen_ = head_.load(std::memory_order_acquire);
      if (tail_ + skipped + size - head_seen_ > capacity_) return nullptr;
    }
    if (skipped == 0) return bytes_.get() + at;
    constexpr std::uint32_t nothing = 0;
    std::memcpy(bytes_.get() + at, &nothing, sizeof nothing);
    tail_ += skipped;
    return bytes_.get();
  }

  /// Producer: the record reserved last is whole.
  void publish(std::size_t size) noexcept {
    tail_ += size;
    published_.store(tail_, std::memory_order_release);
  }

  /// Producer: whether more than half is waiting to be drained.
  bool half_full() noexcept {
    if (tail_ - head_seen_ <= capacity_ / 2) return false;
    head_seen_ = head_.load(std::memory_order_acquire);
    return tail_ - head_seen_ > capacity_ / 2;
  }

  /// Consumer: calls `take(record, size)` for each record published so far, then frees them all.
  template <class Take> void drain(Take take) {
    std::size_t at = head_.load(std::memory_order_relaxed);
    const std::size_t end = published_.load(std::memory_order_acquire);
    while (at != end) {
      const std::byte* record = bytes_.get() + (at & (capacity_ - 1));
      std::uint32_t size = 0;
      std::memcpy(&size, record, sizeof size);
      if (size == 0) {
        at += capacity_ - (at & (capacity_ - 1));
        continue;
      }
      take(record, std::size_t{size});
      at += size;
    }
    head_.store(end, std::memory_order_release);
  }

private:
  // Positions only rise; a place in the ring is a position modulo the capacity. The two sides' own counters stand on
  // cache lines of their own, so that neither side slows the other down by writing beside it.
  static constexpr std::size_t cache_line = 64;

  const std::size_t capacity_;
  const std::unique_ptr<std::byte[]> bytes_;
  alignas(cache_line) std::size_t tail_ = 0; ///< producer: where the next record goes
  std::size_t head_seen_ = 0;                ///< producer: `head_` as last read
  std::atomic<std::size_t> published_ = 0;
  alignas(cache_line) std::atomic<std::size_t> head_ = 0;
};

} // namespace cancelscope::trace
