// task<T>: a coroutine that can be awaited inline or spawned into a region. It does not begin
// before that.
//
// `co_await some_task()` gives its value. If it ends otherwise, the awaiting body ends the same
// way: an exception is thrown on, an error or a cancellation unwinds it (see job.hpp). Two words
// change that:
//
//     outcome<T> o = co_await outcome_of(some_task());   // stop here: I want to see how it ended
//     T value      = co_await value_of(handle.join());   // go on only with a value, else end likewise
//
// A body ends with `co_return value`, `co_return error{"why"}`, `co_return some_outcome`, or from
// anywhere with `co_await fail("why")`, which is also how a task<> fails.
//
// Threading: a task belongs to the executor it runs on. Failure: as above.
#pragma once

#include "runtime/executor/job.hpp"
#include "runtime/kernel/block_pool.hpp"

#include <concepts>
#include <coroutine>
#include <cstdlib>
#include <optional>
#include <type_traits>
#include <utility>

namespace cancelscope {

template <class Value> class task;
template <class Value> struct task_await;
template <class Value> struct outcome_await;
template <class Value> struct value_await;
struct failing;

namespace detail {

template <class Type> inline constexpr bool is_ours = std::derived_from<Type, wait_op>;
template <class Value> inline constexpr bool is_ours<outcome_await<Value>> = true;
template <class Value> inline constexpr bool is_ours<value_await<Value>> = true;
template <> inline constexpr bool is_ours<failing> = true;

} // namespace detail

/// What a task's body can `co_await`: tasks, and the awaitables of this runtime. All see
/// cancellation.
template <class Type>
concept runtime_awaitable = detail::is_ours<std::remove_cvref_t<Type>> ||
                            requires { typename std::remove_cvref_t<Type>::asks_the_job; };

namespace detail {

struct final_await {
  [[nodiscard]] bool await_ready() const noexcept { return false; }
  template <class Promise> void await_suspend(std::coroutine_handle<Promise> over) noexcept {
    frame& f = over.promise();
    f.runs_in->returned(f);
  }
  void await_resume() const noexcept {}
};

/// Stands for an awaitable that must not move. GCC 12 copies whatever await_transform returns.
template <class Awaitable> struct awaited_in_place {
  Awaitable& awaitable;
  frame& at;

  [[nodiscard]] bool await_ready() const {
    if constexpr (std::derived_from<Awaitable, wait_op>)
      return awaitable.is_ready_for(at);
    else
      return awaitable.await_ready();
  }
  template <class Promise> auto await_suspend(std::coroutine_handle<Promise> awaiting) const {
    return awaitable.await_suspend(awaiting);
  }
  decltype(auto) await_resume() const { return awaitable.await_resume(); }
};

template <class Value> struct promise_base : frame {
  static void* operator new(std::size_t size) { return block_pool::take(size); }
  static void operator delete(void* memory, std::size_t size) noexcept {
    block_pool::give_back(memory, size);
  }

  task<Value> get_return_object();
  [[nodiscard]] std::suspend_always initial_suspend() const noexcept { return {}; }
  [[nodiscard]] final_await final_suspend() const noexcept { return {}; }
  void unhandled_exception() noexcept { thrown = std::current_exception(); }

  template <class Called> task_await<Called> await_transform(task<Called>&& called) {
    return {std::move(called)};
  }
  template <runtime_awaitable Awaitable>
  awaited_in_place<std::remove_reference_t<Awaitable>> await_transform(Awaitable&& awaited) {
    return {awaited, *this};
  }
};

template <class Value> struct promise : promise_base<Value> {
  std::optional<Value> value;

  template <class From>
    requires std::convertible_to<From, Value>
  void return_value(From&& from) {
    value.emplace(std::forward<From>(from));
  }
  void return_value(failure how) { this->failed = std::move(how); }
  void return_value(error e)
    requires(!std::convertible_to<error, Value>)
  {
    this->failed = failure{std::move(e)};
  }
  void return_value(panic p)
    requires(!std::convertible_to<panic, Value>)
  {
    this->failed = failure{std::move(p)};
  }
  void return_value(outcome<Value> ended)
    requires(!std::convertible_to<outcome<Value>, Value>)
  {
    if (ended)
      value.emplace(*std::move(ended));
    else
      this->failed = std::move(ended).failed();
  }

  outcome<Value> take() { return std::move(*value); }
};

template <> struct promise<void> : promise_base<void> {
  void return_void() const noexcept {}
  [[nodiscard]] static outcome<void> take() { return {}; }
};

} // namespace detail

template <class Value = void> class [[nodiscard]] task {
public:
  using value_type = Value;
  using promise_type = detail::promise<Value>;

  explicit task(std::coroutine_handle<promise_type> body) noexcept : body_(body) {}
  task(task&& from) noexcept : body_(std::exchange(from.body_, {})) {}
  task& operator=(task&& from) noexcept {
    task(std::move(from)).swap(*this);
    return *this;
  }
  ~task() {
    if (body_) body_.destroy();
  }
  void swap(task& with) noexcept { std::swap(body_, with.body_); }

  /// The frame of a task that has not begun; for awaitables.
  [[nodiscard]] promise_type& promise() const {
    if (!body_) std::abort(); // moved from, or over
    return std::coroutine_handle<promise_type>::from_address(body_.address()).promise();
  }
  /// Where the job may note that it destroyed the frame itself.
  [[nodiscard]] std::coroutine_handle<>* holder() noexcept { return &body_; }
  /// Gives the frame away: from now on it lives as long as its job.
  promise_type& release() {
    promise_type& p = promise();
    body_ = {};
    return p;
  }

private:
  std::coroutine_handle<> body_;
};

template <class Value> task<Value> detail::promise_base<Value>::get_return_object() {
  const auto body =
      std::coroutine_handle<promise<Value>>::from_promise(static_cast<promise<Value>&>(*this));
  coroutine = body;
  return task<Value>{body};
}

/// Runs a task inline, as a call.
template <class Value> struct task_await {
  task<Value> child;

  [[nodiscard]] bool await_ready() const noexcept { return false; }
  template <class Promise> void await_suspend(std::coroutine_handle<Promise> awaiting) {
    frame& parent = awaiting.promise();
    frame& called = child.promise();
    called.held_by = child.holder();
    parent.runs_in->call(called, parent);
  }
  Value await_resume() {
    auto& ended = child.promise();
    if (ended.thrown) std::rethrow_exception(ended.thrown);
    if constexpr (!std::is_void_v<Value>) return *std::move(ended.value);
  }
};

/// Runs a task inline and gives its outcome, whatever that is.
template <class Value> struct [[nodiscard]] outcome_await {
  task<Value> child;
  std::optional<failure> caught{};

  [[nodiscard]] bool await_ready() const noexcept { return false; }
  template <class Promise> void await_suspend(std::coroutine_handle<Promise> awaiting) {
    frame& parent = awaiting.promise();
    frame& called = child.promise();
    called.held_by = child.holder();
    called.catcher = &caught;
    parent.runs_in->call(called, parent);
  }
  outcome<Value> await_resume() {
    if (caught) return *std::move(caught);
    auto& ended = child.promise();
    if (ended.thrown) return panic_of(ended.thrown);
    if (ended.failed) return *std::move(ended.failed);
    return ended.take();
  }
};

/// The value of an outcome, or the end of this body.
template <class Value> struct [[nodiscard]] value_await {
  outcome<Value> ended;

  [[nodiscard]] bool await_ready() const noexcept { return ended.is_ok(); }
  template <class Promise> void await_suspend(std::coroutine_handle<Promise> awaiting) {
    frame& at = awaiting.promise();
    at.runs_in->end_with(at, std::move(ended).failed());
  }
  Value await_resume() {
    if constexpr (!std::is_void_v<Value>) return *std::move(ended);
  }
};

/// The end of this body, with an error.
struct [[nodiscard]] failing {
  error why;

