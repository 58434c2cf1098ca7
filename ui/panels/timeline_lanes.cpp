#include "ui/panels/timeline_lanes.hpp"

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
  if (revision_ == open.revision && window_ == view.window && folds_ == view.folded_lanes) return;
  revision_ = open.revision;
  window_ = view.window;
  folds_ = view.folded_lanes;
  rows_.clear();
  places_.clear();
  for (std::uint32_t i = 0; i < open.lanes.size();) {
    const lane& one = open.lanes[i];
    // What is not there has nothing under it either.
    if (!lives_in(open.trace, one.who, view.window)) {
      i = one.subtree_end;
      continue;
    }
    const auto region = one.who.as<region_index>();
    const bool folded = region && view.folded_lanes.contains(region);
    places_.emplace(one.who, static_cast<int>(rows_.size()));
    rows_.push_back({one.who, one.depth, i, region && one.subtree_end > i + 1, folded});
    i = folded ? one.subtree_end : i + 1;
  }
}

int lane_list::row_of(const trace_store& trace, entity who) const {
  while (who) {
    if (const auto found = places_.find(who); found != places_.end()) return found->second;
    if (const auto task = who.as<task_index>())
      who = trace[task].region;
    else if (const auto region = who.as<region_index>())
      who = trace[region].parent;
    else if (const auto obligation = who.as<obligation_index>()) {
      const obligation_row& row = trace[obligation];
      who = row.task ? entity(row.task) : entity(row.region);
    } else if (const auto cancel = who.as<cancel_index>())
      who = trace[cancel].target;
    else
      break;
  }
  return -1;
}

} // namespace cancelscope::ui
