// offload: runs a plain function on another thread, for as long as that takes, and waits for it.
//
//     const auto hash = [file](std::stop_token stop) { return checksum_of(file, stop); };
//     std::uint64_t sum = co_await offload("checksum", hash);
//
// For what would block the executor's own thread: a library that waits, a long computation. Its value is what the await
// gives; an exception is thrown on from the await. The wait is in the trace by its name.
//
// A request to the task is told to the function at once, through the std::stop_token that it may take; the task stays at
// the await until the function has returned, whatever it makes of that, and then sees the request; its value is dropped.
// So the function never outlives what it refers to, and no region closes before it has returned. One that heeds no token
// holds its region up, as a body does that never awaits: the end of a clean-up budget stops its task only when
// it has returned, and the trace says so then.
//
// The function belongs to no task: it must not touch the runtime, which includes channels and regions. How many run at
// a time is bounded by nothing but a `semaphore` of the program's. Callbacks on the token run inside the runtime and must
// not wait for another thread.
// On a virtual clock time passes while it runs, as soon as nothing else is left to do.
//
// Threading: awaited in a task of a current_thread, an io_thread or a thread_pool; the function runs on a helper thread.
// Failure:   on an executor without other threads (the lab), an error that says so. std::system_error is thrown from the
//            await when no thread can be started.
#pragma once

#include "runtime/executor/executor.hpp"
#include "runtime/executor/helper_threads.hpp"
#include "runtime/executor/task.hpp"

#include <concepts>
#include <exception>
#include <optional>
#include <stop_token>
#include <string>
#include <type_traits>
#include <utility>

namespace cancelscope {

/// What can be offloaded: a function of nothing, or of the token that tells it to stop.
template <class Run>
concept offloadable = std::invocable<Run&> || std::invocable<Run&, std::stop_token>;

namespace detail {

template <class Run> decltype(auto) run_offloaded(Run& run, const std::stop_source& stop) {
  if constexpr (std::invocable<Run&, std::stop_token>)
    return run(stop.get_token());
  else
    return run();
}

} // namespace detail

template <offloadable Run> class [[nodiscard]] offload_op final : public wait_op, private errand {
  using value_type = std::decay_t<decltype(detail::run_offloaded(
      std::declval<Run&>(), std::declval<const std::stop_source&>()))>;
  using kept_type = std::conditional_t<std::is_void_v<value_type>, bool, value_type>;

public:
  offload_op(std::string_view name, Run run) : name_(name), run_(std::move(run)) {}

  [[nodiscard]] bool is_ready_for(frame& at) {
    if (at.runs_in->runs_on().helpers() != nullptr) return wait_op::is_ready_for(at);
    runtime_entry entry;
    at.runs_in->end_with(
        at, error{"'" + name_ + "' cannot be offloaded: this executor has no other threads"});
    entry.stay();
    return false;
  }
  value_type await_resume() {
    if (thrown_) std::rethrow_exception(thrown_);
    if constexpr (!std::is_void_v<value_type>) return *std::move(value_);
  }
  bool abandon() noexcept override {
    if (is_done()) return true;
    stop_.request_stop();
    return false;
  }

private:
  bool begin() override {
    awaiting_job().runs_on().helpers()->run(*this);
    awaiting_job().set_away(true);
    return false;
  }
  [[nodiscard]] wait_fact fact() const override { return {.label = name_}; }

  void run() noexcept override {
    try {
      if constexpr (std::is_void_v<value_type>)
        detail::run_offloaded(run_, stop_);
      else
        value_.emplace(detail::run_offloaded(run_, stop_));
    } catch (...) {
      thrown_ = std::current_exception();
    }
  }
  void returned() noexcept override {
    awaiting_job().set_away(false);
    complete();
  }

  std::string name_;
  Run run_;
  std::stop_source stop_;
  std::optional<kept_type> value_;
  std::exception_ptr thrown_;
};

/// Runs `run()`, or `run(std::stop_token)`, on another thread.
template <offloadable Run> offload_op<Run> offload(std::string_view name, Run run) {
  return {name, std::move(run)};
}
template <offloadable Run> offload_op<Run> offload(Run run) {
  return {"a function on another thread", std::move(run)};
}

} // namespace cancelscope
