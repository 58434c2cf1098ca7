// Where one has been: the way back and forth through selections and zooms.
//
// Threading: a value of the interface's thread.
#pragma once

#include "ui/view/view_state.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace cancelscope::ui {

/// What one looked at: of the view, what a step back brings back.
struct visited_place {
  inspector::moment cursor{};
  std::uint64_t cursor_time = 0;
  selection selected{};
  inspector::entity subject{};
  time_range window{};

  friend bool operator==(const visited_place&, const visited_place&) = default;
};

visited_place place_of(const view_state& view);
void return_to(const visited_place& there, view_state& view);

class visited_places {
public:
  /// One is about to leave a place for somewhere new; what lay ahead is forgotten.
  void leave(const visited_place& here);
  /// Nothing where there is no further place in that direction. `here` is where a later step the other way leads.
  std::optional<visited_place> back(const visited_place& here);
  std::optional<visited_place> forth(const visited_place& here);
  void clear();

private:
  std::vector<visited_place> behind_;
  std::vector<visited_place> ahead_;
};

} // namespace cancelscope::ui
