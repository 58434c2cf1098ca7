#include "inspector/summary/words.hpp"
#include "inspector/text/describe.hpp"
#include "inspector/text/units.hpp"

#include <fmt/format.h>

namespace cancelscope::inspector::words {

namespace {

event_index beginning_of(const trace_store& trace, entity who) {
  if (const auto region = who.as<region_index>()) return trace[region].opened;
  if (const auto task = who.as<task_index>()) return trace[task].spawned;
  return {};
}

/// Who made the request had just failed: then that is why a region failed fast.
bool had_failed(const trace_store& trace, task_index who, event_index by) {
  if (!who) return false;
  const task_row& row = trace[who];
  return row.outcome && row.ended < by &&
         (*row.outcome == trace::outcome_kind::err ||
          *row.outcome == trace::outcome_kind::panicked);
}

/// The error itself only where the request does not say more.
std::string failure_of(const trace_store& trace, const cancel_row& row) {
  const std::string_view error = trace.text(trace[row.origin_task].error);
  const std::string who = label_of(trace, row.origin_task);
  return error.empty() || row.message ? who + " failed"
                                      : fmt::format("{} failed (“{}”)", who, error);
}

/// "by a request of `operator`", with the target where that is another than whom we speak of.
std::string user_reason(const trace_store& trace, const cancel_row& row, bool own,
                        const std::string& where) {
  std::string who = " whose maker is not in the trace";
  if (row.origin_task)
    who = " of " + label_of(trace, row.origin_task);
  else if (row.origin_region)
    who = " made in " + titled(trace, row.origin_region);
  if (own) return "by a request" + who;
  return fmt::format("by a request{} to cancel {}", row.origin_task || row.origin_region ? who : "",
                     where);
}

/// Nothing is known but that it came from above.
std::string parent_reason(const trace_store& trace, const cancel_row& row, bool own,
                          const std::string& where) {
  if (row.origin_region && entity{row.origin_region} != row.target)
    return fmt::format("because {} was cancelled or closed", titled(trace, row.origin_region));
  return fmt::format("because a region above {} was cancelled or closed", own ? "it" : where);
}

std::string timeout_reason(const trace_store& trace, cancel_index cancel, bool own,
                           const std::string& where) {
  const auto length = timeout_length(trace, cancel);
  const std::string of = length ? " of " + duration_text(*length) : std::string{};
  return own ? fmt::format("by its own timeout{}", of)
             : fmt::format("by a timeout{} on {}", of, where);
}

std::string fail_fast_reason(const trace_store& trace, const cancel_row& row, bool own,
                             const std::string& where) {
  const bool named = had_failed(trace, row.origin_task, row.requested);
  const std::string failure =
      named ? failure_of(trace, row) : std::string("something beside it failed");
  if (own) return "because " + failure;
  return named ? fmt::format("because {} and {} fails fast", failure, where)
               : fmt::format("because something in {} failed", where);
}

} // namespace

std::optional<std::uint64_t> timeout_length(const trace_store& trace, cancel_index cancel) {
  const cancel_row& row = trace[cancel];
  if (row.kind != trace::cancel_kind::timeout) return std::nullopt;
  const auto limits = trace.limits_of(row.target);
  if (!limits || !limits->deadline) return std::nullopt;
  const std::uint64_t began = trace.time_of(beginning_of(trace, row.target));
  // A request before that deadline came from some other clock.
  if (*limits->deadline <= began || trace.time_of(row.requested) < *limits->deadline)
    return std::nullopt;
  return *limits->deadline - began;
}

std::string reason(const trace_store& trace, cancel_index cancel, entity stopped) {
  const cancel_row& row = trace[cancel];
  const bool own = row.target == stopped;
  const std::string where = titled(trace, row.target);
  switch (row.kind) {
  case trace::cancel_kind::user:
    return user_reason(trace, row, own, where);
  case trace::cancel_kind::timeout:
    return timeout_reason(trace, cancel, own, where);
  case trace::cancel_kind::budget:
    return own ? "because its budget was used up"
               : fmt::format("because the budget of {} was used up", where);
  case trace::cancel_kind::fail_fast:
    return fail_fast_reason(trace, row, own, where);
  case trace::cancel_kind::race_lost:
    return own ? "because it lost a race" : fmt::format("because {} lost a race", where);
  case trace::cancel_kind::parent:
    return parent_reason(trace, row, own, where);
  case trace::cancel_kind::shutdown:
    return own ? "by a shutdown" : "by the shutdown of " + where;
  case trace::cancel_kind::other:
    break;
  }
  const std::string kind = fmt::format("by a cancel of kind “{}”", trace.text(row.kind_name));
  return own ? kind : fmt::format("{} on {}", kind, where);
}

std::string asker(const trace_store& trace, cancel_index cancel) {
  const cancel_row& row = trace[cancel];
  const bool said_already = row.kind == trace::cancel_kind::user ||
                            row.kind == trace::cancel_kind::parent ||
                            (row.kind == trace::cancel_kind::fail_fast &&
                             had_failed(trace, row.origin_task, row.requested));
  if (said_already) return {};
  if (row.origin_task) return ", asked for by " + label_of(trace, row.origin_task);
  if (row.origin_region && entity{row.origin_region} != row.target)
    return ", asked for in " + titled(trace, row.origin_region);
  return {};
}

std::string list(const std::vector<std::string>& items, std::size_t most) {
  std::string text;
  const std::size_t shown = items.size() > most ? most : items.size();
  for (std::size_t i = 0; i < shown; ++i) {
    const bool last = i + 1 == items.size();
    if (i > 0) text += last ? " and " : ", ";
    text += items[i];
  }
  if (shown < items.size()) text += fmt::format(" and {} more", count_text(items.size() - shown));
  return text;
}

} // namespace cancelscope::inspector::words
