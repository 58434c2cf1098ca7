// js_turns: turns of JavaScript's event loop, in a page, a Worker or node, asked for one at a time. Only with Emscripten.
//
// A turn that was asked for comes when the page has had its own: what it drew, clicks, other callbacks. It is a message
// through a MessageChannel, because browsers hold back what asks by setTimeout again and again; in node, which takes a
// thousand messages at a time, it is setImmediate. With nothing asked for, nothing stands with JavaScript.
//
// Threading: the one there is. Failure: none.
#pragma once

#include <chrono>
#include <optional>

namespace cancelscope {

class js_turns {
public:
  /// Who takes the turns.
  class taker {
  public:
    virtual void take_turn() noexcept = 0;

  protected:
    ~taker() = default;
  };

  explicit js_turns(taker& by);
  js_turns(const js_turns&) = delete;
  js_turns& operator=(const js_turns&) = delete;
  /// No turn comes any more.
  ~js_turns();

  /// A turn, as soon as may be; one, however often it is asked for.
  void ask() noexcept;
  /// A turn at that time from now, instead of the time asked for before; none: at no time.
  void ask_after(std::optional<std::chrono::nanoseconds> pause) noexcept;

private:
  taker& by_;
  bool has_timer_ = false;
};

} // namespace cancelscope