  [[nodiscard]] bool await_ready() const noexcept { return false; }
  template <class Promise> void await_suspend(std::coroutine_handle<Promise> awaiting) {
    frame& at = awaiting.promise();
    at.runs_in->end_with(at, std::move(why));
  }
  [[noreturn]] void await_resume() const noexcept { std::abort(); }
};

/// Ends this body with an error: `co_await fail("no stock left")`.
inline failing fail(std::string why) {
  return {error{std::move(why)}};
}

namespace detail {

template <class Awaitable> using awaited_t = decltype(std::declval<Awaitable&>().await_resume());
template <class Type> inline constexpr bool is_outcome = false;
template <class Value> inline constexpr bool is_outcome<outcome<Value>> = true;

/// A wait as a task of its own, so that it can be given up alone.
template <class Awaitable> task<awaited_t<Awaitable>> as_task(Awaitable& awaited) {
  co_return co_await awaited;
}
template <class Awaitable>
  requires std::is_void_v<awaited_t<Awaitable>>
task<void> as_task(Awaitable& awaited) {
  co_await awaited;
}

template <class Value> task<Value> value_of_awaited(task<outcome<Value>> awaited) {
  outcome<Value> ended = co_await std::move(awaited);
  co_return std::move(ended);
}
template <> inline task<void> value_of_awaited(task<outcome<void>> awaited) {
  outcome<void> ended = co_await std::move(awaited);
  // Named: g++ 12 destroys a braced temporary inside a co_await twice.
  value_await<void> end{std::move(ended)};
  co_await std::move(end);
}

} // namespace detail

/// How a task ended, instead of ending likewise: the place where unwinding stops.
template <class Value> outcome_await<Value> outcome_of(task<Value> awaited) {
  return {std::move(awaited)};
}
/// The same of a single wait. To be awaited in the same expression.
template <class Wait>
  requires std::derived_from<std::remove_cvref_t<Wait>, wait_op>
auto outcome_of(Wait&& awaited) {
  return outcome_await<detail::awaited_t<std::remove_cvref_t<Wait>>>{detail::as_task(awaited)};
}

/// The value; or this body ends as `ended` did.
template <class Value> value_await<Value> value_of(outcome<Value> ended) {
  return {std::move(ended)};
}
template <class Value> task<Value> value_of(task<outcome<Value>> awaited) {
  return detail::value_of_awaited<Value>(std::move(awaited));
}
/// The same of a single wait that gives an outcome. To be awaited in the same expression.
template <class Wait>
  requires std::derived_from<std::remove_cvref_t<Wait>, wait_op>
auto value_of(Wait&& awaited) {
  return value_of(detail::as_task(awaited));
}

} // namespace cancelscope
