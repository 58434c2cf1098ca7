#include "trace-format/recording/event_merger.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace cancelscope::trace {

void event_merger::add(source& from, const std::byte* record, std::size_t size) {
  from.t = std::max(from.t, time_of(record));
  seen_until_ = std::max(seen_until_, from.t);
  const std::uint64_t lost = std::max(from.lost, lost_of(record));
  const std::uint64_t lost_before = lost - std::exchange(from.lost, lost);
  waiting_.push_back({from.t, added_++, lost_before, bytes_.size(), size});
  bytes_.insert(bytes_.end(), record, record + size);
}

void event_merger::add_lost(source& from, std::uint64_t lost) {
  if (lost <= from.lost) return;
  waiting_.push_back({from.t, added_++, lost - std::exchange(from.lost, lost), bytes_.size(), 0});
}

void event_merger::end_round(const writer& write) {
  release_until(bound_, write);
  bound_ = seen_until_;
}

void event_merger::release_all(const writer& write) {
  release_until(std::numeric_limits<std::uint64_t>::max(), write);
  bound_ = seen_until_;
}

void event_merger::release_until(std::uint64_t bound, const writer& write) {
  // Where times are equal, what came first stays first: above all within a thread.
  std::ranges::sort(waiting_, {}, [](const waiting_event& e) { return std::pair{e.t, e.order}; });
  const auto kept = std::ranges::upper_bound(waiting_, bound, {}, &waiting_event::t);
  for (auto at = waiting_.begin(); at != kept; ++at)
    write_waiting(*at, write);
  waiting_.erase(waiting_.begin(), kept);

  kept_bytes_.clear();
  for (waiting_event& kept_event : waiting_) {
    const auto from = bytes_.begin() + static_cast<std::ptrdiff_t>(kept_event.at);
    kept_event.at = kept_bytes_.size();
    kept_bytes_.insert(kept_bytes_.end(), from,
                       from + static_cast<std::ptrdiff_t>(kept_event.size));
  }
  std::swap(bytes_, kept_bytes_);
}

void event_merger::write_waiting(const waiting_event& next, const writer& write) {
  floor_ = std::max(floor_, next.t);
  if (next.lost_before != 0) write({.t = floor_, .body = dropped_events{next.lost_before}});
  if (next.size == 0) return;
  event e = event_of(bytes_.data() + next.at, extras_);
  std::string late;
  if (e.t < floor_) {
    late = std::to_string(floor_ - e.t);
    extras_.push_back({"late", late});
    e.t = floor_;
    e.extra = extras_;
  }
  write(e);
}

} // namespace cancelscope::trace
