// Two tasks share a result; each looks whether the other took it, and takes it a moment later.
#include "samples/faulty/faulty.hpp"

namespace cancelscope::samples {

namespace {

task<int> work() {
  co_return 7;
}

struct shared_result {
  join_handle<int> running;
  bool is_taken = false;
};

task<void> take(shared_result& of) {
  const outcome<int> taken = co_await of.running.join();
  if (!taken) co_await fail(std::string{taken.message()});
}

bool is_taken(const shared_result& of) {
  touches(&of.is_taken, access::reads);
  return of.is_taken;
}
void mark_taken(shared_result& of) {
  touches(&of.is_taken);
  of.is_taken = true;
}

task<void> use_wrong(shared_result& of, int pauses) {
  for (int i = 0; i < pauses; ++i)
    co_await yield();
  if (is_taken(of)) co_return;
  co_await yield(); // the other looks, too
  mark_taken(of);
  co_await take(of);
}

task<void> use_right(shared_result& of, int pauses) {
  for (int i = 0; i < pauses; ++i)
    co_await yield();
  if (is_taken(of)) co_return;
  mark_taken(of);
  co_await yield();
  co_await take(of);
}

task<void> share(region owner, task<void> (*use)(shared_result&, int)) {
  shared_result result{owner.spawn("work", work())};
  const auto both = [&](region r) -> task<void> {
    const auto first = r.spawn("first", use(result, 0));
    const auto second = r.spawn("second", use(result, 2));
    co_await value_of(first.join());
    co_await value_of(second.join());
  };
  co_await value_of(with_region("share", both));
}

} // namespace

faulty_program double_join() {
  return {.name = "double-join",
          .shows = "two tasks join a third; one is refused",
          .breaks = "program",
          .wrong = [](region r) { return share(r, use_wrong); },
          .right = [](region r) { return share(r, use_right); }};
}

} // namespace cancelscope::samples
