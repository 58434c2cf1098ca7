// oneshot: one value from one to one.
//
// Sending uses the sender up, so that a second value cannot be sent; it never waits. A receiver that is cancelled has
// taken nothing: the value stays, and can be received in the clean-up. A sender that goes without having sent tells
// the receiver so.
//
// Threading: used from tasks of one executor.
// Failure:   `receive` gives an error when no value will come; `send` gives the value back when nobody can receive it.
//
//     auto [reply, answer] = oneshot<price>("price of order 17");
//     r.spawn("ask", ask(std::move(reply)));          // std::move(reply).send(found);
//     outcome<price> p = co_await answer.receive();
#pragma once

#include "runtime/channels/shared_state.hpp"
#include "runtime/executor/job.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace cancelscope {

template <class Value> class oneshot_receiver;

namespace detail {

template <class Value> struct oneshot_state : shared_state {
  explicit oneshot_state(std::string channel_name) : name(std::move(channel_name)) {}

  std::string name;
  std::optional<Value> value{};
  bool sender_gone = false;
  bool receiver_gone = false;
  wait_op* waiting = nullptr;
};

} // namespace detail

template <class Value> class [[nodiscard]] oneshot_sender {
public:
  explicit oneshot_sender(std::shared_ptr<detail::oneshot_state<Value>> state)
      : state_(std::move(state)) {}
  oneshot_sender(oneshot_sender&&) noexcept = default;
  oneshot_sender& operator=(oneshot_sender&& from) noexcept {
    leave();
    state_ = std::move(from.state_);
    return *this;
  }
  ~oneshot_sender() { leave(); }

  /// Hands the value over. Gives it back when the receiver is gone.
  std::optional<Value> send(Value value) && {
    const runtime_entry entry;
    state_->touch();
    if (state_->receiver_gone) return value;
    state_->value.emplace(std::move(value));
    leave();
    return std::nullopt;
  }
  /// Nobody will ever receive it: sending is in vain.
  [[nodiscard]] bool is_abandoned() const noexcept {
    const runtime_entry entry;
    state_->touch();
    return state_->receiver_gone;
  }

private:
  void leave() noexcept {
    if (state_ == nullptr) return;
    const runtime_entry entry;
    state_->touch();
    state_->sender_gone = true;
    if (state_->waiting != nullptr) state_->waiting->complete();
    state_.reset();
  }

  std::shared_ptr<detail::oneshot_state<Value>> state_;
};

template <class Value> class [[nodiscard]] oneshot_receive_op final : public wait_op {
public:
  explicit oneshot_receive_op(detail::oneshot_state<Value>& state) : state_(state) {}

  outcome<Value> await_resume() {
    const runtime_entry entry;
    state_.touch();
    state_.waiting = nullptr;
    if (!state_.value) return error{"'" + state_.name + "': the sender went without sending"};
    return *std::exchange(state_.value, std::nullopt);
  }
  bool abandon() noexcept override {
    state_.waiting = nullptr;
    return true;
  }

private:
  bool begin() override {
    state_.touch();
    if (state_.value || state_.sender_gone) return true;
    state_.waiting = this;
    return false;
  }
  [[nodiscard]] wait_fact fact() const override {
    return {.on = trace::wait_reason::channel, .label = state_.name};
  }

  detail::oneshot_state<Value>& state_;
};

template <class Value> class [[nodiscard]] oneshot_receiver {
public:
  explicit oneshot_receiver(std::shared_ptr<detail::oneshot_state<Value>> state)
      : state_(std::move(state)) {}
  oneshot_receiver(oneshot_receiver&&) noexcept = default;
  oneshot_receiver& operator=(oneshot_receiver&& from) noexcept {
    leave();
    state_ = std::move(from.state_);
    return *this;
  }
  ~oneshot_receiver() { leave(); }

  /// Waits for the value, or for there never to be one.
  [[nodiscard]] oneshot_receive_op<Value> receive() { return oneshot_receive_op<Value>{*state_}; }

private:
  void leave() noexcept {
    if (state_ == nullptr) return;
    const runtime_entry entry;
    state_->touch();
    state_->receiver_gone = true;
    state_.reset();
  }

  std::shared_ptr<detail::oneshot_state<Value>> state_;
};

/// Both ends of a new channel; the name is for the trace.
template <class Value>
std::pair<oneshot_sender<Value>, oneshot_receiver<Value>> oneshot(std::string name) {
  auto state = std::make_shared<detail::oneshot_state<Value>>(std::move(name));
  return {oneshot_sender<Value>{state}, oneshot_receiver<Value>{state}};
}

} // namespace cancelscope
