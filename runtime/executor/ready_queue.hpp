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
    occupied_[j.priority() / word_bits] |= std::uint64_t{1} << (j.priority() % word_bits);
  }

  /// The highest priority that somebody has; less than any when nobody is ready.
  [[nodiscard]] int highest() const noexcept {
    for (std::size_t word = occupied_.size(); word-- > 0;)
      if (occupied_[word] != 0)
        return static_cast<int>(word * word_bits + std::size_t(std::bit_width(occupied_[word]))) -
               1;
    return -1;
  }

  /// Null when nobody is ready. Whoever takes a job drops the reference.
  job* pop() noexcept {
    for (std::size_t word = occupied_.size(); word-- > 0;) {
      if (occupied_[word] == 0) continue;
      const auto bit = static_cast<std::size_t>(std::bit_width(occupied_[word])) - 1;
      line& at = lines_[word * word_bits + bit];
      job& next = *at.first;
      at.first = next.next_ready;
      if (at.first == nullptr) occupied_[word] &= ~(std::uint64_t{1} << bit);
      next.is_queued = false;
      return &next;
    }
    return nullptr;
  }

private:
  static constexpr std::size_t word_bits = 64;

  struct line {
    job* first = nullptr;
    job* last = nullptr;
  };

  std::array<line, 256> lines_{};
  std::array<std::uint64_t, 4> occupied_{};
};

} // namespace cancelscope
