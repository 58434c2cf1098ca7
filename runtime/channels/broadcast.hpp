// broadcast: every subscriber receives every value, from its subscription on.
//
// A value is kept until the last subscriber has taken it. At most `places` are kept: then a sender waits for the
// slowest subscriber, so nobody misses anything. A subscriber that goes, cancelled or not, holds nobody up. A
// cancelled sender has sent to nobody; a cancelled subscriber has taken nothing.
//
// Threading: used from tasks of one executor. Subscribers may outlive the channel: they receive the rest.
// Failure:   `receive` gives nothing when the channel is gone and all was received.
//
//     broadcast<news> channel{"news", 8};
//     r.spawn("reader", read(channel.subscribe()));   // while (auto n = co_await reader.receive()) ...
//     co_await channel.send(headline);
#pragma once

#include "runtime/channels/shared_state.hpp"
#include "runtime/channels/wait_queue.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cancelscope {

namespace detail {

struct subscriber {
  std::uint64_t next = 0; ///< the number of the value it takes next
  wait_op* waiting = nullptr;
};

template <class Value> struct broadcast_state : shared_state {
  broadcast_state(std::string channel_name, std::size_t most)
      : name(std::move(channel_name)), places(most) {}

  std::string name;
  std::size_t places;
  std::size_t promised = 0; ///< places set aside for senders that have not run yet
  std::deque<Value> kept{};
  std::uint64_t first_kept = 0; ///< the number of the oldest one
  std::vector<subscriber*> subscribers{};
  wait_queue senders_waiting{};
  bool closed = false;

  [[nodiscard]] bool has_place() const noexcept { return kept.size() + promised < places; }

  void publish(Value value) {
    if (subscribers.empty()) {
      ++first_kept; // nobody is there to take it
      let_senders_in();
      return;
    }
    kept.push_back(std::move(value));
    wake_subscribers();
  }
  void wake_subscribers() noexcept {
    for (subscriber* each : subscribers)
      if (wait_op* const waiting = std::exchange(each->waiting, nullptr)) waiting->complete();
  }
  /// Lets go of what everybody has taken.
  void sweep() noexcept {
    std::uint64_t slowest = first_kept + kept.size();
    for (const subscriber* each : subscribers)
      slowest = std::min(slowest, each->next);
    while (first_kept < slowest) {
      kept.pop_front();
      ++first_kept;
    }
    let_senders_in();
  }
  void let_senders_in() noexcept {
    while (has_place() && senders_waiting.grant_first())
      ++promised;
  }
};

} // namespace detail

template <class Value> class [[nodiscard]] publish_op final : public queued_wait {
public:
  publish_op(detail::broadcast_state<Value>& channel, Value value)
      : channel_(channel), value_(std::move(value)) {}

  void await_resume() {
    const runtime_entry entry;
    channel_.touch();
    if (is_granted()) --channel_.promised;
    channel_.publish(std::move(value_));
  }
  bool abandon() noexcept override {
    channel_.touch();
    if (!is_granted()) {
      channel_.senders_waiting.remove(*this);
    } else {
      --channel_.promised;
      channel_.let_senders_in();
    }
    return true;
  }

private:
  bool begin() override {
    channel_.touch();
    if (channel_.has_place()) return true;
    channel_.senders_waiting.append(*this);
    return false;
  }
  [[nodiscard]] wait_fact fact() const override {
    return {.on = trace::wait_reason::channel, .label = channel_.name};
  }

  detail::broadcast_state<Value>& channel_;
  Value value_;
};

template <class Value> class [[nodiscard]] subscription;

template <class Value> class [[nodiscard]] next_op final : public wait_op {
public:
  next_op(detail::broadcast_state<Value>& channel, detail::subscriber& who)
      : channel_(channel), who_(who) {}

  std::optional<Value> await_resume() {
    const runtime_entry entry;
    channel_.touch();
    who_.waiting = nullptr;
    const std::uint64_t behind = who_.next - channel_.first_kept;
    if (behind >= channel_.kept.size()) return std::nullopt;
    std::optional<Value> taken{channel_.kept[behind]};
    ++who_.next;
    channel_.sweep();
    return taken;
  }
  bool abandon() noexcept override {
    who_.waiting = nullptr;
    return true;
  }

private:
  bool begin() override {
    channel_.touch();
    if (who_.next < channel_.first_kept + channel_.kept.size() || channel_.closed) return true;
    who_.waiting = this;
    return false;
  }
  [[nodiscard]] wait_fact fact() const override {
    return {.on = trace::wait_reason::channel, .label = channel_.name};
  }

  detail::broadcast_state<Value>& channel_;
  detail::subscriber& who_;
};

/// One reader's place in the stream.
template <class Value> class subscription {
public:
  explicit subscription(std::shared_ptr<detail::broadcast_state<Value>> channel)
      : channel_(std::move(channel)), who_(std::make_unique<detail::subscriber>()) {
    const runtime_entry entry;
    channel_->touch();
    who_->next = channel_->first_kept + channel_->kept.size();
    channel_->subscribers.push_back(who_.get());
  }
  subscription(subscription&&) noexcept = default;
  subscription& operator=(subscription&& from) noexcept {
    std::swap(channel_, from.channel_);
    std::swap(who_, from.who_);
    return *this;
  }
  ~subscription() {
    if (channel_ == nullptr) return;
    const runtime_entry entry;
    channel_->touch();
    std::erase(channel_->subscribers, who_.get());
    channel_->sweep();
  }

  /// The next value; nothing when the channel is gone and everything was received.
  [[nodiscard]] next_op<Value> receive() { return next_op<Value>{*channel_, *who_}; }

private:
  std::shared_ptr<detail::broadcast_state<Value>> channel_;
  std::unique_ptr<detail::subscriber> who_;
};

/// The sending end.
template <class Value> class broadcast {
public:
  /// Keeps at most so many values, at least one; the name is for the trace.
  broadcast(std::string name, std::size_t places)
      : channel_(std::make_shared<detail::broadcast_state<Value>>(std::move(name),
                                                                  places == 0 ? 1 : places)) {}
  broadcast(const broadcast&) = delete;
  broadcast& operator=(const broadcast&) = delete;
  ~broadcast() {
    const runtime_entry entry;
    channel_->touch();
    channel_->closed = true;
    channel_->wake_subscribers();
  }

  [[nodiscard]] subscription<Value> subscribe() { return subscription<Value>{channel_}; }
  /// Waits while the slowest subscriber has not taken what is kept, and sends to all.
  [[nodiscard]] publish_op<Value> send(Value value) {
    return publish_op<Value>{*channel_, std::move(value)};
  }
  [[nodiscard]] std::size_t subscribers() const noexcept {
    const runtime_entry entry;
    channel_->touch();
    return channel_->subscribers.size();
  }

private:
  std::shared_ptr<detail::broadcast_state<Value>> channel_;
};

} // namespace cancelscope
