// What is alive in a trace as its events pass by: for each region, task and obligation that is not gone, the events that
// made it what it is. A snapshot holds these, as they were written, so that a reader can begin after it.
//
// Gone is what was released, and what belongs to a region that closed. A cancel is kept as long as its target, or
// as long as another that is kept has it as its cause.
//
// Ownership: copies what it keeps.
// Threading: an object is used by one thread at a time.
// Failure:   none. An event that makes no sense is passed over; readers judge.
#pragma once

#include "trace-format/events.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <unordered_map>
#include <vector>

namespace cancelscope::trace {

class living {
public:
  void take(const event& e);

  /// Calls `use` for every event that is needed, in the order in which they came. Forgets what is gone.
  void for_each_needed(const std::function<void(const event&)>& use);

  /// So many are kept; some of them may have gone since the last call of for_each_needed.
  [[nodiscard]] std::uint64_t events() const noexcept { return kept_; }

private:
  static constexpr std::size_t none = ~std::size_t{0};

  /// Records (recording/record.hpp), each behind its place in the order of all events.
  struct story {
    std::vector<std::byte> bytes;
    std::uint32_t records = 0;
    std::size_t wait = none; ///< where a task_wait begins that is the last record and not over
  };
  struct tenant {
    std::uint64_t generation = 0;   ///< 0: the slot is free
    std::optional<region_id> owner; ///< a region's parent; whose a task or an obligation is
    bool closed = false;
    bool needed = false;
    story events;
  };
  struct request {
    std::uint64_t number = 0;
    std::optional<cancel_id> cause;
    entity_id target;
    bool needed = false;
    std::size_t at = 0; ///< its record in `requests_` story
  };

  /// The tenants of one kind. Slots are dense as a rule; large numbers lie apart.
  class slots {
  public:
    tenant& at(std::uint64_t slot);
    tenant* find(std::uint64_t slot, std::uint64_t generation);
    template <class Visit> void for_each(Visit visit) {
      for (tenant& dense : dense_)
        if (dense.generation != 0) visit(dense);
      for (auto& [slot, sparse] : sparse_)
        if (sparse.generation != 0) visit(sparse);
    }

  private:
    static constexpr std::uint64_t most_dense = std::uint64_t{1} << 20U;
    std::vector<tenant> dense_;
    std::unordered_map<std::uint64_t, tenant> sparse_;
  };

  template <class Body> void take_body(const event& e, const Body& body);
  slots& of(entity_kind kind);
  tenant* find(entity_id id);
  tenant& introduce(entity_id id, std::optional<region_id> owner);
  void release(tenant& gone);
  void end_wait(tenant& task);
  /// What an event adds to the story of whom it is about; nothing where that one is not known.
  tenant* add(entity_id who, const event& e);
  void add(story& to, const event& e);
  void mark_needed();
  void forget_rest();

  std::array<slots, 3> slots_;
  std::vector<request> requests_; ///< rising in number as a rule
  story request_events_;
  std::uint64_t order_ = 0;
  std::uint64_t kept_ = 0;
};

} // namespace cancelscope::trace
