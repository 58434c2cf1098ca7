// region: the scope that owns tasks; and what one holds of the tasks spawned into it.
//
// A region is a small value that names a region of the kernel; it owns nothing, and one that is
// closed refuses. Regions are opened by `with_region` (scope.hpp) and closed when its body is over
// and everything under them has come to its end. There is no other way to start a task: none is
// detached.
//
// Threading: used from the tasks of the executor that it is on.
// Failure:   what is refused says why in the outcome of the join.
//
//     join_handle<price> quote = r.spawn("quote", fetch_price(order));
//     outcome<price> p = co_await quote.join();
#pragma once

#include "runtime/executor/executor.hpp"
#include "runtime/executor/obligation.hpp"
#include "runtime/executor/task.hpp"

#include <concepts>
#include <functional>
#include <memory>
#include <source_location>
#include <string>
#include <string_view>

namespace cancelscope {

namespace detail {

template <class Run> task<void> run_kept(std::shared_ptr<Run> kept) {
  co_await (*kept)();
}

} // namespace detail

/// A job that keeps its outcome until somebody takes it.
template <class Value> class job_of final : public job {
public:
  job_of(executor& runs_on, task<Value> body) : job(runs_on, body.promise()) { body.release(); }

  [[nodiscard]] outcome<Value> take() {
    if (!ended()) return take_failure();
    if constexpr (std::is_void_v<Value>)
      return {};
    else
      return *std::move(value_);
  }

private:
  void take_value(frame& root) override {
    if constexpr (!std::is_void_v<Value>) { // emplaced: not every value can be assigned
      auto& given = static_cast<detail::promise<Value>&>(root).value;
      if (given) value_.emplace(*std::move(given));
    }
  }

  std::optional<typename outcome<Value>::value_type> value_{};
};

/// Waits for a task's end and takes its outcome. One that waits already is handed the outcome as
/// the task completes: it has it, whatever happens to it before it runs again.
template <class Value> class [[nodiscard]] join_op final : public wait_op, private job_watcher {
public:
  explicit join_op(job_of<Value>& joined) : joined_(joined) { joined_.add_reference(); }
  ~join_op() { joined_.drop_reference(); }

  outcome<Value> await_resume() {
    const runtime_entry entry;
    if (refused_)
      return error{"another task already waits for " + to_string(joined_.handle().id())};
    if (handed_over_ || !joined_.handle()) return joined_.take(); // without a handle it never began
    auto taken = joined_.runs_on().core().join(joined_.handle(), awaiting_job().handle());
    if (!taken) return error{taken.error().message};
    return joined_.take();
  }
  bool abandon() noexcept override {
    if (!joined_.is_over()) joined_.set_watcher(nullptr);
    return true;
  }

private:
  bool begin() override {
    if (!joined_.handle() || joined_.is_over()) return true;
    refused_ = joined_.is_watched();
    if (!refused_) joined_.set_watcher(this, awaiting_job().handle());
    return refused_;
  }
  void job_over(job&) noexcept override {
    handed_over_ = true;
    complete();
  }
  [[nodiscard]] wait_fact fact() const override {
    return {.on = trace::wait_reason::join, .what = joined_.handle()};
  }

  job_of<Value>& joined_;
  bool refused_ = false;
  bool handed_over_ = false;
};

/// The right to join a task. Dropping it is no harm: the region's close joins the task then.
template <class Value> class [[nodiscard]] join_handle {
public:
  using value_type = Value;

  explicit join_handle(job_of<Value>& job) noexcept : job_(&job) { job_->add_reference(); }
  join_handle(join_handle&& from) noexcept : job_(std::exchange(from.job_, nullptr)) {}
  join_handle& operator=(join_handle&& from) noexcept {
    std::swap(job_, from.job_);
    return *this;
  }
  ~join_handle() {
    if (job_ != nullptr) job_->drop_reference();
  }

  /// Gives the outcome, once; a second join is refused as stale.
  [[nodiscard]] join_op<Value> join() const { return join_op<Value>{*job_}; }
  /// Requests the task's end; it is not over before it has cleaned up.
  void cancel(std::string_view message,
              const std::source_location& where = std::source_location::current()) const;
  [[nodiscard]] bool is_over() const noexcept {
    const runtime_entry entry;
    touches(job_->handle(), access::reads);
    return job_->is_over();
  }
  /// Names the task in the kernel; null when the spawn was refused.
  [[nodiscard]] task_handle handle() const noexcept { return job_->handle(); }
  [[nodiscard]] job_of<Value>& running() const noexcept { return *job_; }

private:
  job_of<Value>* job_;
};

class region {
public:
  region(executor& runs_on, region_handle handle) noexcept : executor_(&runs_on), handle_(handle) {}

