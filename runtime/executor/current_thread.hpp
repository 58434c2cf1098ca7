// current_thread: runs everything on the thread that calls `run`, one task at a time: of those of the
// highest priority that are ready, the one that has been ready longest.
//
// On a virtual clock the same program with the same input always writes the same trace.
//
// Threading: the thread that calls `run`; no other may touch anything of it.
// Failure:   as run_loop: when nothing can ever happen again it says so and shuts down.
//
//     real_clock clock;
//     current_thread runtime{clock, {.name = "checkout", .sink = &recorder}};
//     outcome<int> served = runtime.run("checkout", [&](region r) -> task<int> { ... });
#pragma once

#include "runtime/executor/ready_queue.hpp"
#include "runtime/executor/run_loop.hpp"
#include "runtime/executor/waits.hpp"

namespace cancelscope {

class current_thread final : public run_loop {
public:
  explicit current_thread(executor_clock& clock, const runtime_settings& settings = {})
      : run_loop(clock, settings) {}
  ~current_thread();

private:
  void make_ready(job& j) noexcept override;
  void run_until_closed(region_handle root) override;

  ready_queue ready_;
};

} // namespace cancelscope
