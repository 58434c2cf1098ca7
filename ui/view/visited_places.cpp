#include "ui/view/visited_places.hpp"

namespace cancelscope::ui {
namespace {

// Nobody walks back further, and a week of clicking does not grow the memory.
constexpr std::size_t most_places = 500;

std::optional<visited_place> walk(std::vector<visited_place>& from, std::vector<visited_place>& to,
                                  const visited_place& here) {
  while (!from.empty()) {
    const visited_place there = from.back();
    from.pop_back();
    if (there == here) continue;
    to.push_back(here);
    return there;
  }
  return {};
}

} // namespace

visited_place place_of(const view_state& view) {
  return {view.cursor, view.cursor_time, view.selected, view.subject, view.window};
}

void return_to(const visited_place& there, view_state& view) {
  view.cursor = there.cursor;
  view.cursor_time = there.cursor_time;
  view.selected = there.selected;
  view.subject = there.subject;
  view.window = there.window;
  ++view.reveal;
}

void visited_places::leave(const visited_place& here) {
  ahead_.clear();
  if (!behind_.empty() && behind_.back() == here) return;
  if (behind_.size() == most_places) behind_.erase(behind_.begin());
  behind_.push_back(here);
}

std::optional<visited_place> visited_places::back(const visited_place& here) {
  return walk(behind_, ahead_, here);
}

std::optional<visited_place> visited_places::forth(const visited_place& here) {
  return walk(ahead_, behind_, here);
}

void visited_places::clear() {
  behind_.clear();
  ahead_.clear();
}

} // namespace cancelscope::ui
