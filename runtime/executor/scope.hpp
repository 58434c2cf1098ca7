// with_region: a stretch of a body that owns the tasks it starts.
//
//     outcome<receipt> r = co_await with_region("order 17", {.deadline = 250ms, .cleanup = 5ms},
//                                               [&](region r) -> task<receipt> { ... });
//
// The body runs as a task of the new region. When it is over the region closes: it waits for the
// tasks still in it, joins those that nobody joined, and runs its finalizers. A body that *fails*
// cancels them first; so does a task that fails, unless the region says `on_failure::keep_going`.
// Only then does with_region give its outcome: the body's, combined with what the region had to
// collect. A request to the awaiting task is passed on to the region; nothing of the region
// outlives the await.
//
// Threading: that of the executor; where it has several threads, what makes the body's task is called within the
//            runtime's lock, and is to do no more than that. Failure: in the outcome.
#pragma once

#include "runtime/executor/region.hpp"

#include <chrono>
#include <concepts>
#include <functional>
#include <optional>
#include <utility>

namespace cancelscope {

using std::chrono::nanoseconds;

/// What bounds a region. Zero means: not bounded by this region (those around it still hold).
struct region_options {
  nanoseconds deadline{};  ///< from now; then it is cancelled by a `timeout`
  std::uint64_t polls{};   ///< how often its tasks may run; then it is cancelled by its `budget`
  std::uint64_t cost{};    ///< what its tasks may `spend`, in units of yours; likewise
  std::uint8_t priority{}; ///< of what is ready the highest runs first; never less than around it
  nanoseconds cleanup{};   ///< what a cancelled task's clean-up may take, before it is destroyed
  std::uint64_t cleanup_polls{}; ///< how often a cancelled task's clean-up may run, likewise
  on_failure policy = on_failure::cancel_siblings; ///< what a failing task means for the others
};

namespace detail {

region_spec spec_of(std::string_view name, const region_options& options, executor& e, place where);

/// One opened region with its body, until it is closed.
template <class Value> class scope : public region_owner {
public:
  /// False: there is nothing to wait for, the outcome is there already.
  template <class Body> bool open(executor& e, region_spec spec, Body& body) {
    spec.owner = this;
    const auto opened = e.core().open_region(spec);
    if (!opened) {
      ended_.emplace(error{opened.error().message});
      return false;
    }
    region_ = *opened;
    const region inside{e, region_};
    try {
      body_.emplace(inside.start(spec.name, body(inside), task_role::body, spec.where));
    } catch (...) { // thrown before there was a task that could have ended by it
      ended_.emplace(panic_of(std::current_exception()));
      static_cast<void>(e.core().cancel(region_, {.kind = cancel_kind::fail_fast,
                                                  .message = ended_->message(),
                                                  .origin_region = region_}));
    }
    return !is_closed();
  }

  void region_closed(outcome<void> collected) noexcept override {
    if (!ended_) ended_.emplace(body_->running().take());
    if (collected.kind() > ended_->kind()) ended_.emplace(std::move(collected).failed());
    region_ = {};
    closed();
  }

  [[nodiscard]] region_handle handle() const noexcept { return region_; }
  [[nodiscard]] bool is_closed() const noexcept { return !region_; }
  [[nodiscard]] outcome<Value> take() { return *std::move(ended_); }

protected:
  ~scope() = default;
  virtual void closed() noexcept = 0;

private:
  region_handle region_;
  std::optional<join_handle<Value>> body_;
  std::optional<outcome<Value>> ended_;
};

template <class Body> using body_value_t = typename std::invoke_result_t<Body&, region>::value_type;

} // namespace detail

/// What runs in a region of its own: something that, given the region, makes a task.
template <class Body>
concept region_body =
    std::invocable<Body&, region> &&
    std::same_as<std::invoke_result_t<Body&, region>, task<detail::body_value_t<Body>>>;

template <region_body Body>
class [[nodiscard]] scope_op final : public wait_op,
                                     private detail::scope<detail::body_value_t<Body>> {
  using value_type = detail::body_value_t<Body>;
  using scope_type = detail::scope<value_type>;

public:
  scope_op(std::string_view name, const region_options& options, Body body, place where)
      : name_(name), options_(options), body_(std::move(body)), where_(where) {}

  outcome<value_type> await_resume() { return scope_type::take(); }
  bool abandon() noexcept override { return scope_type::is_closed(); }

private:
  bool begin() override {
    job& opener = awaiting_job();
    executor& e = opener.runs_on();
    region_spec spec = detail::spec_of(name_, options_, e, where_);
    if (!scope_type::open(e, spec, body_)) return true;
    e.core().wait_for_region(opener.handle(), scope_type::handle());
    return false;
  }
  [[nodiscard]] wait_fact fact() const override {
    return {.on = trace::wait_reason::join, .what = scope_type::handle()};
  }
  void closed() noexcept override {
    job& opener = awaiting_job();
    opener.runs_on().core().wait_for_region(opener.handle(), {});
    complete();
  }

  std::string name_;
  region_options options_;
  Body body_;
  place where_;
};

/// Opens a region under the current one, runs `body(region)` in it, and waits for its quiescent
/// close.
template <region_body Body>
scope_op<Body> with_region(std::string_view name, const region_options& options, Body body,
                           const std::source_location& where = std::source_location::current()) {
  return {name, options, std::move(body), where};
}
template <region_body Body>
scope_op<Body> with_region(std::string_view name, Body body,
                           const std::source_location& where = std::source_location::current()) {
  return {name, region_options{}, std::move(body), where};
}

} // namespace cancelscope
