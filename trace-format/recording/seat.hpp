// Where one thread puts its events for one recorder.
//
// Threading: `write` from the thread it belongs to; the fields say who else may touch them.
// Failure:   an event for which there is no room is counted.
#pragma once

#include "trace-format/recording/byte_ring.hpp"
#include "trace-format/recording/event_merger.hpp"
#include "trace-format/recording/record.hpp"

#include <atomic>
#include <cstdint>

namespace cancelscope::trace {

struct seat {
  seat(std::uint64_t recorder_id, std::size_t buffer_bytes)
      : recorder(recorder_id), ring(buffer_bytes) {}

  /// Producer. Returns whether the buffer should be collected soon.
  template <class Body> bool write(const event& e, const Body& body) noexcept {
    std::byte* record = ring.reserve(record_bound(e, body));
    if (record == nullptr) {
      lost.store(++lost_so_far, std::memory_order_release);
      return true;
    }
    const bool news = lost_so_far != lost_said;
    ring.publish(put_record(record, e, body, news ? lost_so_far : 0));
    lost_said = lost_so_far;
    return ring.half_full();
  }

  const std::uint64_t recorder; ///< the id of the recorder it belongs to
  byte_ring ring;
  std::uint64_t lost_so_far = 0;         ///< producer's, like the next
  std::uint64_t lost_said = 0;           ///< what the records written say of it
  std::atomic<std::uint64_t> lost = 0;   ///< the same, for all to see
  std::atomic<bool> thread_left = false; ///< nothing more will come
  std::atomic<bool> recorder_left = false;
  event_merger::source merged; ///< the collecting side's
};

} // namespace cancelscope::trace
