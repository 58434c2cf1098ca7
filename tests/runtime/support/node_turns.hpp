// Waiting for turns of node's event loop from within a test: the test program is linked so that it can be left there and
// come back to (Asyncify).
#pragma once

#include "runtime/executor/event_loop.hpp"

#include <emscripten.h>

namespace cancelscope::tests {

// clang-format off
/// Comes back when everything has had a turn that asked for one before.
EM_ASYNC_JS(void, wait_for_a_turn, (), { await new Promise((turn) => setTimeout(() => setImmediate(turn))); });
// clang-format on

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
