#include "ui/panels/timeline_lanes.hpp"

#include "ui/view/words.hpp"

#include <algorithm>

namespace cancelscope::ui {
namespace {

using namespace inspector;

// From its beginning to its release, since it is shown pinned until then.
bool lives_in(const trace_store& trace, entity who, const time_range& window) {
  event_index from;
  event_index to;
  if (const auto task = who.as<task_index>()) {
    from = trace[task].spawned;
    to = trace[task].completed() ? trace[task].completed() : trace[task].released;
  } else {
    const region_row& row = trace[who.as<region_index>()];
    from = row.opened;
    to = row.closed() ? row.closed() : row.released;
  }
  if (from && static_cast<double>(trace.time_of(from)) > window.end) return false;
  return !to || static_cast<double>(trace.time_of(to)) >= window.begin;
}

} // namespace

void lane_list::derive(const document& open, const view_state& view) {
  if (revision_ == open.revision && window_ == view.window && folds_ == view.folded_lanes &&
      pins_ == view.pinned_lanes && hides_ == view.hidden_lanes)
    return;
  revision_ = open.revision;
  window_ = view.window;
  folds_ = view.folded_lanes;
  pins_ = view.pinned_lanes;
  hides_ = view.hidden_lanes;
  rows_.clear();
  places_.clear();
  add_pinned(open);
  count_hidden(open);
  for (std::uint32_t i = 0; i < open.lanes.size();) {
    const lane& one = open.lanes[i];
    // What is not there has nothing under it either.
    if (hides_.contains(one.who) || !lives_in(open.trace, one.who, view.window)) {
      i = one.subtree_end;
      continue;
    }
    const auto region = one.who.as<region_index>();
    const bool folded = region && view.folded_lanes.contains(region);
    const std::uint32_t next = folded ? one.subtree_end : i + 1;
    // It stands at the top.
    if (places_.contains(one.who)) {
      i = next;
      continue;
    }
    places_.emplace(one.who, static_cast<int>(rows_.size()));
    rows_.push_back({one.who, one.depth, i, region && one.subtree_end > i + 1, folded});
    i = next;
  }
}

// Wherever they live, and without what is under them: one lane each.
void lane_list::add_pinned(const document& open) {
  pinned_ = 0;
  if (pins_.empty()) return;
  for (const entity who : pins_) {
    const auto at = std::find_if(open.lanes.begin(), open.lanes.end(),
                                 [who](const lane& one) { return one.who == who; });
    if (at == open.lanes.end() || places_.contains(who)) continue;
    places_.emplace(who, pinned_++);
    rows_.push_back({.who = who, .lane = static_cast<std::uint32_t>(at - open.lanes.begin())});
  }
}

void lane_list::count_hidden(const document& open) {
  hidden_ = 0;
  for (std::uint32_t i = 0; !hides_.empty() && i < open.lanes.size();) {
    const lane& one = open.lanes[i];
    const bool hidden = hides_.contains(one.who);
    if (hidden) hidden_ += one.subtree_end - i;
    i = hidden ? one.subtree_end : i + 1;
  }
}

int lane_list::row_of(const trace_store& trace, entity who) const {
  while (who) {
    if (const auto found = places_.find(who); found != places_.end()) return found->second;
    who = owner_of(trace, who);
  }
  return -1;
}

} // namespace cancelscope::ui
