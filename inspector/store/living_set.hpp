// Which regions and tasks are there as of any moment: a list of them now and then, and between two lists what came and
// went. A list is written the less often the longer it is, so all of them together stay small beside the events.
//
// Threading: as std::vector. Failure: none.
#pragma once

#include "inspector/store/indexes.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace cancelscope::inspector {

class living_set {
public:
  /// At an event: somebody came, or went.
  void came(entity who, event_index at) {
    changes_.push_back({at, who});
    std::vector<std::uint32_t>& places = places_of(who);
    if (places.size() <= who.index()) places.resize(who.index() + 1, gone);
    places[who.index()] = static_cast<std::uint32_t>(now_.size());
    now_.push_back(who);
    list_now_and_then(at);
  }
  /// What is neither region nor task does not count.
  void went(entity who, event_index at) {
    if (who.type() != entity_type::region && who.type() != entity_type::task) return;
    std::vector<std::uint32_t>& places = places_of(who);
    if (who.index() >= places.size() || places[who.index()] == gone) return;
    changes_.push_back({at, who});
    const std::uint32_t place = std::exchange(places[who.index()], gone);
    now_[place] = now_.back();
    now_.pop_back();
    if (place < now_.size()) places_of(now_[place])[now_[place].index()] = place;
    list_now_and_then(at);
  }

  /// All that may be there when the events before `happened` have happened, in no order; some of them may not be.
  [[nodiscard]] std::vector<entity> candidates(std::uint32_t happened) const {
    const auto list = std::ranges::upper_bound(lists_, happened, {}, &list_of::after);
    std::vector<entity> found;
    std::size_t next = 0; // of the changes since
    if (list != lists_.begin()) {
      const list_of& last = *(list - 1);
      const auto begin = listed_.begin() + static_cast<std::ptrdiff_t>(last.begin);
      found.assign(begin, begin + static_cast<std::ptrdiff_t>(last.size));
      next = last.changes;
    }
    for (; next < changes_.size() && changes_[next].at.value() < happened; ++next)
      found.push_back(changes_[next].who);
    std::ranges::sort(found);
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
  }

private:
  static constexpr std::uint32_t gone = ~std::uint32_t{0};

  struct change {
    event_index at;
    entity who;
  };
  struct list_of {
    std::uint32_t after = 0; ///< so many events have happened
    std::uint32_t size = 0;
    std::size_t begin = 0;   ///< in `listed_`
    std::size_t changes = 0; ///< so many are in it
  };

  std::vector<std::uint32_t>& places_of(entity who) {
    return places_[who.type() == entity_type::region ? 0 : 1];
  }

  void list_now_and_then(event_index at) {
    constexpr std::size_t apart = 4096;
    const std::size_t last = lists_.empty() ? 0 : lists_.back().changes;
    if (changes_.size() - last < std::max(apart, 2 * now_.size())) return;
    lists_.push_back(
        {at.value() + 1, static_cast<std::uint32_t>(now_.size()), listed_.size(), changes_.size()});
    listed_.insert(listed_.end(), now_.begin(), now_.end());
  }

  std::vector<change> changes_;
  std::vector<entity> now_;
  std::array<std::vector<std::uint32_t>, 2>
      places_; ///< in `now_`, by the index of a region, of a task
  std::vector<list_of> lists_;
  std::vector<entity> listed_;
};

} // namespace cancelscope::inspector
