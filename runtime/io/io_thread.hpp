// io_thread: as current_thread, and its tasks can wait for sockets and signals. When none of them is ready it waits for
// whatever comes first: the next timer, the next deadline, something from outside.
//
// On a virtual clock time passes as soon as nothing has come from outside at the moment it is; no test has to wait for a
// deadline then.
//
// Threading: the thread that calls `run`; no other may touch anything of it.
// Failure:   as run_loop, where nothing can ever happen again only when nothing from outside is waited for; and as
//            reactor.
//
//     real_clock clock;
//     io_thread runtime{clock, {.name = "server", .sink = &recorder}};
//     outcome<void> served = runtime.run("server", [&](region r) { return serve(runtime.io(), r); });
#pragma once

#include "runtime/executor/ready_queue.hpp"
#include "runtime/executor/run_loop.hpp"
#include "runtime/io/reactor.hpp"

namespace cancelscope {

class io_thread final : public run_loop {
public:
  explicit io_thread(executor_clock& clock, const runtime_settings& settings = {})
      : run_loop(clock, settings) {}
  ~io_thread();

  /// What its sockets are opened on.
  [[nodiscard]] reactor& io() noexcept { return reactor_; }

private:
  void make_ready(job& j) noexcept override;
  void run_until_closed(region_handle root) override;
  bool wait();

  reactor reactor_;
  ready_queue ready_;
};

} // namespace cancelscope
