#include "inspector/findings/rules.hpp"
#include "inspector/store/grouped.hpp"
#include "inspector/text/describe.hpp"
#include "inspector/timeline/tree.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cancelscope::inspector::rules {

void orphan_task(finding_list& list) {
  const trace_store& trace = list.trace;
  for (std::uint32_t i = 0; i < trace.tasks().size(); ++i) {
    const task_index task{i};
    const task_row& row = trace[task];
    const event_index closed = trace[row.region].closed();
    // None is later than any event: a task that never completed is an orphan of every closed region.
    if (!closed || row.completed() < closed || list.lost_between(row.spawned, closed)) continue;
    const event_index seen = std::max(closed, row.spawned);
    list.add(finding_code::orphan_task, task, seen,
             fmt::format("{} was not completed when its {} was closed.", label_of(trace, task),
                         titled(trace, row.region)));
  }
}

void unjoined_task(finding_list& list) {
  const trace_store& trace = list.trace;
  for (std::uint32_t i = 0; i < trace.tasks().size(); ++i) {
    const task_index task{i};
    const task_row& row = trace[task];
    if (row.joined_by_another) continue;
    const event_index closed = trace[row.region].closed();
    const event_index given_up = std::min(row.released, closed);
    if (!given_up || list.lost_between(row.spawned, given_up)) continue;
    list.add(finding_code::unjoined_task, task, given_up,
             row.joined ? fmt::format("Nobody but its {} joined {}.", titled(trace, row.region),
                                      label_of(trace, task))
                        : fmt::format("Nobody joined {}.", label_of(trace, task)));
  }
}

void region_never_closed(finding_list& list) {
  const event_index end = list.orderly_end();
  if (!end) return;
  for (std::uint32_t i = 0; i < list.trace.regions().size(); ++i) {
    const region_index region{i};
    const region_row& row = list.trace[region];
    if (row.closed() || list.lost_between(row.opened, end)) continue;
    list.add(finding_code::region_never_closed, region, end,
             fmt::format("The trace ended in order, and {} was not closed.",
                         titled(list.trace, region)));
  }
}

namespace {

/// Answers whether one is under another in constant time: the lanes of a subtree lie together.
class kinship {
public:
  explicit kinship(const trace_store& trace) : lanes_(all_lanes(trace)) {
    region_place_.resize(trace.regions().size());
    task_place_.resize(trace.tasks().size());
    for (std::uint32_t place = 0; place < lanes_.size(); ++place)
      place_of(lanes_[place].who) = place;
    for (std::uint32_t i = 0; i < trace.regions().size(); ++i)
      if (trace[region_index{i}].opened_by)
        opened_by_.add(trace[region_index{i}].opened_by, region_index{i});
  }

  /// Under a region: in its subtree. Under a task: in a region that the task opened.
  bool is_under(entity who, entity above) {
    if (const auto region = above.as<region_index>()) return who != above && within(who, region);
    const auto opened = opened_by_.of(above.as<task_index>());
    return std::any_of(opened.begin(), opened.end(),
                       [&](region_index r) { return within(who, r); });
  }

private:
  bool within(entity who, region_index region) {
    const std::uint32_t from = place_of(region);
    const std::uint32_t place = place_of(who);
    return place >= from && place < lanes_[from].subtree_end;
  }
  std::uint32_t& place_of(entity who) {
    return who.type() == entity_type::region ? region_place_[who.index()]
                                             : task_place_[who.index()];
  }

  std::vector<lane> lanes_;
  std::vector<std::uint32_t> region_place_;
  std::vector<std::uint32_t> task_place_;
  grouped<task_index, region_index> opened_by_;
};

} // namespace

void sibling_effect(finding_list& list) {
  const trace_store& trace = list.trace;
  kinship family(trace);
  for (std::uint32_t i = 0; i < trace.cancels().size(); ++i) {
    const cancel_row& row = trace[cancel_index{i}];
    if (row.kind != trace::cancel_kind::parent || !row.cause) continue;
    const entity above = trace[row.cause].target;
    if (row.target == above || family.is_under(row.target, above)) continue;
    list.add(finding_code::sibling_effect, row.target, row.requested,
             fmt::format("{} was cancelled as if it were under {}, and it is not.",
                         titled(trace, row.target), titled(trace, above)));
  }
}

} // namespace cancelscope::inspector::rules