  /// Starts a task that this region owns. In a cancelled region it is cancelled before it begins.
  template <class Value>
  join_handle<Value>
  spawn(std::string_view name, task<Value> body,
        const std::source_location& where = std::source_location::current()) const {
    return start(name, std::move(body), task_role::member, where);
  }
  /// Requests the end of everything in this region; the region closes when that has come.
  void cancel(std::string_view message,
              const std::source_location& where = std::source_location::current()) const;
  /// Runs when nothing lives in the region any more; the last registered runs first. `run` may also
  /// give a task<>, which is awaited, shielded, before the next one runs; a clean-up deadline holds.
  template <class Run>
    requires std::invocable<Run&>
  void on_close(std::string label, Run run) const;
  /// Something that must be resolved before this region is closed, or is reported as leaked.
  [[nodiscard]] obligation
  reserve(trace::obligation_kind kind, std::string_view label,
          const std::source_location& where = std::source_location::current()) const;
  /// The user's own note in the trace.
  void mark(std::string_view label) const;

  [[nodiscard]] region_handle handle() const noexcept { return handle_; }
  [[nodiscard]] executor& runs_on() const noexcept { return *executor_; }
  /// The request in effect on the region, if any.
  [[nodiscard]] cancellation why() const;

  /// As spawn; a body's end closes the region. For scopes.
  template <class Value>
  join_handle<Value> start(std::string_view name, task<Value> body, task_role role,
                           place where) const;

private:
  void add_finalizer(std::string label, std::function<void()> run) const;

  executor* executor_;
  region_handle handle_;
};

/// Who asks, as far as it is known: the task that runs now.
cancel_spec asked_by_current(executor& e, std::string_view message, place where);

template <class Value>
void join_handle<Value>::cancel(std::string_view message, const std::source_location& where) const {
  const runtime_entry entry;
  executor& e = job_->runs_on();
  if (job_->handle())
    static_cast<void>(e.core().cancel(job_->handle(), asked_by_current(e, message, where)));
}

template <class Value>
join_handle<Value> region::start(std::string_view name, task<Value> body, task_role role,
                                 place where) const {
  const runtime_entry entry;
  auto* const j = new job_of<Value>(*executor_, std::move(body));
  join_handle<Value> handle{*j};
  j->add_reference(); // the running task's own
  const auto spawned = executor_->core().spawn(
      handle_,
      {.name = name, .body = j, .by = executor_->current_task(), .role = role, .where = where});
  if (!spawned) {
    j->refuse(error{spawned.error().message});
    return handle;
  }
  j->set_handle(*spawned);
  j->set_priority(executor_->core().priority_of(handle_));
  executor_->make_ready(*j);
  return handle;
}

template <class Run>
  requires std::invocable<Run&>
void region::on_close(std::string label, Run run) const {
  if constexpr (std::same_as<std::invoke_result_t<Run&>, task<void>>) {
    // The task runs when the finalizer's turn comes; what it refers to lives in `kept` as long.
    auto kept = std::make_shared<Run>(std::move(run));
    auto start_it = [here = *this, label, kept]() mutable {
      static_cast<void>(
          here.start(label, detail::run_kept(std::move(kept)), task_role::finalizer, place{}));
    };
    add_finalizer(std::move(label), std::move(start_it));
  } else {
    add_finalizer(std::move(label), std::move(run));
  }
}

} // namespace cancelscope
