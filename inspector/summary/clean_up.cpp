#include "inspector/summary/words.hpp"
#include "inspector/text/describe.hpp"
#include "inspector/text/units.hpp"
#include "inspector/timeline/state.hpp"
#include "trace-format/names.hpp"

#include <fmt/format.h>

#include <map>

namespace cancelscope::inspector::words {

namespace {

/// What is told of a clean-up, as times.
struct clean_up_times {
  const trace_store& trace;
  const explanation& why;

  [[nodiscard]] std::uint64_t at(event_index e) const { return trace.time_of(e); }
  [[nodiscard]] std::uint64_t requested() const { return at(why.phases.requested); }
  /// The end of draining: finalizing, or completed.
  [[nodiscard]] event_index drained() const {
    return why.phases.finalizing ? why.phases.finalizing : why.phases.completed;
  }
};

std::string ended_with(const explanation& why) {
  const bool region = why.target.type() == entity_type::region;
  if (!why.outcome) return region ? "closed" : "ended";
  return fmt::format("{} *{}*", region ? "closed" : "ended", to_string(*why.outcome));
}

/// "for 3.1 ms of its 5 ms", "for 8 ms, 3 ms past its deadline,", "at once".
std::string drain_length(const clean_up_times& times, const std::optional<cleanup_budget>& budget) {
  const std::uint64_t drained = times.at(times.drained()) - times.at(times.why.phases.draining);
  if (drained == 0) return "at once";
  std::string text = "for " + duration_text(drained);
  if (!budget || budget->granted() == 0) return text;
  if (times.at(times.drained()) <= budget->deadline)
    return fmt::format("{} of its {}", text, duration_text(budget->granted()));
  return fmt::format("{}, {} past its deadline,", text,
                     duration_text(times.at(times.drained()) - budget->deadline));
}

std::string unfinished(const clean_up_times& times) {
  const phase_events& phases = times.why.phases;
  if (times.why.unknown_since) {
    const std::string_view was = phases.finalizing ? "was finalizing"
                                 : phases.draining ? "was draining"
                                                   : "had not reacted";
    return fmt::format("; it {} when events went missing at {}, and what became of it is not known",
                       was, time_text(times.at(times.why.unknown_since)));
  }
  const std::uint64_t last = times.trace.last_time();
  const std::string_view end =
      times.trace.ended_in_order() ? "when the trace ended" : "when the trace was cut off";
  const std::string since = duration_text(last - times.requested());
  if (phases.finalizing)
    return fmt::format("; it was still finalizing {}, {} after the request", end, since);
  if (phases.draining)
    return fmt::format("; it was still draining {}, {} after the request", end, since);
  return fmt::format("; it had not reacted {}, {} after the request", end, since);
}

bool exhausted(const explanation& why, const std::optional<cleanup_budget>& budget) {
  return why.outcome == trace::outcome_kind::panicked && budget && budget->exhausted;
}

} // namespace

std::string clean_up(const trace_store& trace, const explanation& why) {
  const phase_events& phases = why.phases;
  if (!phases.requested) return {};
  const clean_up_times times{trace, why};
  if (!phases.completed) return unfinished(times);

  const auto budget = cleanup_budget_at(trace, why.target, end_of(trace));
  if (exhausted(why, budget)) {
    const std::string given =
        budget->granted() > 0 ? " of " + duration_text(budget->granted()) : std::string{};
    return fmt::format("; its clean-up budget{} was exhausted, and it {}", given, ended_with(why));
  }
  const bool stopped = why.outcome != trace::outcome_kind::ok;
  if (phases.draining && phases.draining < times.drained())
    return fmt::format("; it drained {} and {}{}", drain_length(times, budget), ended_with(why),
                       stopped ? "" : " all the same");
  const std::uint64_t after = times.at(phases.completed) - times.requested();
  if (after == 0) return fmt::format("; it {} at once", ended_with(why));
  return fmt::format("; it {} {} later{}", ended_with(why), duration_text(after),
                     stopped ? "" : ", all the same");
}

std::string left_behind(const trace_store& trace, const explanation& why) {
  if (why.leaked_obligations.empty()) return {};
  std::map<trace::obligation_kind, std::vector<std::string>> by_kind;
  for (const obligation_index o : why.leaked_obligations)
    by_kind[trace[o].kind].push_back(label_of(trace, o));
  std::vector<std::string> parts;
  for (const auto& [kind, labels] : by_kind) {
    const bool has_no_plural = kind == trace::obligation_kind::io;
    const std::string_view what = word_for(kind);
    parts.push_back(fmt::format(
        "{} behind: {}", counted(labels.size(), what, has_no_plural ? what : std::string_view{}),
        list(labels)));
  }
  return fmt::format(" It left {}.", list(parts, parts.size()));
}

} // namespace cancelscope::inspector::words
