// What must not compile. Built once as it is, where every case stands in its right form, and once with MISUSE, where
// the compiler must refuse each case for its own reason (misuse_test.py tells them apart by their numbers here).
#include "runtime/cancelscope.hpp"

using namespace cancelscope;
using namespace std::chrono_literals;

task<int> answer() {
  co_await sleep(1ms);
  co_return 42;
}
task<> use(int) {
  co_return;
}

// 1: a handle of one kind where another is meant
void close_something(kernel& k, region_handle region, task_handle task) {
#ifdef MISUSE
  static_cast<void>(k.close(task));
#else
  static_cast<void>(k.close(region));
#endif
  static_cast<void>(task);
}

// 2: waiting for something that knows nothing of cancellation
task<> wait_for_something() {
#ifdef MISUSE
  co_await std::suspend_always{};
#else
  co_await yield();
#endif
}

// 3: running one task twice
task<> run_twice(region r) {
  task<int> once = answer();
#ifdef MISUSE
  static_cast<void>(r.spawn("first", once));
#else
  static_cast<void>(r.spawn("first", std::move(once)));
#endif
  co_return;
}

// 4: taking an outcome for a value, as if nothing could have gone wrong
task<> trust() {
#ifdef MISUSE
  const int n = co_await timeout("answer", 1ms, answer());
#else
  const int n = co_await value_of(timeout("answer", 1ms, answer()));
#endif
  co_await use(n);
}

// 5: sending a second value through a oneshot
void send_twice(oneshot_sender<int> reply) {
#ifdef MISUSE
  reply.send(1);
#else
  static_cast<void>(std::move(reply).send(1));
#endif
}

// 6: sending to a reserved place twice
void commit_twice(reserved_place<int> place) {
#ifdef MISUSE
  place.send(1);
#else
  std::move(place).send(1);
#endif
}

// 7: having one permit twice
task<> double_permit(semaphore& s) {
  permit held = co_await s.acquire();
#ifdef MISUSE
  const permit copy = held;
#else
  const permit moved = std::move(held);
#endif
}

// 8: a contest between values of different kinds
task<> compare() {
#ifdef MISUSE
  static_cast<void>(co_await race(answer(), use(1)));
#else
  static_cast<void>(co_await race(answer(), answer()));
#endif
}

// 9: leaving an obligation to nobody
void forget_obligation(region r) {
#ifdef MISUSE
  r.reserve(obligation_kind::lease, "lamp");
#else
  const obligation kept = r.reserve(obligation_kind::lease, "lamp");
#endif
}

// 10: calling a task and neither awaiting nor spawning it
task<> call_without_await() {
#ifdef MISUSE
  answer();
#else
  co_await answer();
#endif
  co_return;
}

// 11: touching what a mutex guards without its lock
task<> touch(mutex<int>& guarded) {
#ifdef MISUSE
  *guarded = 1;
#else
  *co_await guarded.lock() = 1;
#endif
  co_return;
}

// 12: a body of a scope that is no task
task<> open_scope() {
#ifdef MISUSE
  static_cast<void>(co_await with_region("inner", [](region) { return 7; }));
#else
  static_cast<void>(co_await with_region("inner", [](region) -> task<int> { co_return 7; }));
#endif
}
