// Why something was cancelled: one request, and through `cause` the whole chain to the first.
//
// A cancellation is a cheap, shared, immutable value. Nothing in it is made up: an origin that is
// not known is absent. A chain longer than the kernel's set depth is cut there and says so
// (`truncated`).
//
// Threading: immutable once made; may be read from anywhere.
//
//     for (cancellation c = why; c; c = c.cause()) print(to_string(c.id()), c.message());
#pragma once

#include "runtime/kernel/clock.hpp"
#include "runtime/kernel/handles.hpp"
#include "runtime/kernel/place.hpp"
#include "trace-format/events.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace cancelscope {

using trace::cancel_kind;

class cancellation {
public:
  /// What one request recorded.
  struct record;

  /// No cancellation.
  cancellation() noexcept = default;
  explicit cancellation(std::shared_ptr<const record> r) noexcept : record_(std::move(r)) {}

  explicit operator bool() const noexcept { return record_ != nullptr; }

  // The following ask for a cancellation that exists; asking none is a broken invariant.
  [[nodiscard]] trace::cancel_id id() const;
  [[nodiscard]] cancel_kind kind() const;
  [[nodiscard]] trace::entity_id target() const;
  [[nodiscard]] std::optional<trace::region_id> origin_region() const;
  [[nodiscard]] std::optional<trace::task_id> origin_task() const;
  [[nodiscard]] time_ns requested_at() const;
  [[nodiscard]] std::string_view message() const;
  [[nodiscard]] place where() const;
  /// When the clean-up must be over; absent means that nothing bounds it.
  [[nodiscard]] std::optional<time_ns> deadline() const;
  /// The request that led to this one; none at the root, and none where the chain was cut.
  [[nodiscard]] cancellation cause() const;
  /// The weaker request that this one took over from, if there was one.
  [[nodiscard]] cancellation superseded() const;
  /// The chain was cut here: there was a cause, and it is not kept.
  [[nodiscard]] bool truncated() const;
  /// How many requests the chain holds, this one included.
  [[nodiscard]] std::size_t depth() const;
  /// The last request of the chain that is kept: the root cause, unless that one is truncated.
  [[nodiscard]] cancellation root() const;
  [[nodiscard]] std::string_view root_message() const;

  friend bool operator==(const cancellation& a, const cancellation& b) noexcept {
    return a.record_ == b.record_;
  }

private:
  std::shared_ptr<const record> record_;
};

struct cancellation::record {
  trace::cancel_id id;
  cancel_kind kind{};
  any_handle target;
  region_handle origin_region; ///< null: not known; so is the next
  task_handle origin_task;
  time_ns requested_at = 0;
  std::string message;
  place where;
  std::optional<time_ns> deadline;
  cancellation cause;
  cancellation superseded;
  bool truncated = false;
  std::size_t depth = 1;
};

} // namespace cancelscope
