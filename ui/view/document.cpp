#include "ui/view/document.hpp"

#include "inspector/attribution/explain.hpp"
#include "ui/view/words.hpp"

#include <algorithm>
#include <atomic>
#include <utility>

namespace cancelscope::ui {
namespace {

using namespace inspector;

density density_of(const trace_store& trace) {
  constexpr std::size_t stretches = 1024;
  density found{std::vector<std::uint32_t>(stretches), std::vector<std::uint32_t>(stretches)};
  const double length = std::max<double>(1, static_cast<double>(trace.last_time()));
  found.until = length;
  const auto stretch_of = [&](event_index e) {
    const double share = static_cast<double>(trace.time_of(e)) / length;
    return std::min(stretches - 1, static_cast<std::size_t>(share * stretches));
  };
  for (std::uint32_t i = 0; i < trace.event_count(); ++i)
    ++found.events[stretch_of(event_index{i})];
  for (const cancel_row& cancel : trace.cancels()) {
    if (cancel.took_effect()) ++found.cancels[stretch_of(cancel.requested)];
  }
  found.most_events = *std::max_element(found.events.begin(), found.events.end());
  return found;
}

bool ended_cancelled(const task_row& task) {
  return task.outcome == trace::outcome_kind::cancelled;
}

cancel_index last_effective(const trace_store& trace, entity target) {
  cancel_index found;
  for (const cancel_index c : trace.cancels_on(target)) {
    if (trace[c].took_effect()) found = c;
  }
  return found;
}

summary summary_of(const trace_store& trace) {
  summary found;
  const std::vector<cancel_index> ends = chain_ends(trace);
  std::vector<std::uint32_t> tasks(trace.cancels().size());
  for (std::uint32_t i = 0; i < trace.tasks().size(); ++i) {
    if (!ended_cancelled(trace.tasks()[i])) continue;
    ++found.cancelled_tasks;
    if (const cancel_index c = last_effective(trace, task_index{i})) {
      const cancel_index root = ends[c.value()];
      ++tasks[root.value()];
      ++found.tasks_by_kind[std::string(kind_name(trace, root))];
    }
  }
  for (std::uint32_t i = 0; i < tasks.size(); ++i) {
    if (tasks[i] > 0) found.roots.push_back({cancel_index{i}, tasks[i]});
  }
  std::stable_sort(found.roots.begin(), found.roots.end(),
                   [](const auto& a, const auto& b) { return a.tasks > b.tasks; });
  return found;
}

// How much a cancelled task has to tell: a long chain first, then a long clean-up.
std::pair<std::size_t, std::uint64_t> interest(const trace_store& trace, task_index task) {
  const explanation why = explain(trace, task);
  const event_index done = why.phases.completed;
  const std::uint64_t cleanup =
      why.phases.requested && done ? trace.time_of(done) - trace.time_of(why.phases.requested) : 0;
  return {why.chain.links.size(), cleanup};
}

bool is_under_cancellation(const trace_store& trace, entity who) {
  return (who.as<task_index>() || who.as<region_index>()) && last_effective(trace, who);
}

// Findings about a cancellation itself; the others may concern tasks that merely were cancelled too.
bool tells_of_cancellation(const finding& f) {
  return f.how_bad() == severity::error || f.code == finding_code::over_budget ||
         f.code == finding_code::slow_drain || f.code == finding_code::ignored_cancel;
}

} // namespace

const std::vector<slot_history>& document::slots_of(slot_kind kind) const {
  switch (kind) {
  case slot_kind::regions:
    return slots.regions;
  case slot_kind::tasks:
    return slots.tasks;
  case slot_kind::obligations:
    return slots.obligations;
  }
  return slots.tasks;
}

document make_early_document(trace_store so_far) {
  static std::atomic<std::uint64_t> revisions = 0;
  // The last part of a path or address is enough of a name.
  const std::string& path = so_far.name();
  document made{.name = path.substr(path.find_last_of('/') + 1),
                .revision = ++revisions,
                .trace = std::move(so_far),
                .still_arriving = true};
  made.lanes = all_lanes(made.trace);
  made.slots = slots_of(made.trace);
  made.activity = density_of(made.trace);
  made.totals = summary_of(made.trace);
  return made;
}

document make_document(trace_store trace) {
  document made = make_early_document(std::move(trace));
  made.still_arriving = false;
  made.findings = find_all(made.trace);
  for (const finding& f : made.findings) {
    ++made.findings_by_severity[static_cast<std::size_t>(f.how_bad())];
  }
  return made;
}

entity most_telling(const document& open) {
  for (const finding& f : open.findings) {
    if (tells_of_cancellation(f) && is_under_cancellation(open.trace, f.target)) return f.target;
  }
  task_index best;
  std::pair<std::size_t, std::uint64_t> most{};
  constexpr int enough = 20'000; // a sample tells as well as all of a huge trace
  int looked_at = 0;
  for (std::uint32_t i = 0; i < open.trace.tasks().size() && looked_at < enough; ++i) {
    if (!ended_cancelled(open.trace.tasks()[i])) continue;
    ++looked_at;
    const auto found = interest(open.trace, task_index{i});
    if (!best || found > most) {
      best = task_index{i};
      most = found;
    }
  }
  if (best) return best;
  return open.findings.empty() ? entity{} : open.findings.front().target;
}

moment telling_moment(const trace_store& trace, entity who) {
  if (const auto cancel = who.as<cancel_index>()) return moment::after(trace[cancel].requested);
  if (const auto obligation = who.as<obligation_index>()) {
    const obligation_row& row = trace[obligation];
    return moment::after(row.ended ? row.ended : row.opened);
  }
  if (const auto task = who.as<task_index>()) {
    const task_row& row = trace[task];
    // The last phase and the outcome may be two events of one moment: both are to be seen.
    const event_index end = row.ended && row.ended > row.completed() ? row.ended : row.completed();
    return moment::after(end ? end : row.requested ? row.requested : row.spawned);
  }
  if (const auto region = who.as<region_index>()) {
    const region_row& row = trace[region];
    return moment::after(row.closed() ? row.closed() : row.opened);
  }
  return end_of(trace);
}

lifetime lifetime_of(const trace_store& trace, entity who) {
  const auto span_of = [&](event_index from, event_index to) {
    return lifetime{from ? trace.time_of(from) : 0, to ? trace.time_of(to) : trace.last_time()};
  };
  if (const auto task = who.as<task_index>())
    return span_of(trace[task].spawned, trace[task].completed());
  if (const auto region = who.as<region_index>())
    return span_of(trace[region].opened, trace[region].closed());
  if (const auto obligation = who.as<obligation_index>()) {
    return span_of(trace[obligation].opened, trace[obligation].ended);
  }
  if (const auto cancel = who.as<cancel_index>()) {
    // From the request to the end of what it asked to end.
    const lifetime target = lifetime_of(trace, trace[cancel].target);
    const std::uint64_t at = trace.time_of(trace[cancel].requested);
    return {at, std::max(at, target.to)};
  }
  return {0, trace.last_time()};
}

} // namespace cancelscope::ui
