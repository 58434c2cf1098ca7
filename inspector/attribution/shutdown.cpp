#include "inspector/attribution/shutdown.hpp"

#include "inspector/attribution/explain.hpp"
#include "inspector/timeline/state.hpp"

#include <algorithm>
#include <array>
#include <tuple>
#include <unordered_set>

namespace cancelscope::inspector {

namespace {

/// When it was over; none where it never was.
event_index end_of_life(const trace_store& trace, entity who) {
  if (const auto region = who.as<region_index>()) return trace[region].closed();
  if (const auto task = who.as<task_index>()) return trace[task].completed();
  if (const auto obligation = who.as<obligation_index>()) return trace[obligation].ended;
  return {};
}

/// Goes the critical path backward. Its place in the trace only ever moves to earlier events, but for the way down
/// to what never ended; so each region and each end of a task is come by once.
class path_finder {
public:
  path_finder(const trace_store& trace, event_index began) : trace_(trace), began_(began) {}

  /// From the end of the target: none where it never ended.
  void find(entity target, event_index ended, shutdown& out) {
    at_ = target;
    cursor_ = ended;
    seen_.insert(target);
    while (cursor_ > began_) {
      if (const auto region = at_.as<region_index>())
        from_region(region);
      else if (const auto task = at_.as<task_index>())
        from_task(task);
      else
        from_obligation(at_.as<obligation_index>());
    }
    std::reverse(steps_.begin(), steps_.end());
    out.path = std::move(steps_);
    out.circular = circular_;
  }

private:
  [[nodiscard]] std::uint64_t time_at(event_index e) const {
    return e ? trace_.time_of(e) : trace_.last_time();
  }

  /// Everything from there to the cursor was one thing. Pieces without length are left out, those alike joined.
  void step_back_to(event_index from, entity who, path_stage stage, wait_index wait = {}) {
    const path_step step{who, stage, wait, time_at(from), time_at(cursor_)};
    cursor_ = from;
    if (step.length() == 0) return;
    const bool goes_on = !steps_.empty() && steps_.back().who == who &&
                         steps_.back().stage == stage && steps_.back().wait == wait;
    if (goes_on)
      steps_.back().from = step.from;
    else
      steps_.push_back(step);
  }

  // ---- A region: what under it ended last held it up ----

  void from_region(region_index region) {
    entity last;
    event_index last_end;
    const auto consider = [&](entity who, event_index began) {
      const event_index end = end_of_life(trace_, who);
      // An orphan, not over when its region closed, did not hold it up.
      if (began >= cursor_ || end <= began_ || (cursor_ && end >= cursor_)) return;
      // What never ended came last; of several such the first is taken.
      if (!last || (last_end && end > last_end)) {
        last = who;
        last_end = end;
      }
    };
    for (const region_index child : trace_.children_of(region))
      consider(child, trace_[child].opened);
    for (const task_index task : trace_.tasks_of(region))
      consider(task, trace_[task].spawned);
    for (const obligation_index o : trace_.obligations_of(region))
      consider(o, trace_[o].opened);
    if (!last) return step_back_to(began_, region, path_stage::closing);
    if (last_end)
      step_back_to(last_end, region, path_stage::closing);
    else
      seen_.insert(last);
    at_ = last;
  }

  // ---- A task: what it did, piece by piece ----

  void from_task(task_index task) {
    const task_row& row = trace_[task];
    const wait_index wait = last_wait(task);
    const bool parked = wait && trace_[wait].ended >= cursor_;
    event_index from = std::max(began_, row.spawned);
    const auto not_before = [&](event_index e) {
      if (e && e < cursor_ && e > from) from = e;
    };
    if (wait) not_before(parked ? trace_[wait].began : trace_[wait].ended);
    for (const event_index e : {row.requested, row.phases[0], row.phases[1]})
      not_before(e);

    const path_stage stage = stage_of(row, from);
    if (parked && leads_on(trace_[wait], from)) {
      const entity awaited = trace_[wait].what;
      const event_index ended = end_of_life(trace_, awaited);
      if (ended) step_back_to(ended, task, stage, wait);
      if (ended || seen_.insert(awaited).second) {
        at_ = awaited;
        return;
      }
      circular_ = true; // neither ended, and each waits for the other in the end
    }
    step_back_to(from, task, stage, parked ? wait : wait_index{});
    // Before it was there its maker was at work.
    if (from != row.spawned || from <= began_) return;
    if (row.spawned_by)
      at_ = row.spawned_by;
    else
      step_back_to(began_, row.region, path_stage::working);
  }

  /// The last wait that began before the cursor.
  [[nodiscard]] wait_index last_wait(task_index task) const {
    const auto waits = trace_.waits_of(task);
    const auto next = std::partition_point(
        waits.begin(), waits.end(), [this](wait_index w) { return trace_[w].began < cursor_; });
    return next == waits.begin() ? wait_index{} : *(next - 1);
  }

