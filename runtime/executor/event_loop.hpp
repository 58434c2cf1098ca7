// event_loop: runs programs in turns of JavaScript's event loop: in a page, a Worker, or node. Only with Emscripten.
//
// It is no `host`: nothing that runs there may wait, so there is no `run`. `start` returns at once; what is ready runs in
// slices of a few milliseconds, between which the page draws and answers; `on_closed` gets the outcome. Of timers and
// deadlines the nearest stands with JavaScript; with every task parked and no deadline nothing does. A program itself is
// as on any executor.
//
// Whoever comes from outside between two turns, a click, an answer that has arrived, does so within `enter`: it cancels,
// sends, opens; the trace has that at the time at which it was, and a turn follows.
//
// The page may always call, so "nothing can ever happen again" is not found here: a program that waits for
// itself stands in its trace as parked. Browsers hold timers of hidden pages back, to a second and more.
//
// Threading: the one there is.
// Failure:   in the outcomes. Destroyed while programs live, it cancels them (`shutdown`) and stops by force what that
//            leaves, with a `violation` each; their `on_closed` are called. Aborts when destroyed by one of its tasks, and
//            when one of those `on_closed` starts another program.
//
//     auto* loop = new event_loop{clock, {.name = "page", .sink = &sink}};
//     region shop = loop->start("shop", {.deadline = 1min}, open_shop, [](outcome<int> sold) { ... });
//     ...
//     loop->enter([&] { shop.cancel("the tab is closed"); });   // in a callback of the page
#pragma once

#include "runtime/executor/js_turns.hpp"
#include "runtime/executor/ready_queue.hpp"
#include "runtime/executor/run_loop.hpp"

#include <chrono>
#include <concepts>
#include <memory>
#include <utility>
#include <vector>

namespace cancelscope {

class event_loop : protected run_loop, private js_turns::taker {
public:
  /// A turn takes no longer than `slice`, and one run of a task.
  explicit event_loop(executor_clock& clock, const runtime_settings& settings = {},
                      std::chrono::nanoseconds slice = std::chrono::milliseconds{4});
  virtual ~event_loop();

  /// Opens a root region and runs `body(region)` in it, from the next turn on. `on_closed(outcome)` is called in the turn in
  /// which the region is closed, as the last of that turn: it may start another program, or destroy this. It must not
  /// throw. Programs may be as many as wanted at a time.
  template <region_body Body, std::invocable<outcome<detail::body_value_t<Body>>> Closed>
  region start(std::string_view name, const region_options& options, Body body, Closed on_closed,
               const std::source_location& where = std::source_location::current()) {
    const entered here{*this};
    auto made = std::make_unique<started<Body, Closed>>(std::move(body), std::move(on_closed));
    started<Body, Closed>& program = *made;
    add(std::move(made));
    return {*this, program.open(*this, root_spec(name, options, where))};
  }
  /// What somebody from outside does to the runtime, at the time it is; a turn follows when that has made work. From within
  /// a task it is called as it is. It must not destroy this.
  template <std::invocable Act> decltype(auto) enter(Act act) {
    const entered here{*this};
    return act();
  }
  /// A turn on demand, as JavaScript would give it; nothing from within one.
  void run_turn() noexcept;
  /// Requests the end of all that was started, with kind `shutdown`.
  void shutdown(std::string_view message,
                const std::source_location& where = std::source_location::current());
  /// The kernel, for questions.
  using run_loop::core;

protected:
  /// There is something to do: a turn, as soon as may be.
  void ask_for_turn() noexcept { turns_.ask(); }
  /// Nobody can call it: a page cannot wait.
  void run_until_closed(region_handle root) override;

private:
  class program {
  public:
    virtual ~program() = default;
    [[nodiscard]] virtual region_handle root() const noexcept = 0;
    /// Hands the outcome over.
    virtual void tell() noexcept = 0;
    [[nodiscard]] bool is_over() const noexcept { return !root(); }
  };

  template <class Body, class Closed>
  class started final : public program, private detail::scope<detail::body_value_t<Body>> {
    using scope_type = detail::scope<detail::body_value_t<Body>>;

  public:
    started(Body body, Closed on_closed)
        : body_(std::move(body)), on_closed_(std::move(on_closed)) {}
    region_handle open(executor& on, const region_spec& spec) {
      static_cast<void>(scope_type::open(on, spec, body_));
      return root();
    }
    [[nodiscard]] region_handle root() const noexcept override { return scope_type::handle(); }
    void tell() noexcept override { on_closed_(scope_type::take()); }

  private:
    void closed() noexcept override {}

    Body body_;
    Closed on_closed_;
  };

  /// Inside, at the time it is now; a turn follows.
  class entered {
  public:
    explicit entered(event_loop& in) : in_(in), is_outermost_(!std::exchange(in.is_inside_, true)) {
      if (is_outermost_) in_.read_clock();
    }
    entered(const entered&) = delete;
    entered& operator=(const entered&) = delete;
    ~entered() {
      if (!is_outermost_) return;
      in_.leave();
      if (in_.first_over() != in_.programs_.end()) in_.ask_for_turn();
    }

  private:
    event_loop& in_;
    bool is_outermost_;
  };

  void make_ready(job& j) noexcept override;
  void take_turn() noexcept override { run_turn(); }
  void add(std::unique_ptr<program> made);
  [[nodiscard]] region_spec root_spec(std::string_view name, const region_options& options,
                                      place where);
  void run_slice();
  void leave() noexcept;
  [[nodiscard]] std::vector<std::unique_ptr<program>>::iterator first_over() noexcept;
  void tell_those_over() noexcept;

  const std::chrono::nanoseconds slice_;
  const bool time_passes_by_itself_;
  ready_queue ready_;
  std::vector<std::unique_ptr<program>> programs_;
  bool is_inside_ = false;
  bool is_ending_ = false;
  std::shared_ptr<const bool> life_ = std::make_shared<const bool>();
  js_turns turns_{*this}; ///< gone first
};

} // namespace cancelscope
