// race and first_ok: several tasks, of which one is wanted.
//
//     outcome<receipt> r = co_await race(named("primary", charge(a)), named("backup", charge(b)));
//     outcome<quote>   q = co_await first_ok(ask(x), ask(y), ask(z));
//
// race ends with the first that is over, however it ended; first_ok with the first that is ok, or
// else with the worst of all. The losers are cancelled (`race_lost`, asked for by the winner) and
// drained before either returns. That a loser is cancelled is what was asked for and is not held
// against the outcome; a loser that panics is.
//
// Threading: that of the executor. Failure: in the outcome.
#pragma once

#include "runtime/combinators/named.hpp"
#include "runtime/executor/scope.hpp"

#include <concepts>
#include <vector>

namespace cancelscope {

namespace detail {

/// Waits for the next of several jobs that is over, in the order in which they end.
class [[nodiscard]] next_over_op final : public wait_op, private job_watcher {
public:
  explicit next_over_op(std::vector<job*> jobs) : running_(std::move(jobs)) {}

  job* await_resume() const noexcept { return first_; }
  bool abandon() noexcept override {
    for (job* each : running_)
      if (!each->is_over()) each->set_watcher(nullptr);
    return true;
  }

private:
  bool begin() override {
    for (job* each : running_) {
      touches(each->handle(), access::reads);
      if (each->is_over() && first_ == nullptr) first_ = each;
    }
    if (first_ != nullptr) return true;
    for (job* each : running_)
      each->set_watcher(this);
    return false;
  }
  void job_over(job& which) noexcept override {
    if (first_ != nullptr) return;
    first_ = &which;
    for (job* each : running_)
      if (!each->is_over()) each->set_watcher(nullptr);
    complete();
  }
  [[nodiscard]] wait_fact fact() const override {
    return {.on = trace::wait_reason::join, .label = "the first to end"};
  }

  std::vector<job*> running_;
  job* first_ = nullptr;
};

void cancel_losers(const std::vector<job*>& losers, const job& winner, std::string_view verb);

enum class wanted : std::uint8_t { first_over, first_ok };

template <class Value> class contest {
public:
  contest(region r, std::vector<named_task<Value>> tasks) {
    for (auto& each : tasks)
      handles_.push_back(r.start(each.name, std::move(each.body), task_role::member, each.where));
    for (const auto& each : handles_)
      running_.push_back(&each.running());
  }

  task<outcome<Value>> decide(wanted rule) {
    std::optional<outcome<Value>> won;
    std::optional<outcome<Value>> worst;
    while (!running_.empty()) {
      next_over_op next{running_};
      job* const over = co_await next;
      std::erase(running_, over);
      const bool wins = !won && (rule == wanted::first_over || over->ended().is_ok());
      if (wins)
        cancel_losers(running_, *over,
                      rule == wanted::first_ok ? "succeeded first" : "ended first");
      outcome<Value> ended = co_await handle_of(over).join();
      if (wins)
        won = std::move(ended);
      else if (!won || ended.is_panicked())
        take_worse(worst, std::move(ended));
    }
    if (!won) co_return *std::move(worst);
    if (worst && worst->is_panicked()) co_return combine(*std::move(won), *std::move(worst));
    co_return *std::move(won);
  }

private:
  static void take_worse(std::optional<outcome<Value>>& worst, outcome<Value> ended) {
    worst = worst ? combine(*std::move(worst), std::move(ended)) : std::move(ended);
  }
  const join_handle<Value>& handle_of(const job* over) const {
    for (const auto& each : handles_)
      if (&each.running() == over) return each;
    std::abort();
  }

  std::vector<join_handle<Value>> handles_;
  std::vector<job*> running_;
};

template <class Value>
task<Value> compete(region r, std::vector<named_task<Value>> tasks, wanted rule) {
  contest<Value> held{r, std::move(tasks)};
  outcome<Value> ended = co_await held.decide(rule);
  if constexpr (std::is_void_v<Value>)
    co_await value_of(std::move(ended));
  else
    co_return ended;
}

template <class Value>
task<outcome<Value>> hold_contest(wanted rule, std::vector<named_task<Value>> tasks) {
  if (tasks.empty()) std::abort(); // of none there is no first
  const place where = tasks.front().where;
  const auto body = [&tasks, rule](region r) { return compete<Value>(r, std::move(tasks), rule); };
  const std::string_view name = rule == wanted::first_ok ? "first_ok" : "race";
  scope_op<decltype(body)> opened{name, {.policy = on_failure::keep_going}, body, where};
  co_return co_await opened;
}

template <class First, class... Rest> auto contenders(First first, Rest... rest) {
  std::vector<named_task<contender_value_t<First>>> list;
  list.reserve(1 + sizeof...(Rest));
  list.push_back(with_name(std::move(first), "contender", 1));
  (list.push_back(with_name(std::move(rest), "contender", list.size() + 1)), ...);
  return list;
}

template <class First, class... Rest>
concept same_contest = (std::same_as<contender_value_t<First>, contender_value_t<Rest>> && ...);

} // namespace detail

/// The first that ends, of a list that holds one at least.
template <class Value> auto race(std::vector<named_task<Value>> tasks) {
  return detail::hold_contest<Value>(detail::wanted::first_over, std::move(tasks));
}

/// The first that succeeds, of a list that holds one at least.
template <class Value> auto first_ok(std::vector<named_task<Value>> tasks) {
  return detail::hold_contest<Value>(detail::wanted::first_ok, std::move(tasks));
}

/// The first that ends; all of one value type.
template <class First, class... Rest>
  requires detail::same_contest<First, Rest...>
auto race(First first, Rest... rest) {
  return detail::hold_contest<detail::contender_value_t<First>>(
      detail::wanted::first_over, detail::contenders(std::move(first), std::move(rest)...));
}

/// The first that succeeds; all of one value type.
template <class First, class... Rest>
  requires detail::same_contest<First, Rest...>
auto first_ok(First first, Rest... rest) {
  return detail::hold_contest<detail::contender_value_t<First>>(
      detail::wanted::first_ok, detail::contenders(std::move(first), std::move(rest)...));
}

} // namespace cancelscope
