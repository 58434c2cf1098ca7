// One wait for something from outside. Private to runtime/io: nothing else includes Asio.
//
// What is waited for is that something can be done, never that it was done: a socket is read and written, and a
// connection taken, by the task itself when it runs. A wait that is given up has therefore changed nothing.
//
// Ownership: the wait lives in the awaiting frame; what Asio calls back outlives it when that frame is destroyed by
//            force, and is told so.
// Threading: that of the executor. Failure: the error code that the await gives.
#pragma once

#include "runtime/executor/job.hpp"
#include "runtime/io/reactor.hpp"

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>

#include <cstddef>
#include <memory>
#include <string_view>
#include <system_error>
#include <utility>

namespace cancelscope::detail {

struct reactor_state {
  asio::io_context context{1}; // run by one thread
  asio::executor_work_guard<asio::io_context::executor_type> open{context.get_executor()};
  std::size_t watched = 0; ///< what Asio has not called back for
};

/// A wait as Asio sees it.
struct watched_event {
  explicit watched_event(reactor_state& in) : on(in) {}

  void happened(std::error_code how) noexcept {
    --on.watched;
    ended = how;
    if (wait_op* const told = std::exchange(waiting, nullptr)) told->complete();
  }

  reactor_state& on;
  wait_op* waiting = nullptr; ///< nobody any more: it happened, or the frame is gone
  std::error_code ended{};
  asio::cancellation_signal give_up{};
};

/// `start(handler)` begins an operation of Asio's that calls `handler(std::error_code)`.
template <class Start> class [[nodiscard]] io_wait final : public wait_op {
public:
  io_wait(reactor_state& in, std::string_view label, Start start)
      : event_(std::make_shared<watched_event>(in)), label_(label), start_(std::move(start)) {}
  ~io_wait() { event_->waiting = nullptr; }

  std::error_code await_resume() const noexcept { return event_->ended; }
  bool abandon() noexcept override {
    if (event_->waiting == nullptr) return true;
    event_->give_up.emit(asio::cancellation_type::total);
    return false; // Asio calls back once more
  }

private:
  bool begin() override {
    event_->waiting = this;
    ++event_->on.watched;
    start_(asio::bind_cancellation_slot(
        event_->give_up.slot(), [kept = event_](std::error_code how) { kept->happened(how); }));
    return false;
  }
  [[nodiscard]] wait_fact fact() const override {
    return {.on = trace::wait_reason::io, .label = label_};
  }

  std::shared_ptr<watched_event> event_;
  std::string_view label_;
  Start start_;
};

/// While it lives, its user is the only one.
class one_at_a_time {
public:
  explicit one_at_a_time(bool& in_use) : in_use_(in_use) { in_use_ = true; }
  one_at_a_time(const one_at_a_time&) = delete;
  one_at_a_time& operator=(const one_at_a_time&) = delete;
  ~one_at_a_time() { in_use_ = false; }

private:
  bool& in_use_;
};

} // namespace cancelscope::detail
