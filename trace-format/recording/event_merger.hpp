// Brings the events of many threads into one order in which time never falls.
//
// A thread reads its clock first and hands its event over afterwards, so what was collected up to now may lack an
// event that is older than what is there. Therefore an event waits one round: a round releases what is no
// later than the latest time that the round before had seen. An event that is handed over within a round of its
// own time is in its exact place, and the cause of another thread's event is before it. One that comes still later
// (its thread was off the processor that long, or kept using an old reading of the clock) cannot
// be put where it belongs any more without holding everybody's events back, and with them what a crash would lose: it
// is written when it comes, at the time of the event before it, and carries `late`, by how many ns its time
// was raised. So nothing is lost, t never falls, and no order is claimed that is not known. Equal times
// of different threads are in no particular order; those of one thread stay as they were.
//
// Ownership: copies what it is given. Threading: used by one thread at a time. Failure: none.
#pragma once

#include "trace-format/recording/record.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace cancelscope::trace {

class event_merger {
public:
  /// What has to be remembered of each thread.
  struct source {
    std::uint64_t t = 0;    ///< of its last event
    std::uint64_t lost = 0; ///< events it lost so far that are accounted for
  };

  void add(source& from, const std::byte* record, std::size_t size);
  /// The source says it has lost so many events since it began: what is not accounted for was lost after its last event.
  void add_lost(source& from, std::uint64_t lost);

  using writer = std::function<void(const event&)>;

  /// Ends a round: calls `write` for what may be released, in order.
  void end_round(const writer& write);
  /// The same for everything there is, whether it has waited or not.
  void release_all(const writer& write);

  /// The time of the last event released.
  [[nodiscard]] std::uint64_t released_until() const noexcept { return floor_; }

private:
  struct waiting_event {
    std::uint64_t t = 0; ///< its own time, or its source's last where that is later
    std::uint64_t order = 0;
    std::uint64_t lost_before = 0;
    std::size_t at = 0;   ///< in `bytes_`
    std::size_t size = 0; ///< 0: there is no event, only a loss
  };

  void release_until(std::uint64_t bound, const writer& write);
  void write_waiting(const waiting_event& next, const writer& write);

  std::vector<waiting_event> waiting_;
  std::uint64_t added_ = 0;
  std::vector<std::byte> bytes_;
  std::vector<std::byte> kept_bytes_;
  std::vector<extra_field> extras_;
  std::uint64_t seen_until_ = 0; ///< the latest time collected
  std::uint64_t bound_ = 0;      ///< the same, a round ago
  std::uint64_t floor_ = 0;
};

} // namespace cancelscope::trace
