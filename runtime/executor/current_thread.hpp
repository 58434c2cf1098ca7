// current_thread: runs everything on the thread that calls `run`, one task at a time, in the order
// in which they became ready.
//
// The clock is read once a poll: whatever a task does in one poll happens, in the trace, when the
// poll began. On a virtual clock the same program with the same input always writes the same trace.
//
// Threading: the thread that calls `run`; no other may touch anything of it.
// Failure:   when every task is parked and no timer is left, nothing can ever happen again: it says
//            so (`violation`), requests a shutdown, and stops by force what does not end then.
//
//     real_clock clock;
//     current_thread runtime{clock, {.name = "checkout", .sink = &recorder}};
//     outcome<int> served = runtime.run("checkout", [&](region r) -> task<int> { ... });
#pragma once

#include "runtime/executor/clocks.hpp"
#include "runtime/executor/scope.hpp"
#include "runtime/executor/waits.hpp"

namespace cancelscope {

struct runtime_settings {
  std::string_view name{};    ///< the program's, for the trace
  std::string_view version{}; ///< the program's
  std::string_view seed{};    ///< what the program's randomness was seeded with, when it was
  trace::sink* sink = nullptr;
  kernel_limits limits{};
};

class current_thread final : private executor {
public:
  explicit current_thread(executor_clock& clock, const runtime_settings& settings = {});
  ~current_thread();

  /// Opens a root region, runs `body(region)` in it, and returns when that region is closed.
  template <class Body>
    requires std::invocable<Body&, region>
  auto run(std::string_view name, const region_options& options, Body body,
           const std::source_location& where = std::source_location::current()) {
    root_scope<detail::body_value_t<Body>> root;
    if (root.open(*this, detail::spec_of(name, options, *this, where), body)) {
      run_until_closed(root.handle());
    }
    return root.take();
  }
  template <class Body>
    requires std::invocable<Body&, region>
  auto run(std::string_view name, Body body,
           const std::source_location& where = std::source_location::current()) {
    return run(name, region_options{}, std::move(body), where);
  }

  /// Requests the end of what is running, with kind `shutdown`; to be called from a task.
  void shutdown(std::string_view message,
                const std::source_location& where = std::source_location::current());

  [[nodiscard]] kernel& core() noexcept override { return kernel_; }

private:
  template <class Value> struct root_scope final : detail::scope<Value> {
    void closed() noexcept override {}
  };

  void make_ready(job& j) noexcept override;
  void start_timer(timer& t, time_ns at) override { timers_.start(t, at); }
  void stop_timer(timer& t) noexcept override { timers_.stop(t); }
  [[nodiscard]] time_ns now() const override { return clock_.now(); }
  [[nodiscard]] job* current() const noexcept override { return current_; }

  void run_until_closed(region_handle root);
  void poll(job& j);
  void keep_time();
  bool wait_for_time();
  void give_up(region_handle root);

  executor_clock& clock_;
  manual_clock poll_time_;
  kernel kernel_;
  timer_queue timers_;
  job* first_ready_ = nullptr;
  job* last_ready_ = nullptr;
  job* current_ = nullptr;
  region_handle root_{};
  int gave_up_ = 0; ///< how often nothing could happen any more
};

} // namespace cancelscope
