// mpsc: a bounded channel from many senders to one receiver.
//
// Sending is two steps: reserve a place, which may wait; commit a value to it, which never does. `send` is both at
// once. A sender that is cancelled while it waits has sent nothing; one that holds a reserved place and is cancelled
// gives the place back. A value is handed over whole when the receiver runs: a receiver that is cancelled has taken
// nothing. So every value that was sent is received exactly once, or dies with the channel.
//
// A reserved place is an obligation (`permit`) of the holder's region; a `send` that reserves and commits in one step
// leaves nothing open in between and needs none.
//
// Places are given to those who wait in turn. Values are received in the order in which they were committed.
//
// Threading: used from tasks of one executor.
// Failure:   `send` and `reserve` give an error when the receiver is gone; `receive` gives nothing when all senders are
//            and everything sent has been received.
//
//     auto [orders, inbox] = mpsc<order>("orders", 16);
//     r.spawn("accept", accept(orders));              // co_await orders.send(o); senders can be copied
//     while (std::optional<order> next = co_await inbox.receive()) ...
#pragma once

#include "runtime/channels/shared_state.hpp"
#include "runtime/channels/wait_queue.hpp"
#include "runtime/executor/region.hpp"

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace cancelscope {

namespace detail {

template <class Value> struct mpsc_state : shared_state {
  mpsc_state(std::string channel_name, std::size_t places)
      : name(std::move(channel_name)), free_places(places) {}

  std::string name;
  std::size_t free_places;
  std::deque<Value> sent{};
  std::size_t senders = 0; ///< those who may still commit a value: sending ends and reserved places
  bool receiver_gone = false;
  wait_queue senders_waiting{};
  wait_op* receiver_waiting = nullptr;

  [[nodiscard]] error nobody_receives() const {
    return error{"'" + name + "': nobody receives any more"};
  }
  void commit(Value value) {
    touch();
    sent.push_back(std::move(value));
    wake_receiver();
  }
  void wake_receiver() noexcept {
    if (receiver_waiting != nullptr) receiver_waiting->complete();
  }
  void give_place_back() noexcept {
    touch();
    if (!senders_waiting.grant_first()) ++free_places;
  }
  void sender_leaves() noexcept {
    touch();
    if (--senders == 0) wake_receiver();
  }
};

/// Waits for a place; what both ways of sending share.
template <class Value> class place_op : public queued_wait {
public:
  explicit place_op(mpsc_state<Value>& channel) : channel_(channel) {}

  bool abandon() noexcept final {
    if (is_granted())
      channel_.give_place_back();
    else if (!is_done())
      channel_.senders_waiting.remove(*this);
    return true;
  }

protected:
  ~place_op() override = default;
  [[nodiscard]] mpsc_state<Value>& channel() const noexcept { return channel_; }
  /// False when nobody receives; then there is no place, either.
  [[nodiscard]] bool has_place() noexcept {
    if (!channel_.receiver_gone) return true;
    if (took_ || is_granted()) ++channel_.free_places;
    return false;
  }

private:
  bool begin() final {
    channel_.touch();
    if (channel_.receiver_gone) return true;
    if (channel_.free_places == 0) {
      channel_.senders_waiting.append(*this);
      return false;
    }
    --channel_.free_places;
    took_ = true;
    return true;
  }
  [[nodiscard]] wait_fact fact() const final {
    return {.on = trace::wait_reason::channel, .label = channel_.name};
  }

  mpsc_state<Value>& channel_;
  bool took_ = false;
};

} // namespace detail

/// A reserved place: sent to once, or given back when it goes.
template <class Value> class [[nodiscard]] reserved_place {
public:
  reserved_place(std::shared_ptr<detail::mpsc_state<Value>> channel, obligation duty) noexcept
      : channel_(std::move(channel)), duty_(std::move(duty)) {
    const runtime_entry entry;
    ++channel_->senders;
  }
  reserved_place(reserved_place&&) noexcept = default;
  reserved_place& operator=(reserved_place&& from) noexcept {
    std::swap(channel_, from.channel_);
    std::swap(duty_, from.duty_);
    return *this;
  }
  ~reserved_place() {
    if (channel_ == nullptr) return;
    const runtime_entry entry;
    channel_->give_place_back(); // the duty aborts itself
    channel_->sender_leaves();
  }

  /// Never waits, never fails to send; the value is lost only if the receiver goes without taking it.
  void send(Value value) && {
    const runtime_entry entry;
    duty_.commit();
    const auto channel = std::exchange(channel_, nullptr);
    channel->commit(std::move(value));
    channel->sender_leaves();
  }

private:
  std::shared_ptr<detail::mpsc_state<Value>> channel_;
  obligation duty_;
};

template <class Value> class [[nodiscard]] send_op final : public detail::place_op<Value> {
public:
  send_op(detail::mpsc_state<Value>& channel, Value value)
      : detail::place_op<Value>(channel), value_(std::move(value)) {}

  outcome<void> await_resume() {
    const runtime_entry entry;
    if (!this->has_place()) return this->channel().nobody_receives();
    this->channel().commit(std::move(value_));
    return {};
  }

private:
  Value value_;
};

template <class Value> class [[nodiscard]] reserve_op final : public detail::place_op<Value> {
public:
  explicit reserve_op(std::shared_ptr<detail::mpsc_state<Value>> channel)
      : detail::place_op<Value>(*channel), kept_(std::move(channel)) {}

  outcome<reserved_place<Value>> await_resume() {
    const runtime_entry entry;
    if (!this->has_place()) return kept_->nobody_receives();
    job& holder = this->awaiting_job();
    const region here{holder.runs_on(), holder.runs_on().core().region_of(holder.handle())};
    return reserved_place<Value>{kept_, here.reserve(obligation_kind::permit, kept_->name)};
  }

private:
  std::shared_ptr<detail::mpsc_state<Value>> kept_;
};

/// One of the sending ends. A copy is another sender.
template <class Value> class mpsc_sender {
public:
  explicit mpsc_sender(std::shared_ptr<detail::mpsc_state<Value>> channel)
      : channel_(std::move(channel)) {
    const runtime_entry entry;
    ++channel_->senders;
  }
  mpsc_sender(const mpsc_sender& other) : mpsc_sender(other.channel_) {}
  mpsc_sender(mpsc_sender&&) noexcept = default;
  mpsc_sender& operator=(mpsc_sender other) noexcept {
    std::swap(channel_, other.channel_);
    return *this;
  }
  ~mpsc_sender() {
    if (channel_ == nullptr) return;
    const runtime_entry entry;
    channel_->sender_leaves();
  }

  /// Waits for a place, and sends. An error when nobody receives any more.
  [[nodiscard]] send_op<Value> send(Value value) const {
    return send_op<Value>{*channel_, std::move(value)};
  }
  /// Waits for a place only.
  [[nodiscard]] reserve_op<Value> reserve() const { return reserve_op<Value>{channel_}; }

private:
  std::shared_ptr<detail::mpsc_state<Value>> channel_;
};

template <class Value> class [[nodiscard]] mpsc_receive_op final : public wait_op {
public:
  explicit mpsc_receive_op(detail::mpsc_state<Value>& channel) : channel_(channel) {}

  std::optional<Value> await_resume() {
    const runtime_entry entry;
    channel_.touch();
    channel_.receiver_waiting = nullptr;
    if (channel_.sent.empty()) return std::nullopt;
    std::optional<Value> first{std::move(channel_.sent.front())};
    channel_.sent.pop_front();
    channel_.give_place_back();
    return first;
  }
  bool abandon() noexcept override {
    channel_.receiver_waiting = nullptr;
    return true;
  }

private:
  bool begin() override {
    channel_.touch();
    if (!channel_.sent.empty() || channel_.senders == 0) return true;
    channel_.receiver_waiting = this;
    return false;
  }
  [[nodiscard]] wait_fact fact() const override {
    return {.on = trace::wait_reason::channel, .label = channel_.name};
  }

  detail::mpsc_state<Value>& channel_;
};

/// The receiving end. When it goes, senders are told, and what was not received goes with it.
template <class Value> class [[nodiscard]] mpsc_receiver {
public:
  explicit mpsc_receiver(std::shared_ptr<detail::mpsc_state<Value>> channel)
      : channel_(std::move(channel)) {}
  mpsc_receiver(mpsc_receiver&&) noexcept = default;
  mpsc_receiver& operator=(mpsc_receiver&& from) noexcept {
    leave();
    channel_ = std::move(from.channel_);
    return *this;
  }
  ~mpsc_receiver() { leave(); }

  /// The next value; nothing when all senders are gone and everything was received.
  [[nodiscard]] mpsc_receive_op<Value> receive() { return mpsc_receive_op<Value>{*channel_}; }
  /// Sent, and not yet received.
  [[nodiscard]] std::size_t waiting() const noexcept {
    const runtime_entry entry;
    channel_->touch();
    return channel_->sent.size();
  }

private:
  void leave() noexcept {
    if (channel_ == nullptr) return;
    const runtime_entry entry;
    channel_->touch();
    channel_->receiver_gone = true;
    channel_->senders_waiting.wake_all();
    channel_.reset();
  }

  std::shared_ptr<detail::mpsc_state<Value>> channel_;
};

/// Both ends of a new channel with so many places, at least one; the name is for the trace.
template <class Value>
std::pair<mpsc_sender<Value>, mpsc_receiver<Value>> mpsc(std::string name, std::size_t places) {
  auto channel =
      std::make_shared<detail::mpsc_state<Value>>(std::move(name), places == 0 ? 1 : places);
  return {mpsc_sender<Value>{channel}, mpsc_receiver<Value>{channel}};
}

} // namespace cancelscope
