// JavaScript's event loop, as far as a test wants one: its turns come when the test asks for them.
//
// A test runs to its end before node's own loop turns. So what asks for turns is given a stand-in, which keeps the callbacks
// and calls them from within `wait_for_a_turn`, in the order and at the times at which node would. That the real ones call,
// too, in a page and in a Worker, is seen in tests/browser/event_loop.test.mjs.
#pragma once

#include "runtime/executor/event_loop.hpp"

#include <emscripten.h>

namespace cancelscope::tests {

// clang-format off
/// Puts the stand-in where the program looks for node's.
EM_JS(int, stand_in_for_node, (), {
  const kept = Module.standIn = { asked: new Map(), timers: new Map(), next: 1, rest: new Int32Array(new SharedArrayBuffer(4)) };
  globalThis.setImmediate = (run) => { const id = kept.next++; kept.asked.set(id, { id, run }); return id; };
  globalThis.clearImmediate = (id) => { kept.asked.delete(id); };
  globalThis.setTimeout = (run, ms) => {
    const id = kept.next++;
    kept.timers.set(id, { id, run, due: performance.now() + Math.max(1, ms || 0) });
    return id;
  };
  globalThis.clearTimeout = (id) => { kept.timers.delete(id); };
  return 1;
});
EM_JS(void, turn_of_the_stand_in, (), {
  const kept = Module.standIn;
  const now = performance.now();
  const due = [...kept.timers.values()].filter((each) => each.due <= now).sort((a, b) => a.due - b.due || a.id - b.id);
  for (const each of due) if (kept.timers.delete(each.id)) each.run();
  const asked = [...kept.asked.values()];
  for (const each of asked) if (kept.asked.delete(each.id)) each.run();
  if (due.length === 0 && asked.length === 0) Atomics.wait(kept.rest, 0, 0, 1); // until it is a little later
});
// clang-format on

inline const int stands_in = stand_in_for_node();

/// Comes back when everything has had a turn that asked for one before.
inline void wait_for_a_turn() {
  turn_of_the_stand_in();
}

/// An event loop that can be waited for, and is a host therefore: for programs that run on any.
class waited_for_event_loop final : public event_loop {
public:
  using event_loop::event_loop;

  host& as_host() noexcept { return *this; }

private:
  void run_until_closed(region_handle root) override {
    ask_for_turn();
    while (core().is_live(root))
      wait_for_a_turn();
  }
};

} // namespace cancelscope::tests
