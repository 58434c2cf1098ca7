// The floor: the least that could do what the runtime does, written by hand for the benchmarks alone. Slots of 64
// bytes with generations and a free list, lists through them, coroutine frames from a free list, one ready queue. No
// attribution, no budgets, no outcomes but a number, no trace, nothing checked twice.
//
// Threading: one thread. Failure: none; it is fed what it can digest.
#pragma once

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <utility>
#include <vector>

namespace cancelscope::bench {

/// Coroutine frames of one size, reused last-in-first-out.
class frame_pool {
public:
  static void* take(std::size_t size) {
    if (void* const frame = free_) {
      free_ = *static_cast<void**>(frame);
      return frame;
    }
    return std::malloc(size < frame_bytes ? frame_bytes : size);
  }
  static void give_back(void* frame) {
    *static_cast<void**>(frame) = free_;
    free_ = frame;
  }

private:
  static constexpr std::size_t frame_bytes = 256;
  static inline void* free_ = nullptr;
};

struct floor_task {
  struct promise_type {
    std::uint32_t slot = 0;
    int value = 0;

    static void* operator new(std::size_t size) { return frame_pool::take(size); }
    static void operator delete(void* frame, std::size_t) { frame_pool::give_back(frame); }
    floor_task get_return_object() {
      return {std::coroutine_handle<promise_type>::from_promise(*this)};
    }
    [[nodiscard]] std::suspend_always initial_suspend() const noexcept { return {}; }
    [[nodiscard]] std::suspend_always final_suspend() const noexcept { return {}; }
    void return_value(int v) noexcept { value = v; }
    void unhandled_exception() noexcept { std::terminate(); }
  };
  std::coroutine_handle<promise_type> body;
};

struct floor_handle {
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;
};

class floor_kernel {
public:
  static constexpr std::uint32_t none = ~std::uint32_t{0};

  explicit floor_kernel(std::uint32_t slots) : slots_(slots) {
    for (std::uint32_t i = slots; i-- > 0;)
      release(i);
  }

  floor_handle open(std::uint32_t parent) { return enter(parent, {}); }
  bool close(floor_handle region) {
    slot* const s = find(region);
    if (s == nullptr) return false;
    while (s->first_child != none)
      static_cast<void>(finish(s->first_child));
    leave(region.slot, *s);
    return true;
  }

  floor_handle spawn(std::uint32_t region, floor_task task) {
    const floor_handle h = enter(region, task.body);
    task.body.promise().slot = h.slot;
    ready(h.slot);
    return h;
  }
  void cancel(floor_handle task) {
    slot* const s = find(task);
    if (s == nullptr) return;
    s->cancelled = true;
    if (!s->queued) ready(task.slot);
  }
  void cancel_all(floor_handle region) {
    slot* const s = find(region);
    if (s == nullptr) return;
    for (std::uint32_t at = s->first_child; at != none; at = slots_[at].next)
      cancel({at, slots_[at].generation});
  }
  /// Runs everybody who is ready.
  void run() {
    for (std::size_t i = 0; i < ready_.size(); ++i) {
      slot& s = slots_[ready_[i]];
      s.queued = false;
      if (!s.body.done()) s.body.resume();
    }
    ready_.clear();
  }
  int join(floor_handle task) { return find(task) == nullptr ? 0 : finish(task.slot); }

  void ready(std::uint32_t at) {
    slots_[at].queued = true;
    ready_.push_back(at);
  }
  [[nodiscard]] bool cancelled(std::uint32_t at) const { return slots_[at].cancelled; }

private:
  struct alignas(64) slot {
    std::coroutine_handle<floor_task::promise_type> body{};
    std::uint32_t generation = 0;
    std::uint32_t next_free = none;
    std::uint32_t parent = none;
    std::uint32_t first_child = none;
    std::uint32_t next = none;
    std::uint32_t previous = none;
    bool live = false;
    bool cancelled = false;
    bool queued = false;
  };
  static_assert(sizeof(slot) == 64);

  slot* find(floor_handle h) {
    slot& s = slots_[h.slot];
    return s.live && s.generation == h.generation ? &s : nullptr;
  }
  floor_handle enter(std::uint32_t parent, std::coroutine_handle<floor_task::promise_type> body) {
    const std::uint32_t at = free_;
    slot& s = slots_[at];
    free_ = s.next_free;
    s.live = true;
    s.cancelled = false;
    s.body = body;
    s.parent = parent;
    s.first_child = none;
    s.previous = none;
    if (parent != none) {
      slot& p = slots_[parent];
      s.next = p.first_child;
      if (s.next != none) slots_[s.next].previous = at;
      p.first_child = at;
    }
    return {at, s.generation};
  }
  void leave(std::uint32_t at, slot& s) {
    if (s.previous != none)
      slots_[s.previous].next = s.next;
    else if (s.parent != none)
      slots_[s.parent].first_child = s.next;
    if (s.next != none) slots_[s.next].previous = s.previous;
    release(at);
  }
  int finish(std::uint32_t at) {
    slot& s = slots_[at];
    const int value = s.body.promise().value;
    s.body.destroy();
    leave(at, s);
    return value;
  }
  void release(std::uint32_t at) {
    slot& s = slots_[at];
    s.live = false;
    ++s.generation;
    s.next_free = free_;
    free_ = at;
  }

  std::vector<slot> slots_;
  std::vector<std::uint32_t> ready_;
  std::uint32_t free_ = none;
};

/// Waits to be cancelled, and ends.
struct floor_park {
  [[nodiscard]] bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<>) const noexcept {}
  void await_resume() const noexcept {}
};

/// A ring that two of them send numbers through.
struct floor_channel {
  static constexpr std::uint64_t places = 64;
  std::uint64_t values[places] = {};
  std::uint64_t sent = 0;
  std::uint64_t received = 0;
};

} // namespace cancelscope::bench
