// io_thread: as current_thread, and its tasks can wait for sockets and signals. When none of them is ready it waits for
// whatever comes first: the next timer, the next deadline, something from outside.
//
// On a virtual clock time passes as soon as nothing has come from outside at the moment it is; no test has to wait for a
// deadline then.
//
// Threading: as current_thread.
// Failure:   as run_loop, where nothing can ever happen again only when nothing from outside is waited for; and as
//            reactor.
//
//     real_clock clock;
//     io_thread runtime{clock, {.name = "server", .sink = &recorder}};
//     outcome<void> served = runtime.run("server", [&](region r) { return serve(runtime.io(), r); });
#pragma once

#include "runtime/executor/current_thread.hpp"
#include "runtime/io/reactor.hpp"

namespace cancelscope {

namespace detail {

/// Constructed before the threads that knock at it, and gone after them.
struct with_reactor {
  reactor outside;
};

} // namespace detail

class io_thread final : private detail::with_reactor, public current_thread {
public:
  explicit io_thread(executor_clock& clock, const runtime_settings& settings = {})
      : current_thread(clock, settings, [this] { outside.knock(); }) {}

  /// What its sockets are opened on.
  [[nodiscard]] reactor& io() noexcept { return outside; }

private:
  [[nodiscard]] bool is_awaiting_outside() const noexcept override;
  void look_outside() override;
  bool wait_outside(std::optional<std::chrono::nanoseconds> at_most) override;
};

} // namespace cancelscope
