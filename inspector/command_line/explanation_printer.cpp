#include "inspector/command_line/explanation_printer.hpp"

#include "inspector/summary/sentence.hpp"
#include "inspector/summary/shutdown.hpp"
#include "inspector/text/describe.hpp"
#include "inspector/text/units.hpp"
#include "inspector/timeline/state.hpp"
#include "trace-format/names.hpp"

#include <fmt/format.h>

#include <ostream>

namespace cancelscope::inspector {

explanation_printer::explanation_printer(const trace_store& trace, const explanation& why,
                                         console& io)
    : trace_(trace), why_(why), out_(io.out), style_(io) {}

void explanation_printer::print() {
  const shutdown end = shutdown_of(trace_, why_.target);
  say(sentence(trace_, why_));
  say(held_up_sentence(trace_, end));
  if (why_.target.type() == entity_type::region) say(holding_sentence(trace_, end));
  if (why_.cancelled()) {
    say(effects_sentence(trace_, why_.chain.links.front()));
    print_chain();
    print_cancels("Before that", why_.superseded);
    print_cancels("Asked again, which changed nothing", why_.absorbed);
    print_phases();
  }
  print_path(end);
  print_held(end);
  print_left_behind();
  print_not_done(end);
  print_effects();
  if (why_.joined_by) {
    out_ << '\n';
    say("Joined by " + titled_with_id(trace_, why_.joined_by) + ".");
  }
}

void explanation_printer::heading(std::string_view text) {
  out_ << '\n' << style_.text(tone::heading, text) << '\n';
}

void explanation_printer::say(const std::string& sentence) {
  if (!sentence.empty()) out_ << style_.text(sentence) << '\n';
}

/// Root first. Of a very long chain, both ends.
void explanation_printer::print_chain() {
  const std::vector<cancel_index> links(why_.chain.links.rbegin(), why_.chain.links.rend());
  const std::size_t left_out = links.size() > most_rows ? links.size() - most_rows : 0;
  heading(why_.chain.complete() ? "Chain, root cause first" : "Chain, cut before its first link");
  table rows("  ");
  for (std::size_t i = 0; i < links.size(); ++i) {
    if (left_out > 0 && i == most_rows / 2) {
      rows.row({"…", fmt::format("{} more", count_text(left_out))});
      i += left_out;
    }
    rows.row(cancel_row_cells(links[i]));
  }
  rows.print(out_);
}

void explanation_printer::print_cancels(std::string_view title,
                                        const std::vector<cancel_index>& cancels) {
  if (cancels.empty()) return;
  heading(title);
  table rows("  ");
  for (std::size_t i = 0; i < cancels.size() && i < most_rows; ++i)
    rows.row(cancel_row_cells(cancels[i]));
  if (cancels.size() > most_rows)
    rows.row({"…", fmt::format("{} more", count_text(cancels.size() - most_rows))});
  rows.print(out_);
}

std::vector<std::string> explanation_printer::cancel_row_cells(cancel_index cancel) const {
  const cancel_row& row = trace_[cancel];
  const std::string_view kind =
      row.kind == trace::cancel_kind::other ? trace_.text(row.kind_name) : to_string(row.kind);
  std::string who;
  if (row.origin_task)
    who = "by " + titled_with_id(trace_, row.origin_task);
  else if (row.origin_region)
    who = "in " + titled_with_id(trace_, row.origin_region);
  const std::string_view message = trace_.text(row.message);
  return {style_.text(tone::dim, trace_.id_of(cancel)),
          style_.text(kind),
          style_.text(row.effect == trace::cancel_effect::applied ? std::string_view{}
                                                                  : to_string(row.effect)),
          style_.text(titled_with_id(trace_, row.target)),
          style_.text(tone::dim, "at " + time_text(trace_.time_of(row.requested))),
          style_.text(who),
          style_.text(message.empty() ? std::string{} : fmt::format("“{}”", message))};
}

void explanation_printer::print_phases() {
  heading("Phases");
  table rows("  ");
  rows.align_right({1, 2});
  event_index before;
  const auto phase = [&](std::string_view name, event_index e) {
    if (!e) return;
    const std::string later =
        before ? "+ " + duration_text(trace_.time_of(e) - trace_.time_of(before)) : "";
    rows.row({style_.text(tone_of(name), name), style_.text(time_text(trace_.time_of(e))),
              style_.text(tone::dim, later)});
    before = e;
  };
  phase("requested", why_.phases.requested);
  phase("draining", why_.phases.draining);
  phase("finalizing", why_.phases.finalizing);
  phase("completed", why_.phases.completed);
  rows.print(out_);
  print_budget();
}

void explanation_printer::print_budget() {
  const auto budget = cleanup_budget_at(trace_, why_.target, end_of(trace_));
  if (!budget || budget->granted() == 0) return;
  out_ << "  "
       << style_.text(budget->exhausted ? tone::bad : tone::dim,
                      fmt::format("{} of the {} for cleaning up{}", duration_text(budget->spent),
                                  duration_text(budget->granted()),
                                  budget->exhausted ? ": exhausted" : ""))
       << '\n';
}

} // namespace cancelscope::inspector
