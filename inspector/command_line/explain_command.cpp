#include "inspector/answers/answers.hpp"
#include "inspector/command_line/commands.hpp"
#include "inspector/command_line/style.hpp"
#include "inspector/summary/sentence.hpp"
#include "inspector/text/describe.hpp"
#include "inspector/text/units.hpp"
#include "inspector/timeline/state.hpp"
#include "trace-format/names.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <ostream>

namespace cancelscope::inspector {

namespace {

/// "task `charge card` (t3.1)"; what has no name shows its id already.
std::string titled_with_id(const trace_store& trace, entity who) {
  const std::string title = titled(trace, who);
  return trace.name_of(who).empty() ? title : fmt::format("{} ({})", title, trace.id_of(who));
}

class explanation_printer {
public:
  explanation_printer(const trace_store& trace, const explanation& why, console& io)
      : trace_(trace), why_(why), out_(io.out), style_(io) {}

  void print() {
    out_ << style_.text(sentence(trace_, why_)) << '\n';
    if (why_.cancelled()) {
      print_chain();
      print_cancels("Before that", why_.superseded);
      print_phases();
    }
    print_obligations();
    print_rest();
  }

private:
  void heading(std::string_view text) { out_ << '\n' << style_.text(tone::heading, text) << '\n'; }

  /// Root first. Of a very long chain, both ends.
  void print_chain() {
    constexpr std::size_t most = 24;
    std::vector<cancel_index> links(why_.chain.links.rbegin(), why_.chain.links.rend());
    const std::size_t left_out = links.size() > most ? links.size() - most : 0;
    heading(why_.chain.complete() ? "Chain, root cause first" : "Chain, cut before its first link");
    table rows("  ");
    for (std::size_t i = 0; i < links.size(); ++i) {
      if (left_out > 0 && i == most / 2) {
        rows.row({"…", fmt::format("{} more", count_text(left_out))});
        i += left_out;
      }
      rows.row(cancel_row_cells(links[i]));
    }
    rows.print(out_);
  }

  void print_cancels(std::string_view title, const std::vector<cancel_index>& cancels) {
    if (cancels.empty()) return;
    heading(title);
    table rows("  ");
    for (const cancel_index c : cancels)
      rows.row(cancel_row_cells(c));
    rows.print(out_);
  }

  std::vector<std::string> cancel_row_cells(cancel_index cancel) {
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

  void print_phases() {
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

  void print_budget() {
    const auto budget = cleanup_budget_at(trace_, why_.target, end_of(trace_));
    if (!budget || budget->granted() == 0) return;
    out_ << "  "
         << style_.text(budget->exhausted ? tone::bad : tone::dim,
                        fmt::format("{} of the {} for cleaning up{}", duration_text(budget->spent),
                                    duration_text(budget->granted()),
                                    budget->exhausted ? ": exhausted" : ""))
         << '\n';
  }

  void print_obligations() {
    const auto& open =
        why_.open_obligations.empty() ? why_.leaked_obligations : why_.open_obligations;
    if (open.empty()) return;
    heading(why_.open_obligations.empty() ? "Left behind" : "Open when the request came");
    table rows("  ");
    for (const obligation_index o : open) {
      const obligation_row& row = trace_[o];
      const std::string_view fate = row.fate ? to_string(*row.fate) : "never resolved";
      const std::string when =
          row.ended ? "at " + time_text(trace_.time_of(row.ended)) : std::string{};
      rows.row({style_.text(titled_with_id(trace_, o)),
                style_.text(row.fate ? tone_of(fate) : tone::bad, fate),
                style_.text(tone::dim, when)});
    }
    rows.print(out_);
  }

  void print_rest() {
    const std::string effects =
        why_.cancelled() ? effects_sentence(trace_, why_.chain.links.front()) : std::string{};
    if (!why_.joined_by && effects.empty()) return;
    out_ << '\n';
    if (why_.joined_by)
      out_ << style_.text("Joined by " + titled_with_id(trace_, why_.joined_by) + ".") << '\n';
    if (!effects.empty())
      out_ << style_.text(fmt::format("{}: {}", trace_.id_of(why_.chain.links.front()), effects))
           << '\n';
  }

  const trace_store& trace_;
  const explanation& why_;
  std::ostream& out_;
  style style_;
};

class explain_a_target final : public trace_command {
public:
  [[nodiscard]] std::string_view name() const override { return "explain"; }
  [[nodiscard]] std::string_view summary() const override {
    return "why it was cancelled, by whom, what it left";
  }

private:
  void declare_more(CLI::App& options) override {
    options.add_option("ID", id_, "an id such as t3.1, r0.1, c2, o4.1, or a name")->required();
  }

  trace::result<exit_status> answer(const trace_store& trace, console& io) override {
    const auto who = find_one(trace, id_);
    if (!who) return who.error();
    const explanation why = inspector::explain(trace, *who);
    if (as_json())
      io.out << explain_json(trace, why) << '\n';
    else
      explanation_printer(trace, why, io).print();
    return exit_status::well;
  }

  std::string id_;
};

} // namespace

std::unique_ptr<command> explain_command() {
  return std::make_unique<explain_a_target>();
}

} // namespace cancelscope::inspector
