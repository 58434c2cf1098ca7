// join_all: waits for all, and folds their outcomes into one.
//
//     outcome<std::tuple<stock, price>> all = co_await join_all(stock_handle, price_handle);
//     outcome<std::vector<int>> counts      = co_await join_all(handles);
//     auto both                             = co_await join_all(reserve(order), quote(order));
//
// It is ok with all values when every task is ok; else it is the worst of the outcomes, and of
// equally bad ones the earliest argument's. It always waits for all of them: one that fails cancels
// nobody here (its region may). Tasks given as tasks are started in a region of their own.
//
// Threading: that of the executor. Failure: in the outcome.
#pragma once

#include "runtime/combinators/named.hpp"
#include "runtime/executor/scope.hpp"

#include <tuple>
#include <vector>

namespace cancelscope {

namespace detail {

/// What an outcome of that type stores: the value, or `nothing` for void.
template <class Value> using stored_t = typename outcome<Value>::value_type;
template <class... Values> using joined_t = outcome<std::tuple<stored_t<Values>...>>;

template <class... Values>
joined_t<Values...> fold(std::tuple<std::optional<outcome<Values>>...>& ended) {
  outcome<void> worst;
  const auto take_worse = [&worst](const auto& one) {
    if (one->kind() > worst.kind()) worst = one->without_value();
  };
  return std::apply(
      [&](auto&... each) -> joined_t<Values...> {
        (take_worse(each), ...);
        if (!worst) return std::move(worst).failed();
        return std::tuple<stored_t<Values>...>{**std::move(each)...};
      },
      ended);
}

template <class Value>
task<void> join_into(std::optional<outcome<Value>>& ended, const join_handle<Value>& handle) {
  ended.emplace(co_await handle.join());
}

template <std::size_t... Index, class... Values>
task<void> join_each(std::tuple<std::optional<outcome<Values>>...>& ended,
                     const std::tuple<join_handle<Values>...>& handles,
                     std::index_sequence<Index...>) {
  (co_await join_into(std::get<Index>(ended), std::get<Index>(handles)), ...);
}

template <class... Values>
task<joined_t<Values...>> join_handles(std::tuple<join_handle<Values>...> handles) {
  std::tuple<std::optional<outcome<Values>>...> ended;
  co_await join_each(ended, handles, std::index_sequence_for<Values...>{});
  co_return fold<Values...>(ended);
}

template <class... Values>
task<joined_t<Values...>> start_and_join(std::tuple<named_task<Values>...> tasks) {
  const auto body = [&tasks](region r) -> task<std::tuple<stored_t<Values>...>> {
    const auto start = [&](auto&... each) {
      return std::tuple<join_handle<Values>...>{
          r.start(each.name, std::move(each.body), task_role::member, each.where)...};
    };
    co_return co_await join_handles<Values...>(std::apply(start, tasks));
  };
  scope_op<decltype(body)> opened{
      "join_all", {.policy = on_failure::keep_going}, body, std::get<0>(tasks).where};
  co_return co_await opened;
}

template <class Value>
task<outcome<std::vector<stored_t<Value>>>> join_list(std::vector<join_handle<Value>> handles) {
  outcome<void> worst;
  std::vector<stored_t<Value>> values;
  values.reserve(handles.size());
  for (const join_handle<Value>& handle : handles) {
    outcome<Value> ended = co_await handle.join();
    if (ended)
      values.push_back(*std::move(ended));
    else if (ended.kind() > worst.kind())
      worst = std::move(ended).failed();
  }
  if (!worst) co_return std::move(worst).failed();
  co_return values;
}

} // namespace detail

template <class... Values>
  requires(sizeof...(Values) > 0)
task<detail::joined_t<Values...>> join_all(const join_handle<Values>&... handles) {
  return detail::join_handles<Values...>({join_handle<Values>{handles.running()}...});
}

template <class Value>
task<outcome<std::vector<detail::stored_t<Value>>>>
join_all(const std::vector<join_handle<Value>>& handles) {
  std::vector<join_handle<Value>> shared;
  shared.reserve(handles.size());
  for (const auto& handle : handles)
    shared.push_back(join_handle<Value>{handle.running()});
  return detail::join_list<Value>(std::move(shared));
}

template <class... Tasks>
  requires(sizeof...(Tasks) > 0 && (requires { typename detail::contender_value_t<Tasks>; } && ...))
auto join_all(Tasks... tasks) {
  const auto name_each = [&]<std::size_t... Index>(std::index_sequence<Index...>) {
    return std::tuple{detail::with_name(std::move(tasks), "task", Index + 1)...};
  };
  return detail::start_and_join<detail::contender_value_t<Tasks>...>(
      name_each(std::index_sequence_for<Tasks...>{}));
}

} // namespace cancelscope
