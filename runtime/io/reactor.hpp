// reactor: where tasks wait for what comes from outside the program: sockets and signals.
//
// An executor that has one looks at it between polls, and waits in it when nothing else is left to do. Sockets and
// signals are opened on a reactor and keep what they need of it alive.
//
// Threading: that of its executor, but for `knock`.
// Failure:   std::system_error from the constructor, when the system has no descriptors left.
//
//     auto listening = tcp_listener::listen(runtime.io(), "127.0.0.1", 8080);
#pragma once

#include <chrono>
#include <memory>
#include <optional>

namespace cancelscope {

namespace detail {
struct reactor_state;
} // namespace detail

class reactor {
public:
  reactor();
  reactor(const reactor&) = delete;
  reactor& operator=(const reactor&) = delete;
  ~reactor();

  /// Something is waited for here; without it waiting would never end.
  [[nodiscard]] bool is_watching() const noexcept;
  /// Waits until something that was waited for is there, for so long at most, and wakes whoever waited. False: nothing was.
  bool wait(std::optional<std::chrono::nanoseconds> at_most = std::nullopt);
  /// Wakes whoever waited for what is there by now.
  void look();
  /// From any thread: ends a `wait`, or the next.
  void knock();

  /// For what is opened on it.
  [[nodiscard]] const std::shared_ptr<detail::reactor_state>& state() const noexcept {
    return state_;
  }

private:
  std::shared_ptr<detail::reactor_state> state_;
};

} // namespace cancelscope
