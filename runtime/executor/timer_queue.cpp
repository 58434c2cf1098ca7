#include "runtime/executor/timer_queue.hpp"

#include <algorithm>

namespace cancelscope {

void timer_queue::start(timer& t, time_ns at) {
  stop(t);
  t.order_ = started_++;
  heap_.push_back({at, t.order_, &t});
  sift_up(heap_.size() - 1);
}

void timer_queue::stop(timer& t) noexcept {
  if (t.position_ == timer::not_queued) return;
  heap_[t.position_].of = nullptr;
  t.position_ = timer::not_queued;
  ++stopped_;
  if (stopped_ >= fewest_swept && stopped_ > heap_.size() / 2) sweep();
}

std::optional<time_ns> timer_queue::next() {
  while (!heap_.empty() && heap_.front().of == nullptr)
    drop_first();
  if (heap_.empty()) return std::nullopt;
  return heap_.front().at;
}

void timer_queue::find_due(time_ns now, std::vector<timer*>& found) const {
  std::vector<place> due;
  const auto add_due = [&](auto&& add, std::size_t position) -> void {
    if (position >= heap_.size() || heap_[position].at > now) return; // and none below it is
    if (heap_[position].of != nullptr) due.push_back(heap_[position]);
    add(add, position * 2 + 1);
    add(add, position * 2 + 2);
  };
  add_due(add_due, 0);
  std::ranges::sort(due, std::less<>{});
  for (const place& each : due)
    found.push_back(each.of);
}

void timer_queue::fire_or_drop_first() {
  timer* const first = heap_.front().of;
  if (first != nullptr) first->position_ = timer::not_queued;
  stopped_ += first != nullptr; // until it is dropped
  drop_first();
  if (first != nullptr) first->fire();
}

void timer_queue::drop_first() noexcept {
  --stopped_;
  const place last = heap_.back();
  heap_.pop_back();
  if (heap_.empty()) return;
  put(0, last);
  sift_down(0);
}

void timer_queue::sweep() noexcept {
  std::erase_if(heap_, [](const place& each) { return each.of == nullptr; });
  stopped_ = 0;
  std::ranges::make_heap(heap_, [](const place& a, const place& b) { return b < a; });
  for (std::size_t position = 0; position < heap_.size(); ++position)
    heap_[position].of->position_ = position;
}

void timer_queue::put(std::size_t position, const place& moved) noexcept {
  heap_[position] = moved;
  if (moved.of != nullptr) moved.of->position_ = position;
}

void timer_queue::sift_up(std::size_t position) noexcept {
  const place moving = heap_[position];
  while (position > 0) {
    const std::size_t above = (position - 1) / 2;
    if (!(moving < heap_[above])) break;
    put(position, heap_[above]);
    position = above;
  }
  put(position, moving);
}

void timer_queue::sift_down(std::size_t position) noexcept {
  const place moving = heap_[position];
  while (true) {
    std::size_t below = position * 2 + 1;
    if (below >= heap_.size()) break;
    if (below + 1 < heap_.size() && heap_[below + 1] < heap_[below]) ++below;
    if (!(heap_[below] < moving)) break;
    put(position, heap_[below]);
    position = below;
  }
  put(position, moving);
}

} // namespace cancelscope
