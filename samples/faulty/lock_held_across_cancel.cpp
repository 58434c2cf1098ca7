// A lock that is given back by a line of code, and a task that is cancelled before it comes to that line.
#include "samples/faulty/condition.hpp"
#include "samples/faulty/faulty.hpp"

namespace cancelscope::samples {

namespace {

class hand_made_lock {
public:
  task<void> acquire() {
    touches(&held_);
    while (held_)
      co_await given_back_.wait();
    touches(&held_);
    held_ = true;
  }
  void give_back() noexcept {
    touches(&held_);
    held_ = false;
    given_back_.notify_all();
  }

private:
  bool held_ = false;
  condition given_back_;
};

class gives_back {
public:
  explicit gives_back(hand_made_lock& held) : held_(held) {}
  gives_back(const gives_back&) = delete;
  gives_back& operator=(const gives_back&) = delete;
  ~gives_back() { held_.give_back(); }

private:
  hand_made_lock& held_;
};

task<void> write_wrong(hand_made_lock& lock) {
  co_await lock.acquire();
  co_await yield(); // cancelled here, it holds the lock for ever
  lock.give_back();
}

task<void> write_right(hand_made_lock& lock) {
  co_await lock.acquire();
  const gives_back held{lock};
  co_await yield();
}

task<void> give_up_on(const join_handle<void>& writing) {
  co_await yield();
  writing.cancel("too slow");
}

task<void> keep_book(task<void> (*write)(hand_made_lock&)) {
  hand_made_lock lock;
  const auto writers = [&](region r) -> task<void> {
    const auto first = r.spawn("first writer", write(lock));
    const auto second = r.spawn("second writer", write(lock));
    const auto impatient = r.spawn("impatient", give_up_on(first));
    static_cast<void>(co_await impatient.join());
    static_cast<void>(co_await first.join());
    static_cast<void>(co_await second.join());
  };
  co_await value_of(with_region("book", writers));
}

} // namespace

faulty_program lock_held_across_cancel() {
  return {.name = "lock-held-across-cancel",
          .shows = "a task is cancelled while it holds a lock that only its next line gives back",
          .breaks = "progress",
          .wrong = [](region) { return keep_book(write_wrong); },
          .right = [](region) { return keep_book(write_right); }};
}

} // namespace cancelscope::samples
