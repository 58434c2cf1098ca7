#include "inspector/summary/sentence.hpp"

#include "inspector/attribution/effects.hpp"
#include "inspector/summary/words.hpp"
#include "inspector/text/describe.hpp"
#include "inspector/text/units.hpp"
#include "inspector/timeline/certainty.hpp"
#include "inspector/timeline/state.hpp"
#include "trace-format/names.hpp"

#include <fmt/format.h>

namespace cancelscope::inspector {

namespace {

/// ", by way of region `payment`": the targets between the root cause and the target.
std::string way(const trace_store& trace, const explanation& why) {
  const auto& links = why.chain.links;
  if (links.size() < 3) return {};
  constexpr std::size_t most_named = 2;
  if (links.size() - 2 > most_named)
    return fmt::format(", by way of {}", counted(links.size() - 2, "more request"));
  std::vector<std::string> between;
  for (std::size_t i = links.size() - 2; i > 0; --i)
    between.push_back(titled(trace, trace[links[i]].target));
  return ", by way of " + words::list(between);
}

/// What to say where the chain is cut: never a root cause.
std::string cut_words(const trace_store& trace, const explanation& why) {
  const cancel_index last = why.chain.truncated_at();
  const std::string id = trace.id_of(last);
  const cancel_row& row = trace[last];
  switch (why.chain.cut) {
  case chain_cut::by_producer:
    return fmt::format(" What led to it is not known: the producer cut the chain at {}.", id);
  case chain_cut::cause_missing:
    return fmt::format(
        " What led to it is not known: {} was caused by {}, which is not in the trace.", id,
        trace::to_string(*row.cause_id));
  case chain_cut::cause_cycle:
    if (*row.cause_id == row.id)
      return fmt::format(" What led to it is not known: the trace says that {} caused itself.", id);
    return fmt::format(
        " What led to it is not known: the trace says that {} caused itself, by way of {}.", id,
        trace::to_string(*row.cause_id));
  case chain_cut::whole:
    break;
  }
  return {};
}

/// "c1 (user)".
std::string with_kind(const trace_store& trace, cancel_index cancel) {
  const cancel_row& row = trace[cancel];
  return fmt::format("{} ({})", trace.id_of(cancel),
                     row.kind == trace::cancel_kind::other ? trace.text(row.kind_name)
                                                           : trace::to_string(row.kind));
}

/// What was in effect before, and what took over.
std::string superseded_words(const trace_store& trace, const explanation& why) {
  std::string text;
  if (!why.superseded.empty()) {
    std::vector<std::string> before;
    for (const cancel_index c : why.superseded)
      before.push_back(with_kind(trace, c));
    text = fmt::format(" It was under cancellation before: {} took over from {}.",
                       trace.id_of(why.chain.links.front()), words::list(before));
  }
  if (const cancel_index next = why.superseded_by)
    text += fmt::format(" {} took over at {}.", with_kind(trace, next),
                        time_text(trace.time_of(trace[next].requested)));
  return text;
}

std::string never_cancelled(const trace_store& trace, const explanation& why) {
  const bool region = why.target.type() == entity_type::region;
  const event_index over = why.phases.completed;
  const std::string_view said =
      why.unknown_since ? " was not cancelled, as far as the trace tells" : " was never cancelled";
  std::string text = fmt::format("{}{}", as_subject(trace, why.target), said);
  if (why.handed_on) text += " itself";
  if (over) {
    text += region ? "; it closed" : "; it ended";
    if (why.outcome) text += fmt::format(" *{}*", to_string(*why.outcome));
    if (why.handed_on)
      text += fmt::format(", handing on the cancellation of {} ({})",
                          label_of(trace, trace[why.handed_on].target), trace.id_of(why.handed_on));
  } else if (why.unknown_since) {
    text += fmt::format("; what became of it is not known, as events are missing at {}",
                        time_text(trace.time_of(why.unknown_since)));
  } else if (exists_at(trace, why.target, end_of(trace))) {
    text += trace.ended_in_order() ? "; it was not over when the trace ended"
                                   : "; it was not over when the trace was cut off";
  }
  return text + "." + words::left_behind(trace, why);
}

std::string cancelled(const trace_store& trace, const explanation& why) {
  const cancel_index origin = why.chain.links.back();
  // Whoever ended otherwise was asked to stop, but was not stopped.
  const bool stopped = why.target.type() == entity_type::region || !why.outcome ||
                       *why.outcome == trace::outcome_kind::cancelled ||
                       *why.outcome == trace::outcome_kind::panicked;
  return as_subject(trace, why.target) + (stopped ? " was cancelled " : " was asked to stop ") +
         words::reason(trace, origin, why.target) + words::message(trace, origin) +
         words::asker(trace, origin) + way(trace, why) + words::clean_up(trace, why) + "." +
         cut_words(trace, why) + superseded_words(trace, why) + words::left_behind(trace, why);
}

/// Of a request that was absorbed: why it changed nothing, and how it went with the target all the same.
std::string absorbed(const trace_store& trace, const explanation& why) {
  const cancel_index asked = why.chain.links.front();
  const cancel_index origin = why.chain.links.back();
  const bool region = why.target.type() == entity_type::region;
  std::string text = fmt::format("{} changed nothing: {} was asked to stop ", trace.id_of(asked),
                                 region ? titled(trace, why.target) : label_of(trace, why.target)) +
                     words::reason(trace, origin, why.target) + words::message(trace, origin) +
                     words::asker(trace, origin) + way(trace, why);
  if (why.phases.completed < trace[asked].requested)
    text += " when it was over already";
  else if (why.absorbed_by)
    text += fmt::format(" and was under {} already", with_kind(trace, why.absorbed_by));
  return text + words::clean_up(trace, why) + "." + cut_words(trace, why) +
         words::left_behind(trace, why);
}

std::string told(const trace_store& trace, const explanation& why) {
  if (!why.cancelled()) return never_cancelled(trace, why);
  return trace[why.chain.links.front()].took_effect() ? cancelled(trace, why)
                                                      : absorbed(trace, why);
}

std::string fate_of(const trace_store& trace, obligation_index obligation) {
  const obligation_row& row = trace[obligation];
  const std::string owner = row.task     ? " of " + titled(trace, row.task)
                            : row.region ? " of " + titled(trace, row.region)
                                         : std::string{};
  std::string fate = "was never resolved";
  if (const event_index lost = fate_unknown_since(trace, obligation))
    return fmt::format("Whether the {}{} was resolved is not known, as events are missing at {}.",
                       titled(trace, obligation), owner, time_text(trace.time_of(lost)));
  if (row.fate)
    fate = fmt::format("{} {}", *row.fate == trace::obligation_fate::leaked ? "was found" : "was",
                       to_string(*row.fate));
  if (row.ended)
    fate += fmt::format(" after {}",
                        duration_text(trace.time_of(row.ended) - trace.time_of(row.opened)));
  return fmt::format("{}{} {}.", as_subject(trace, obligation), owner, fate);
}

} // namespace

std::string sentence(const trace_store& trace, cancel_index cancel) {
  std::string text = words::reason(trace, cancel, {});
  for (const std::string_view lead : {"by ", "because "})
    if (text.starts_with(lead)) text.erase(0, lead.size());
  return text + words::message(trace, cancel) + words::asker(trace, cancel);
}

std::string sentence(const trace_store& trace, const explanation& why) {
  if (const auto obligation = why.asked.as<obligation_index>()) {
    std::string text = fate_of(trace, obligation);
    if (why.target) text += " " + told(trace, why);
    return text;
  }
  if (!why.target) return "Nothing in the trace has that id.";
  return told(trace, why);
}

std::string effects_sentence(const trace_store& trace, cancel_index cancel) {
  const effect_counts counts = count_effects(trace, cancel);
  if (counts.requests == 0) return {};
  std::vector<std::string> who;
  if (counts.regions > 0) who.push_back(counted(counts.regions, "region"));
  if (counts.tasks > 0) who.push_back(counted(counts.tasks, "task"));
  std::string text =
      fmt::format("It led to {}", counted(counts.requests, "more request", "more requests"));
  if (!who.empty()) text += fmt::format(" and took effect on {}", words::list(who));
  if (counts.not_done > 0)
    text += fmt::format("; {} not completed when the trace ended",
                        counted(counts.not_done, "task had", "tasks had"));
  if (counts.unknown > 0)
    text += fmt::format("; whether {} completed is not known, as events are missing",
                        counted(counts.unknown, "task"));
  return text + ".";
}

std::string plain(std::string_view markdown) {
  constexpr std::string_view opening = "“";
  constexpr std::string_view closing = "”";
  std::string text;
  bool in_name = false;
  bool in_quote = false;
  for (std::size_t i = 0; i < markdown.size(); ++i) {
    const std::string_view rest = markdown.substr(i);
    if (!in_name && rest.starts_with(opening)) in_quote = true;
    if (!in_name && rest.starts_with(closing)) in_quote = false;
    if (rest.front() == '`' && !in_quote)
      in_name = !in_name;
    else if (rest.front() != '*' || in_name || in_quote)
      text += rest.front();
  }
  return text;
}

} // namespace cancelscope::inspector
