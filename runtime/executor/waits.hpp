// The plain waits and questions of a body: sleep, yield, checkpoint, the region and the request it
// is in.
//
//     co_await sleep(2ms);
//     co_await checkpoint();                        // only: am I to stop?
//     region here = co_await this_region();
//     if (cancellation why = co_await my_cancellation()) ...   // in clean-up: who asked for it
//
// Threading: that of the executor. Failure: cancellation unwinds the body, as at every await.
#pragma once

#include "runtime/executor/region.hpp"

#include <chrono>
#include <concepts>
#include <functional>

namespace cancelscope {

class [[nodiscard]] sleep_op final : public wait_op, private timer {
public:
  explicit sleep_op(std::chrono::nanoseconds duration) : duration_(duration) {}

  void await_resume() const noexcept {}
  bool abandon() noexcept override;

private:
  bool begin() override;
  [[nodiscard]] wait_fact fact() const override { return {.on = trace::wait_reason::timer}; }
  void fire() noexcept override { complete(); }

  std::chrono::nanoseconds duration_;
};

/// Parks the task for at least that long.
inline sleep_op sleep(std::chrono::nanoseconds duration) {
  return sleep_op{duration};
}

class [[nodiscard]] yield_op final : public wait_op {
public:
  void await_resume() const noexcept {}
  bool abandon() noexcept override { return true; }

private:
  bool begin() override {
    complete();
    return false;
  }
  [[nodiscard]] wait_fact fact() const override { return {.label = "yield"}; }
};

/// Lets everybody else who is ready run first.
inline yield_op yield() {
  return {};
}

class [[nodiscard]] checkpoint_op final : public wait_op {
public:
  void await_resume() const noexcept {}
  bool abandon() noexcept override { return true; }

private:
  bool begin() override { return true; }
  [[nodiscard]] wait_fact fact() const override { return {}; }
};

/// Ends the body here if its end was requested; goes on at once otherwise.
inline checkpoint_op checkpoint() {
  return {};
}

class [[nodiscard]] spend_op final : public wait_op {
public:
  explicit spend_op(std::uint64_t cost) : cost_(cost) {}

  [[nodiscard]] bool is_ready_for(frame& at) {
    runtime_entry entry;
    job& spender = *at.runs_in;
    const bool goes_on =
        !spender.stops_here(at) &&
        (spender.runs_on().core().spend(spender.handle(), cost_) || !spender.stops_here(at));
    if (!goes_on) entry.stay();
    return goes_on;
  }
  void await_resume() const noexcept {}
  bool abandon() noexcept override { return true; }

private:
  bool begin() override { return true; }
  [[nodiscard]] wait_fact fact() const override { return {}; }

  std::uint64_t cost_;
};

/// A checkpoint at which this much is taken from the cost that the regions around the task may spend
/// (`region_options::cost`). A region that has not that much left is cancelled by its `budget`, and
/// the body ends here; under a shield it goes on first.
inline spend_op spend(std::uint64_t cost) {
  return spend_op{cost};
}

/// A question to the job; never waits and is no checkpoint.
class job_question {
public:
  using asks_the_job = void;
  [[nodiscard]] bool await_ready() const noexcept { return false; }
  template <class Promise> bool await_suspend(std::coroutine_handle<Promise> awaiting) noexcept {
    job_ = static_cast<frame&>(awaiting.promise()).runs_in;
    return false;
  }

protected:
  [[nodiscard]] job& asked() const noexcept { return *job_; }

private:
  job* job_ = nullptr;
};

class [[nodiscard]] region_question final : public job_question {
public:
  [[nodiscard]] region await_resume() const noexcept {
    const runtime_entry entry;
    return {asked().runs_on(), asked().runs_on().core().region_of(asked().handle())};
  }
};

/// The region that owns this task.
inline region_question this_region() {
  return {};
}

class [[nodiscard]] cancellation_question final : public job_question {
public:
  [[nodiscard]] cancellation await_resume() const {
    const runtime_entry entry;
    return asked().runs_on().core().cancellation_of(asked().handle());
  }
};

/// The request in effect on this task, if any; seen or not.
inline cancellation_question my_cancellation() {
  return {};
}

class [[nodiscard]] exit_registration final : public job_question {
public:
  exit_registration(std::string label, std::function<void()> run)
      : label_(std::move(label)), run_(std::move(run)) {}
  void await_resume() {
    const runtime_entry entry;
    static_cast<void>(
        asked().runs_on().core().on_exit(asked().handle(), std::move(label_), std::move(run_)));
  }

private:
  std::string label_;
  std::function<void()> run_;
};

class [[nodiscard]] awaiting_exit_registration final : public job_question {
public:
  awaiting_exit_registration(std::string label, std::function<task<void>()> run)
      : label_(std::move(label)), run_(std::move(run)) {}
  void await_resume() {
    const runtime_entry entry;
    asked().add_exit(std::move(label_),
                     [run = std::move(run_)]() -> frame* { return &run().release(); });
  }

private:
  std::string label_;
  std::function<task<void>()> run_;
};

/// Runs after this task's body is over and its frames are gone, however it ended, shielded; the
/// last registered first. Capture by value: the body's locals are gone by then. `run` may also give
/// a task<>, which is awaited; a clean-up deadline holds, and one that fails is a panic.
template <class Run>
  requires std::invocable<Run&>
auto on_exit(std::string label, Run run) {
  if constexpr (std::same_as<std::invoke_result_t<Run&>, task<void>>)
    return awaiting_exit_registration{std::move(label), std::move(run)};
  else
    return exit_registration{std::move(label), std::move(run)};
}

/// Masks requests in its lifetime. For `shield`.
class shield_guard {
public:
  explicit shield_guard(job& shielded) : job_(shielded) {
    const runtime_entry entry;
    job_.runs_on().core().shield(job_.handle());
  }
  shield_guard(const shield_guard&) = delete;
  shield_guard& operator=(const shield_guard&) = delete;
  ~shield_guard() {
    const runtime_entry entry;
    job_.runs_on().core().unshield(job_.handle());
  }

private:
  job& job_;
};

class [[nodiscard]] shield_question final : public job_question {
public:
  [[nodiscard]] shield_guard await_resume() const { return shield_guard{asked()}; }
};

/// Runs the task with requests masked: they are seen after it. A clean-up deadline holds within it.
template <class Value> task<Value> shield(task<Value> body) {
  const shield_guard masked = co_await shield_question{};
  co_return co_await std::move(body);
}
template <> inline task<void> shield(task<void> body) {
  const shield_guard masked = co_await shield_question{};
  co_await std::move(body);
}

} // namespace cancelscope
