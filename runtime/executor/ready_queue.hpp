// Those who are ready to run: the highest priority first, and of equals who has
// been ready longest. The queue holds a reference to each.
//
// Threading: that of the executor. Failure: none.
#pragma once

#include "runtime/executor/job.hpp"

#include <array>
#include <bit>
#include <cstdint>

namespace cancelscope {

class ready_queue {
public:
  ready_queue() = default;
  ready_queue(const ready_queue&) = delete;
  ready_queue& operator=(const ready_queue&) = delete;
  ~ready_queue() { // what was destroyed while it was queued is still there
    while (job* const left = pop())
      left->drop_reference();
  }

  /// A job stands in the queue once at most.
  void push(job& j) noexcept {
    j.add_reference();
    j.is_queued = true;
    j.next_ready = nullptr;
    line& at = lines_[j.priority()];
    (at.first != nullptr ? at.last->next_ready : at.first) = &j;
    at.last = &j;
    const std::size_t word = j.priority() / word_bits;
    occupied_[word] |= std::uint64_t{1} << (j.priority() % word_bits);
    words_ |= 1U << word;
  }

  /// The highest priority that somebody has; less than any when nobody is ready.
  [[nodiscard]] int highest() const noexcept {
    if (words_ == 0) return -1;
    const std::size_t word = highest_bit(words_);
    return static_cast<int>(word * word_bits + highest_bit(occupied_[word]));
  }

  /// Null when nobody is ready. Whoever takes a job drops the reference.
  job* pop() noexcept {
    if (words_ == 0) return nullptr;
    const std::size_t word = highest_bit(words_);
    const std::size_t bit = highest_bit(occupied_[word]);
    line& at = lines_[word * word_bits + bit];
    job& next = *at.first;
    at.first = next.next_ready;
    if (at.first == nullptr) {
      occupied_[word] &= ~(std::uint64_t{1} << bit);
      if (occupied_[word] == 0) words_ &= ~(1U << word);
    }
    next.is_queued = false;
    return &next;
  }

private:
  static constexpr std::size_t word_bits = 64;

  template <class Bits> static std::size_t highest_bit(Bits bits) noexcept {
    return static_cast<std::size_t>(std::bit_width(bits)) - 1;
  }

  struct line {
    job* first = nullptr;
    job* last = nullptr;
  };

  std::array<line, 256> lines_{};
  std::array<std::uint64_t, 4> occupied_{}; ///< a bit for each line that somebody stands in
  std::uint32_t words_ = 0;                 ///< a bit for each of these that is not zero
};

} // namespace cancelscope
