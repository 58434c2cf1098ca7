#include "runtime/executor/js_turns.hpp"

#include <emscripten.h>

#include <algorithm>

extern "C" {

/// A turn that was asked for is here.
EMSCRIPTEN_KEEPALIVE void cancelscope_take_turn(cancelscope::js_turns::taker* by) {
  by->take_turn();
}
}

namespace {

// clang-format off
EM_JS(void, js_turns_open, (void* by), {
  const turns = { asked: false, timer: undefined };
  const take = () => {
    if (!turns.asked) return;
    turns.asked = false;
    _cancelscope_take_turn(by);
  };
  let post, close;
  if (typeof setImmediate === 'function') {
    let immediate;
    post = () => { immediate = setImmediate(take); };
    close = () => clearImmediate(immediate);
  } else {
    const channel = new MessageChannel();
    channel.port1.onmessage = take;
    post = () => channel.port2.postMessage(null);
    close = () => channel.port1.close();
  }
  turns.ask = () => {
    if (turns.asked) return;
    turns.asked = true;
    post();
  };
  turns.close = () => {
    turns.asked = false;
    clearTimeout(turns.timer);
    close();
  };
  (Module['cancelscopeTurns'] ||= new Map()).set(by, turns);
});
EM_JS(void, js_turns_close, (void* by), {
  Module['cancelscopeTurns'].get(by).close();
  Module['cancelscopeTurns'].delete(by);
});
EM_JS(void, js_turns_ask, (void* by), { Module['cancelscopeTurns'].get(by).ask(); });
EM_JS(void, js_turns_ask_after, (void* by, double ms), {
  // The timer only asks: timers that set timers are held back, too.
  const turns = Module['cancelscopeTurns'].get(by);
  clearTimeout(turns.timer);
  turns.timer = setTimeout(turns.ask, ms);
});
EM_JS(void, js_turns_stop_timer, (void* by), { clearTimeout(Module['cancelscopeTurns'].get(by).timer); });
// clang-format on

/// What setTimeout can count, 24 days; the turn that comes then asks for the rest.
constexpr std::chrono::duration<double, std::milli> longest_pause{2147483647};

} // namespace

namespace cancelscope {

js_turns::js_turns(taker& by) : by_(by) {
  js_turns_open(&by_);
}

js_turns::~js_turns() {
  js_turns_close(&by_);
}

void js_turns::ask() noexcept {
  js_turns_ask(&by_);
}

void js_turns::ask_after(std::optional<std::chrono::nanoseconds> pause) noexcept {
  if (pause)
    js_turns_ask_after(&by_, std::min<decltype(longest_pause)>(longest_pause, *pause).count());
  else if (has_timer_)
    js_turns_stop_timer(&by_);
  has_timer_ = pause.has_value();
}

} // namespace cancelscope
