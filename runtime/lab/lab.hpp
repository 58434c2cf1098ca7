// lab: the executor that repeats itself. Virtual time, and a scheduler that picks what happens next among all that
// could: the tasks that are ready, the timers and the deadlines that are due at one moment.
//
// The same program under the same picks writes the same trace, byte for byte. Everything else about it is as on any
// other executor, and a program cannot tell. Oracles watch each run; what they find broken stands in the trace as
// `violation` and in `broken()`.
//
// Time passes only when nothing can happen at the time it is: a step takes none, unless the program moves the clock.
//
// Threading: the thread that calls `run`.
// Failure:   as run_loop; and a program that takes more steps than it may is stopped by force, and said so.
//
//     seeded_scheduler picks{42};
//     lab runtime{picks, {.program = {.name = "checkout", .sink = &sink}}};
//     auto ended = runtime.run("checkout", [&](region r) -> task<int> { ... });
//
// Or a step at a time:
//
//     runtime.start("checkout", {}, [&](region r) -> task<> { ... });
//     while (runtime.step()) ...
#pragma once

#include "runtime/executor/run_loop.hpp"
#include "runtime/executor/waits.hpp"
#include "runtime/lab/oracle.hpp"
#include "runtime/lab/scheduler.hpp"

#include <functional>
#include <memory>
#include <vector>

namespace cancelscope {

struct lab_settings {
  runtime_settings program{};          ///< its seed, when empty, is the scheduler's
  std::size_t most_steps = 10'000'000; ///< then it is stopped by force
  /// Guarantees whose breaking is what the program is there to show, by the oracle's name.
  std::vector<std::string> shows{};
};

namespace detail {

/// What the kernel writes through; constructed before it and gone after it.
class lab_tap final : public trace::sink {
public:
  explicit lab_tap(const lab_settings& settings)
      : panel(all_oracles(settings.program.limits), settings.program.sink, settings.shows) {}
  void write(const trace::event& e) override {
    if (muted) return;
    if (accesses != nullptr) accesses->see(e);
    panel.write(e);
  }

  oracle_panel panel;
  access_log* accesses = nullptr;
  bool muted = false; ///< the run was given up: what still happens is no part of it
};

struct lab_parts {
  lab_parts(scheduler& picks, const lab_settings& settings);

  std::string seed;
  lab_tap tap;
  virtual_clock time;
  access_log accesses;
};

} // namespace detail

class lab final : private detail::lab_parts, public run_loop {
public:
  explicit lab(scheduler& picks, const lab_settings& settings = {});
  /// Gives up what still runs: its tasks are destroyed, and the trace does not tell.
  ~lab();

  /// Opens a root region and starts `body(region)` in it; `step` runs it. One at a time.
  void start(std::string_view name, const region_options& options,
             const std::function<task<void>(region)>& body,
             const std::source_location& where = std::source_location::current());
  /// The next thing happens; false when what was started is over.
  bool step();
  [[nodiscard]] bool is_running() const noexcept { return started_ != nullptr && !started_->over; }
  /// How that ended which was started and is over.
  [[nodiscard]] const outcome<void>& ended() const { return *started_->ended; }

  /// How many steps were taken so far.
  [[nodiscard]] std::size_t steps() const noexcept { return steps_; }
  /// Where another than the first candidate was taken: replays the run so far.
  [[nodiscard]] const lab_choices& choices() const noexcept { return choices_; }
  [[nodiscard]] const std::vector<broken_promise>& broken() const noexcept {
    return tap.panel.broken();
  }
  /// A program that pretends to work moves it.
  [[nodiscard]] virtual_clock& clock() noexcept { return time; }
  /// The run is over: oracles compare what the kernel counts with what they saw. Ends with the trace otherwise.
  void compare();

private:
  struct started_body final : detail::scope<void> {
    void closed() noexcept override { over = true; }
    bool over = false;
    std::optional<outcome<void>> ended;
  };

  void make_ready(job& j) noexcept override;
  void run_until_closed(region_handle root) override;

  void find_candidates();
  void take_step(region_handle root);
  void happen(std::size_t index);
  void run_ready(std::size_t index);
  void stop_for_steps(region_handle root);

  scheduler& picks_;
  std::size_t most_steps_;
  std::unique_ptr<started_body> started_;
  std::vector<job*> ready_;
  std::vector<timer*> due_;
  std::vector<lab_actor> candidates_;
  lab_choices choices_;
  std::size_t steps_ = 0;
  bool compared_ = false;
};

} // namespace cancelscope
