// watch: the latest value of something, and to be told when there is a newer one.
//
// Setting never waits. A watcher sees the newest value, not each: what was replaced before it looked is never seen, by
// design. What it has not looked at counts as new until it has; a cancelled watcher has seen nothing.
//
// Threading: used from tasks of one executor. Watchers may outlive the source.
// Failure:   `changed` gives nothing when the source is gone and the last value was seen.
//
//     watch<config> settings{"settings", load()};
//     r.spawn("worker", work(settings.watcher()));    // while (auto c = co_await settings.changed()) ...
//     settings.set(load());
#pragma once

#include "runtime/channels/shared_state.hpp"
#include "runtime/channels/wait_queue.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace cancelscope {

namespace detail {

template <class Value> struct watch_state : shared_state {
  watch_state(std::string source_name, Value first)
      : name(std::move(source_name)), value(std::move(first)) {}

  std::string name;
  Value value;
  std::uint64_t version = 0;
  bool closed = false;
  wait_queue waiting{};
};

} // namespace detail

template <class Value> class [[nodiscard]] changed_op final : public queued_wait {
public:
  changed_op(detail::watch_state<Value>& watched, std::uint64_t& seen)
      : watched_(watched), seen_(seen) {}

  std::optional<Value> await_resume() {
    const runtime_entry entry;
    watched_.touch();
    if (seen_ == watched_.version) return std::nullopt;
    seen_ = watched_.version;
    return watched_.value;
  }
  bool abandon() noexcept override {
    watched_.touch();
    if (!is_done()) watched_.waiting.remove(*this);
    return true;
  }

private:
  bool begin() override {
    watched_.touch();
    if (seen_ != watched_.version || watched_.closed) return true;
    watched_.waiting.append(*this);
    return false;
  }
  [[nodiscard]] wait_fact fact() const override {
    return {.on = trace::wait_reason::channel, .label = watched_.name};
  }

  detail::watch_state<Value>& watched_;
  std::uint64_t& seen_;
};

template <class Value> class [[nodiscard]] watcher {
public:
  watcher(std::shared_ptr<detail::watch_state<Value>> watched, std::uint64_t seen)
      : watched_(std::move(watched)), seen_(seen) {}
  watcher(watcher&&) noexcept = default;
  watcher& operator=(watcher&&) noexcept = default;

  /// Waits for a value that this watcher has not seen.
  [[nodiscard]] changed_op<Value> changed() { return changed_op<Value>{*watched_, seen_}; }
  /// A copy of the value now, without waiting and without counting it as seen.
  [[nodiscard]] Value now() const {
    const runtime_entry entry;
    watched_->touch();
    return watched_->value;
  }

private:
  std::shared_ptr<detail::watch_state<Value>> watched_;
  std::uint64_t seen_;
};

template <class Value> class watch {
public:
  watch(std::string name, Value value)
      : watched_(std::make_shared<detail::watch_state<Value>>(std::move(name), std::move(value))) {}
  watch(const watch&) = delete;
  watch& operator=(const watch&) = delete;
  ~watch() {
    const runtime_entry entry;
    watched_->touch();
    watched_->closed = true;
    watched_->waiting.wake_all();
  }

  void set(Value value) {
    const runtime_entry entry;
    watched_->touch();
    watched_->value = std::move(value);
    ++watched_->version;
    watched_->waiting.wake_all();
  }
  /// A copy of the value now.
  [[nodiscard]] Value now() const {
    const runtime_entry entry;
    watched_->touch();
    return watched_->value;
  }
  /// One that has seen the value as it is now.
  [[nodiscard]] cancelscope::watcher<Value> watcher() const {
    const runtime_entry entry;
    return cancelscope::watcher<Value>{watched_, watched_->version};
  }

private:
  std::shared_ptr<detail::watch_state<Value>> watched_;
};

} // namespace cancelscope
