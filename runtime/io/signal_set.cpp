#include "runtime/io/signal_set.hpp"

#include "runtime/executor/waits.hpp"
#include "runtime/io/io_wait.hpp"

#include <asio/associated_cancellation_slot.hpp>
#include <asio/signal_set.hpp>

#include <deque>

namespace cancelscope {

namespace detail {

struct caught_signals {
  explicit caught_signals(std::shared_ptr<reactor_state> state)
      : on(std::move(state)), set(on->context) {}

  std::shared_ptr<reactor_state> on;
  asio::signal_set set;
  std::deque<int> arrived{};
  bool is_awaited = false;
};

} // namespace detail

outcome<signal_set> signal_set::catch_all(const reactor& on, std::span<const int> which) {
  auto caught = std::make_shared<detail::caught_signals>(on.state());
  for (const int signal : which) {
    std::error_code failed;
    static_cast<void>(caught->set.add(signal, failed));
    if (failed)
      return error{"signal " + std::to_string(signal) + " cannot be caught: " + failed.message()};
  }
  return signal_set{std::move(caught)};
}

signal_set::signal_set(std::shared_ptr<detail::caught_signals> caught) noexcept
    : caught_(std::move(caught)) {}
signal_set::signal_set(signal_set&& from) noexcept = default;
signal_set& signal_set::operator=(signal_set&& from) noexcept = default;
signal_set::~signal_set() = default;

task<int> signal_set::next() {
  const std::shared_ptr<detail::caught_signals> caught = caught_;
  co_await checkpoint();
  if (caught->is_awaited) co_return error{"another task already waits for these signals"};
  const detail::one_at_a_time turn{caught->is_awaited};
  while (caught->arrived.empty()) {
    // What Asio keeps must not keep the set alive, which keeps Asio alive.
    const auto start = [&caught](auto handler) {
      const auto slot = asio::get_associated_cancellation_slot(handler);
      const std::weak_ptr<detail::caught_signals> kept = caught;
      caught->set.async_wait(asio::bind_cancellation_slot(
          slot, [kept, handler = std::move(handler)](std::error_code how, int which) mutable {
            const auto into = kept.lock();
            if (!how && into != nullptr) into->arrived.push_back(which);
            handler(how);
          }));
    };
    detail::io_wait arrival{*caught->on, "a signal", start};
    const std::error_code failed = co_await arrival;
    if (failed) co_return error{"waiting for a signal failed: " + failed.message()};
  }
  const int first = caught->arrived.front();
  caught->arrived.pop_front();
  co_return first;
}

} // namespace cancelscope