  /// It waits for the end of somebody who ended after `from`, or who never did.
  [[nodiscard]] bool leads_on(const wait_row& wait, event_index from) const {
    const bool ends = wait.what.as<task_index>() || wait.what.as<region_index>();
    const event_index ended = end_of_life(trace_, wait.what);
    return ends && (ended ? ended > from && ended < cursor_ : !cursor_);
  }

  static path_stage stage_of(const task_row& row, event_index at) {
    if (row.phases[1] <= at) return path_stage::finalizing;
    if (row.phases[0] <= at) return path_stage::draining;
    return row.requested <= at ? path_stage::requested : path_stage::working;
  }

  void from_obligation(obligation_index obligation) {
    const obligation_row& row = trace_[obligation];
    step_back_to(std::max(began_, row.opened), obligation, path_stage::held);
    if (row.opened > began_) step_back_to(began_, row.region, path_stage::working);
  }

  const trace_store& trace_;
  event_index began_;
  entity at_;
  event_index cursor_; ///< none: the end of the trace
  std::vector<path_step> steps_;
  std::unordered_set<entity> seen_; ///< of those that never ended
  bool circular_ = false;
};

event_index beginning(const trace_store& trace, entity target) {
  const event_index requested = phases_of(trace, target).requested;
  const auto region = target.as<region_index>();
  if (requested || !region) return requested;
  const auto& moved = trace[region].moved;
  return *std::min_element(moved.begin(), moved.end());
}

/// Calls visit for each task under the target, and for each obligation of whomever.
template <class VisitTask, class VisitObligation>
void for_all_under(const trace_store& trace, entity target, VisitTask task, VisitObligation held) {
  const auto obligations_of = [&](entity owner) {
    for (const obligation_index o : trace.obligations_of(owner))
      held(o);
  };
  const auto visit_task = [&](task_index t) {
    task(t);
    obligations_of(t);
  };
  if (const auto t = target.as<task_index>()) return visit_task(t);
  std::vector<region_index> ahead{target.as<region_index>()};
  while (!ahead.empty()) {
    const region_index region = ahead.back();
    ahead.pop_back();
    obligations_of(region);
    for (const task_index t : trace.tasks_of(region))
      visit_task(t);
    for (const region_index child : trace.children_of(region))
      ahead.push_back(child);
  }
}

/// Never resolved first, then leaked, then the latest resolved.
auto urgency(const trace_store& trace, obligation_index o) {
  const obligation_row& row = trace[o];
  const int rank = !row.ended ? 0 : row.fate == trace::obligation_fate::leaked ? 1 : 2;
  return std::tuple{rank, row.ended ? ~row.ended.value() : 0U, o.value()};
}

} // namespace

std::string_view to_string(path_stage stage) {
  static constexpr std::array<std::string_view, 6> names{"working",    "requested", "draining",
                                                         "finalizing", "closing",   "held"};
  return names[static_cast<std::size_t>(stage)];
}

shutdown shutdown_of(const trace_store& trace, entity target) {
  shutdown made;
  made.target = target;
  made.began = beginning(trace, target);
  if (!made.began) return made;
  made.ended = phases_of(trace, target).completed;
  made.from = trace.time_of(made.began);
  made.to = made.ended ? trace.time_of(made.ended) : trace.last_time();
  if (made.ended && made.ended < made.began) { // asked to stop when it was over already
    made.to = made.from;
    return made;
  }
  path_finder(trace, made.began).find(target, made.ended, made);

  for_all_under(
      trace, target,
      [&](task_index t) {
        const event_index over = trace[t].completed();
        if (trace[t].spawned < made.began && over > made.began) ++made.alive;
        if (!over) made.not_done.push_back(t);
      },
      [&](obligation_index o) {
        if (trace[o].opened < made.began && trace[o].ended > made.began) made.held.push_back(o);
      });
  std::stable_sort(made.not_done.begin(), made.not_done.end(), [&](task_index a, task_index b) {
    return trace[a].requested < trace[b].requested;
  });
  std::sort(made.held.begin(), made.held.end(), [&](obligation_index a, obligation_index b) {
    return urgency(trace, a) < urgency(trace, b);
  });
  // One of a region and a task is come by twice.
  made.held.erase(std::unique(made.held.begin(), made.held.end()), made.held.end());
  return made;
}

const path_step* longest_step(const shutdown& of) {
  const auto longest =
      std::max_element(of.path.begin(), of.path.end(), [](const path_step& a, const path_step& b) {
        return a.length() < b.length();
      });
  return longest == of.path.end() ? nullptr : &*longest;
}

} // namespace cancelscope::inspector
