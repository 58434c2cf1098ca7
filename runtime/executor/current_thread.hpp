// current_thread: runs everything on the thread that calls `run`, one task at a time: of those of the
// highest priority that are ready, the one that has been ready longest.
//
// On a virtual clock the same program with the same input always writes the same trace, unless it offloads: what another
// thread does takes its own time.
//
// Threading: the thread that calls `run`; no other may touch anything of it. Offloaded functions run on helper threads.
// Failure:   as run_loop: when nothing can ever happen again it says so and shuts down.
//
//     real_clock clock;
//     current_thread runtime{clock, {.name = "checkout", .sink = &recorder}};
//     outcome<int> served = runtime.run("checkout", [&](region r) -> task<int> { ... });
#pragma once

#include "runtime/executor/helper_threads.hpp"
#include "runtime/executor/ready_queue.hpp"
#include "runtime/executor/run_loop.hpp"
#include "runtime/executor/waits.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <utility>

namespace cancelscope {

class current_thread : public run_loop {
public:
  explicit current_thread(executor_clock& clock, const runtime_settings& settings = {})
      : current_thread(clock, settings, {}) {}
  virtual ~current_thread() = default;

protected:
  /// `knock` is called on a helper thread when it has something for this one.
  current_thread(executor_clock& clock, const runtime_settings& settings,
                 std::function<void()> knock)
      : run_loop(clock, settings), helpers_(std::move(knock)) {}

  [[nodiscard]] helper_threads* helpers() noexcept final { return &helpers_; }

  // ---- What wakes tasks besides time; of this thread alone: the helpers ----
  /// Without it waiting would never end.
  [[nodiscard]] virtual bool is_awaiting_outside() const noexcept { return helpers_.are_busy(); }
  /// Wakes whoever waited for what is there by now.
  virtual void look_outside() { helpers_.take_in(); }
  /// Waits until something is there, for so long at most, and wakes whoever waited for it. False: nothing was.
  virtual bool wait_outside(std::optional<std::chrono::nanoseconds> at_most) {
    return helpers_.wait(at_most);
  }

private:
  void make_ready(job& j) noexcept final;
  void run_until_closed(region_handle root) final;
  bool wait();

  ready_queue ready_;
  helper_threads helpers_;
};

} // namespace cancelscope
