// The answer for a ticket or a chat: complete in itself, and short.
#include "inspector/answers/answers.hpp"
#include "inspector/attribution/shutdown.hpp"
#include "inspector/summary/sentence.hpp"
#include "inspector/summary/shutdown.hpp"
#include "inspector/text/describe.hpp"
#include "inspector/text/units.hpp"
#include "trace-format/names.hpp"

#include <fmt/format.h>

namespace cancelscope::inspector {

namespace {

constexpr std::size_t most_links = 20;

std::string link_line(const trace_store& trace, cancel_index cancel) {
  const cancel_row& row = trace[cancel];
  const std::string_view kind =
      row.kind == trace::cancel_kind::other ? trace.text(row.kind_name) : to_string(row.kind);
  std::string line =
      fmt::format("{} {} on {} at {}", trace.id_of(cancel), kind, titled_with_id(trace, row.target),
                  time_text(trace.time_of(row.requested)));
  if (row.origin_task)
    line += ", by " + titled_with_id(trace, row.origin_task);
  else if (row.origin_region)
    line += ", in " + titled_with_id(trace, row.origin_region);
  if (const std::string_view message = trace.text(row.message); !message.empty())
    line += fmt::format(": “{}”", message);
  return line;
}

std::string chain_list(const trace_store& trace, const cause_chain& chain) {
  std::string list = chain.complete() ? "\n**Cause, root first**\n\n"
                                      : "\n**Cause, cut before the first that is known**\n\n";
  const std::size_t links = chain.links.size();
  const std::size_t left_out = links > most_links ? links - most_links : 0;
  for (std::size_t i = 0; i < links; ++i) {
    if (left_out > 0 && i == most_links / 2) {
      list += fmt::format("{}. … {} more …\n", i + 1, count_text(left_out));
      i += left_out;
    }
    list += fmt::format("{}. {}\n", i + 1, link_line(trace, chain.links[links - 1 - i]));
  }
  return list;
}

std::string phase_table(const trace_store& trace, const phase_events& phases) {
  std::string table = "\n| phase | at | after |\n|---|--:|--:|\n";
  event_index before;
  const auto add = [&](std::string_view name, event_index e) {
    if (!e) return;
    const std::string later =
        before ? duration_text(trace.time_of(e) - trace.time_of(before)) : std::string();
    table += fmt::format("| {} | {} | {} |\n", name, time_text(trace.time_of(e)), later);
    before = e;
  };
  add("requested", phases.requested);
  add("draining", phases.draining);
  add("finalizing", phases.finalizing);
  add("completed", phases.completed);
  return table;
}

} // namespace

std::string explain_markdown(const trace_store& trace, const explanation& why) {
  std::string page = sentence(trace, why) + "\n";
  const auto say = [&page](const std::string& more) {
    if (!more.empty()) page += "\n" + more + "\n";
  };
  if (why.cancelled()) {
    say(held_up_sentence(trace, shutdown_of(trace, why.target)));
    say(effects_sentence(trace, why.chain.links.front()));
    page += chain_list(trace, why.chain);
    if (why.phases.requested) page += phase_table(trace, why.phases);
  }
  if (!why.leaked_obligations.empty()) page += "\n**Left behind**\n\n";
  for (const obligation_index leaked : why.leaked_obligations)
    page += "- " + titled_with_id(trace, leaked) + "\n";
  page += fmt::format("\n<sub>{} in {}, {}. `cancelscope explain TRACE {}`</sub>\n",
                      trace.id_of(why.asked), trace.name(), counted(trace.event_count(), "event"),
                      trace.id_of(why.asked));
  return page;
}

} // namespace cancelscope::inspector
