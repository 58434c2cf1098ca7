#include "runtime/executor/helper_threads.hpp"

#include <utility>

namespace cancelscope {

void errand_queue::push(errand& last) noexcept {
  last.next = nullptr;
  (first_ != nullptr ? last_->next : first_) = &last;
  last_ = &last;
}

errand* errand_queue::pop() noexcept {
  return first_ == nullptr ? nullptr : std::exchange(first_, first_->next);
}

helper_threads::~helper_threads() {
  {
    const std::lock_guard mine{lock_};
    ending_ = true;
    wanted_.notify_all();
  }
  for (std::thread& each : threads_)
    each.join();
}

void helper_threads::run(errand& e) {
  const std::lock_guard mine{lock_};
  if (spare_ > 0)
    --spare_;
  else
    threads_.emplace_back([this] { work(); });
  to_run_.push(e);
  ++busy_;
  wanted_.notify_one();
}

bool helper_threads::take_in() noexcept {
  errand_queue returned;
  {
    const std::lock_guard mine{lock_};
    std::swap(returned, inbox_);
  }
  const bool some = !returned.is_empty();
  while (errand* const one = returned.pop()) {
    --busy_;
    one->returned();
  }
  return some;
}

bool helper_threads::wait(std::optional<std::chrono::nanoseconds> at_most) {
  {
    std::unique_lock mine{lock_};
    const auto is_there = [this] { return !inbox_.is_empty(); };
    if (at_most)
      came_.wait_for(mine, *at_most, is_there);
    else
      came_.wait(mine, is_there);
  }
  return take_in();
}

void helper_threads::work() {
  std::unique_lock mine{lock_};
  for (;;) {
    wanted_.wait(mine, [this] { return ending_ || !to_run_.is_empty(); });
    errand* const next = to_run_.pop();
    if (next == nullptr) return;
    mine.unlock();
    next->run();
    mine.lock();
    inbox_.push(*next);
    ++spare_;
    came_.notify_one();
    if (!knock_) continue;
    mine.unlock();
    knock_();
    mine.lock();
  }
}

} // namespace cancelscope
