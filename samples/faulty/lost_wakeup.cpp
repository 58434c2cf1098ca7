// Looks whether the gate is open, does something else, and only then waits for it to open.
#include "samples/faulty/condition.hpp"
#include "samples/faulty/faulty.hpp"

namespace cancelscope::samples {

namespace {

struct gate {
  bool is_open = false;
  condition opened{};
};

bool look(const gate& at) {
  touches(&at.is_open, access::reads);
  return at.is_open;
}

task<void> open(gate& g) {
  co_await yield();
  touches(&g.is_open);
  g.is_open = true;
  g.opened.notify_all();
}

task<void> pass_wrong(gate& g) {
  if (look(g)) co_return;
  co_await yield();         // meanwhile the gate may open,
  co_await g.opened.wait(); // and then nobody opens it again
}

task<void> pass_right(gate& g) {
  co_await yield();
  while (!look(g))
    co_await g.opened.wait();
}

task<void> meet(task<void> (*pass)(gate&)) {
  gate g;
  const auto both = [&](region r) -> task<void> {
    const auto passing = r.spawn("pass", pass(g));
    const auto opening = r.spawn("open", open(g));
    co_await value_of(passing.join());
    co_await value_of(opening.join());
  };
  co_await value_of(with_region("gate", both));
}

} // namespace

faulty_program lost_wakeup() {
  return {.name = "lost-wakeup",
          .shows = "a task looks, and then waits for what has happened in between",
          .breaks = "progress",
          .wrong = [](region) { return meet(pass_wrong); },
          .right = [](region) { return meet(pass_right); }};
}

} // namespace cancelscope::samples
