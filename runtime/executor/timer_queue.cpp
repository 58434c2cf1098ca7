#include "runtime/executor/timer_queue.hpp"

#include <algorithm>

namespace cancelscope {

void timer_queue::start(timer& t, time_ns at) {
  stop(t);
  t.at_ = at;
  t.order_ = started_++;
  heap_.push_back(&t);
  t.position_ = heap_.size() - 1;
  sift_up(t.position_);
}

void timer_queue::stop(timer& t) noexcept {
  if (t.position_ == timer::not_queued) return;
  const std::size_t hole = t.position_;
  t.position_ = timer::not_queued;
  timer* const last = heap_.back();
  heap_.pop_back();
  if (last == &t) return;
  place(hole, *last);
  sift_up(hole);
  sift_down(last->position_);
}

std::optional<time_ns> timer_queue::next() const {
  if (heap_.empty()) return std::nullopt;
  return heap_.front()->at_;
}

void timer_queue::find_due(time_ns now, std::vector<timer*>& found) const {
  const std::size_t first = found.size();
  const auto add_due = [&](std::size_t position) {
    if (position < heap_.size() && heap_[position]->at_ <= now) found.push_back(heap_[position]);
  };
  add_due(0);
  for (std::size_t at = first; at < found.size(); ++at) { // below one that is not due none is
    const std::size_t below = found[at]->position_ * 2 + 1;
    add_due(below);
    add_due(below + 1);
  }
  std::sort(found.begin() + static_cast<std::ptrdiff_t>(first), found.end(),
            [](const timer* a, const timer* b) { return earlier(*a, *b); });
}

bool timer_queue::earlier(const timer& a, const timer& b) {
  return a.at_ != b.at_ ? a.at_ < b.at_ : a.order_ < b.order_;
}

void timer_queue::place(std::size_t position, timer& t) noexcept {
  heap_[position] = &t;
  t.position_ = position;
}

void timer_queue::sift_up(std::size_t position) noexcept {
  timer& moving = *heap_[position];
  while (position > 0) {
    const std::size_t above = (position - 1) / 2;
    if (!earlier(moving, *heap_[above])) break;
    place(position, *heap_[above]);
    position = above;
  }
  place(position, moving);
}

void timer_queue::sift_down(std::size_t position) noexcept {
  timer& moving = *heap_[position];
  while (true) {
    std::size_t below = position * 2 + 1;
    if (below >= heap_.size()) break;
    if (below + 1 < heap_.size() && earlier(*heap_[below + 1], *heap_[below])) ++below;
    if (!earlier(*heap_[below], moving)) break;
    place(position, *heap_[below]);
    position = below;
  }
  place(position, moving);
}

} // namespace cancelscope
