#include "inspector/summary/shutdown.hpp"

#include "inspector/summary/words.hpp"
#include "inspector/text/describe.hpp"
#include "inspector/text/units.hpp"
#include "inspector/timeline/certainty.hpp"
#include "inspector/timeline/state.hpp"
#include "trace-format/names.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cancelscope::inspector {

namespace {

/// ", waiting for a timer `backoff`"; empty where it was not parked.
std::string waiting(const trace_store& trace, wait_index wait) {
  return wait ? ", waiting for " + awaited(trace, wait) : std::string{};
}

/// Ended *cancelled* without any phase: its producer tells no phases, and when it began to clean up is not known.
bool told_no_phases(const trace_store& trace, entity who) {
  const auto task = who.as<task_index>();
  if (!task) return false;
  const task_row& row = trace[task];
  return row.outcome == trace::outcome_kind::cancelled && row.phases == decltype(row.phases){};
}

/// What it did, and for how long where that is said: "drained for 8.2 ms, waiting for a timer".
std::string did(const trace_store& trace, const path_step& step, const std::string& length) {
  const std::string rest = length + waiting(trace, step.wait);
  switch (step.stage) {
  case path_stage::working:
    return (step.wait ? "was at work" : "ran") + rest;
  case path_stage::requested:
    if (!told_no_phases(trace, step.who)) return "did not react" + rest;
    if (length.empty()) return "was ending" + rest;
    return fmt::format("took{} to end{}", length.substr(length.rfind(" for ") + 4),
                       waiting(trace, step.wait));
  case path_stage::draining:
    return "drained" + rest;
  case path_stage::finalizing:
    return "ran its finalizers" + rest;
  case path_stage::closing:
    return "was closing" + rest + ", with everything under it over";
  case path_stage::held:
    break;
  }
  return "was held" + rest;
}

/// ", and had been draining for 3 ms, waiting for I/O `read`": how it was when the trace ended.
std::string how_it_was(const trace_store& trace, task_index task) {
  const moment end = end_of(trace);
  const std::string parked = waiting(trace, wait_at(trace, task, end));
  const task_row& row = trace[task];
  const auto since = [&](event_index e) {
    return duration_text(trace.last_time() - trace.time_of(e));
  };
  if (row.phases[1])
    return fmt::format(" and had been finalizing for {}{}", since(row.phases[1]), parked);
  if (row.phases[0])
    return fmt::format(" and had been draining for {}{}", since(row.phases[0]), parked);
  if (row.requested)
    return fmt::format(" and had not reacted for {}{}", since(row.requested), parked);
  return " and was never asked to stop" + parked;
}

/// Empty where the region's end is known not to be in the trace.
std::string not_known(const trace_store& trace, const shutdown& of) {
  const moment end = end_of(trace);
  const event_index lost = unknown_since(trace, of.target, end);
  if (!lost) return {};
  std::string text = fmt::format("Whether it closed is not known: events are missing at {}.",
                                 time_text(trace.time_of(lost)));
  std::vector<std::string> whose;
  for (const task_index task : of.not_done)
    if (unknown_since(trace, task, end)) whose.push_back(label_of(trace, task));
  if (whose.empty()) return text;
  return text + fmt::format(" Nor is what became of {}.", words::list(whose, 2));
}

std::string still_open_region(const trace_store& trace, const shutdown& of) {
  if (std::string lost = not_known(trace, of); !lost.empty()) return lost;
  std::string text = fmt::format(
      "It was not closed when the trace {}, {} after {}.",
      trace.ended_in_order() ? "ended" : "was cut off", duration_text(of.length()),
      trace.kind_of(of.began) == event_kind::cancel ? "the request" : "it began to close");
  if (of.not_done.empty()) return text + " No task under it was left.";
  const task_index first = of.not_done.front();
  if (const event_index lost = unknown_since(trace, first, end_of(trace)))
    return fmt::format("{} What became of {} is not known: events are missing at {}.", text,
                       label_of(trace, first), time_text(trace.time_of(lost)));
  text +=
      fmt::format(" {} had not completed{}", as_subject(trace, first), how_it_was(trace, first));
  if (of.not_done.size() > 1)
    text += fmt::format("; nor had {}", counted(of.not_done.size() - 1, "other task"));
  text += ".";
  if (of.circular) text += " In the end they wait for each other.";
  return text;
}

/// Its state and since when the summary says already.
std::string unfinished_task(const trace_store& trace, const shutdown& of) {
  const auto task = of.target.as<task_index>();
  const moment end = end_of(trace);
  const wait_index wait = wait_at(trace, task, end);
  if (!wait || unknown_since(trace, task, end)) return {};
  return fmt::format("When the trace {}, it was waiting for {}{}.",
                     trace.ended_in_order() ? "ended" : "was cut off", awaited(trace, wait),
                     of.circular ? ", which in the end waits for it" : "");
}

} // namespace

std::string describe(const trace_store& trace, const path_step& step) {
  return as_subject(trace, step.who) + " " + did(trace, step, {});
}

std::string held_up_sentence(const trace_store& trace, const shutdown& of) {
  if (!of.began) return {};
  const bool region = of.target.type() == entity_type::region;
  if (!of.ended) return region ? still_open_region(trace, of) : unfinished_task(trace, of);
  const path_step* longest = longest_step(of);
  if (longest == nullptr) return {};
  const bool asked = trace.kind_of(of.began) == event_kind::cancel;
  std::string text = fmt::format("It took {} from {} to {}", duration_text(of.length()),
                                 asked ? "the request" : "the beginning of the close",
                                 region ? "its close" : "its end");
  const std::string length = duration_text(longest->length());
  if (longest->who != of.target)
    return text + fmt::format(". {} held it up longest: it {}.", as_subject(trace, longest->who),
                              did(trace, *longest, " for " + length));
  // What the phases say already is not said again.
  if (!region && !longest->wait) return {};
  return text + fmt::format("; {} of that it {}.", length, did(trace, *longest, {}));
}

std::string holding_sentence(const trace_store& trace, const shutdown& of) {
  if (of.held.empty()) return {};
  std::vector<std::string> each;
  constexpr std::size_t most = 4;
  for (const obligation_index o : std::span(of.held).first(std::min(most, of.held.size()))) {
    const obligation_row& row = trace[o];
    const std::string holder = row.task ? " by " + label_of(trace, row.task) : std::string{};
    std::string fate =
        fate_unknown_since(trace, o) ? "what became of it is not known" : "never resolved";
    if (row.fate && *row.fate == trace::obligation_fate::leaked)
      fate = "leaked";
    else if (row.fate)
      fate = fmt::format("{} {} later", to_string(*row.fate),
                         duration_text(trace.time_of(row.ended) - of.from));
    each.push_back(fmt::format("{}{} ({})", titled(trace, o), holder, fate));
  }
  if (of.held.size() > most)
    each.push_back(fmt::format("{} more", count_text(of.held.size() - most)));
  const bool asked = trace.kind_of(of.began) == event_kind::cancel;
  return fmt::format("When {}, {} held: {}.", asked ? "the request came" : "it began to close",
                     counted(of.held.size(), "obligation was", "obligations were"),
                     words::list(each, each.size()));
}

} // namespace cancelscope::inspector
