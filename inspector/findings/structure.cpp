#include "inspector/attribution/explain.hpp"
#include "inspector/findings/rules.hpp"
#include "inspector/text/describe.hpp"
#include "inspector/timeline/tree.hpp"
#include "trace-format/names.hpp"

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
             fmt::format("{} was not completed when its {} was closed.", as_subject(trace, task),
                         titled(trace, row.region)),
             {row.spawned, row.completed()});
  }
}

namespace {

std::string joined_by(const trace_store& trace, const task_row& row) {
  if (!row.joined) return "was never joined";
  return fmt::format("was joined by nobody but its {}", titled(trace, row.region));
}

/// What was lost with the outcome that nobody took.
std::string what_was_lost(const trace_store& trace, const task_row& row) {
  if (row.outcome == trace::outcome_kind::cancelled && phases_of(trace, row.region).requested)
    return row.joined ? ", and was cancelled with it" : ", and was cancelled with its region";
  if (row.outcome != trace::outcome_kind::err && row.outcome != trace::outcome_kind::panicked)
    return {};
  if (!row.error) return fmt::format("; that it ended *{}* went unseen", to_string(*row.outcome));
  return fmt::format("; its error “{}” went unseen", trace.text(row.error));
}

} // namespace

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
             fmt::format("{} {}{}.", as_subject(trace, task), joined_by(trace, row),
                         what_was_lost(trace, row)),
             {row.ended, row.joined});
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
             fmt::format("{} was still open when the trace ended in order.",
                         as_subject(list.trace, region)),
             {row.opened});
  }
}

namespace {

/// Answers whether one is under another in constant time, or all but: the lanes of a subtree lie together.
class kinship {
public:
  explicit kinship(const trace_store& trace) : lanes_(all_lanes(trace)) {
    region_place_.resize(trace.regions().size());
    task_place_.resize(trace.tasks().size());
    for (std::uint32_t place = 0; place < lanes_.size(); ++place)
      place_of(lanes_[place].who) = place;
    for (std::uint32_t i = 0; i < trace.regions().size(); ++i) {
      const std::uint32_t place = region_place_[i];
      if (trace[region_index{i}].opened_by)
        opened_.push_back({trace[region_index{i}].opened_by, place, lanes_[place].subtree_end});
    }
    std::sort(opened_.begin(), opened_.end(), before);
    for (std::size_t i = 1; i < opened_.size(); ++i)
      if (opened_[i].by == opened_[i - 1].by)
        opened_[i].farthest_end = std::max(opened_[i].farthest_end, opened_[i - 1].farthest_end);
  }

  /// Under a region: in its subtree. Under a task: in a region that the task opened.
  bool is_under(entity who, entity above) {
    const std::uint32_t place = place_of(who);
    if (const auto region = above.as<region_index>()) {
      const std::uint32_t from = place_of(region);
      return who != above && place >= from && place < lanes_[from].subtree_end;
    }
    const opened_region asked{above.as<task_index>(), place, 0};
    const auto after = std::upper_bound(opened_.begin(), opened_.end(), asked, before);
    return after != opened_.begin() && (after - 1)->by == asked.by &&
           place < (after - 1)->farthest_end;
  }

private:
  struct opened_region {
    task_index by;
    std::uint32_t place = 0;
    std::uint32_t farthest_end = 0; ///< of it and of those before it that the same task opened
  };
  static bool before(const opened_region& a, const opened_region& b) {
    return a.by != b.by ? a.by < b.by : a.place < b.place;
  }

  std::uint32_t& place_of(entity who) {
    return who.type() == entity_type::region ? region_place_[who.index()]
                                             : task_place_[who.index()];
  }

  std::vector<lane> lanes_;
  std::vector<std::uint32_t> region_place_;
  std::vector<std::uint32_t> task_place_;
  std::vector<opened_region> opened_;
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
                         as_subject(trace, row.target), titled(trace, above)),
             {trace[row.cause].requested});
  }
}

} // namespace cancelscope::inspector::rules
