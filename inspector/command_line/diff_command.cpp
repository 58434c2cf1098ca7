#include "inspector/answers/answers.hpp"
#include "inspector/command_line/commands.hpp"
#include "inspector/command_line/style.hpp"
#include "inspector/compare/compare.hpp"
#include "inspector/text/describe.hpp"
#include "inspector/text/units.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <ostream>

namespace cancelscope::inspector {

namespace {

/// So many of one kind are shown, unless all are asked for.
constexpr std::size_t most_of_a_kind = 8;

std::string_view title(difference_kind kind) {
  switch (kind) {
  case difference_kind::cancelled_in_a:
    return "Cancelled in A, and not in B";
  case difference_kind::cancelled_in_b:
    return "Cancelled in B, and not in A";
  case difference_kind::cause:
    return "Cancelled in both, for another reason";
  case difference_kind::outcome:
    return "Ended otherwise";
  case difference_kind::unfinished:
    return "Over in one of them only";
  case difference_kind::obligation:
    return "Resolved otherwise";
  case difference_kind::only_in_a:
    return "Only in A";
  case difference_kind::only_in_b:
    return "Only in B";
  }
  return {};
}

class comparison_printer {
public:
  comparison_printer(const trace_store& a, const trace_store& b, const run_comparison& found,
                     bool all, console& io)
      : a_(a), b_(b), found_(found), all_(all), out_(io.out), style_(io) {}

  void print() {
    table sides;
    for (const auto& [letter, trace] : {std::pair{"A", &a_}, std::pair{"B", &b_}})
      sides.row({style_.text(tone::heading, letter), style_.text(trace->name()),
                 style_.text(tone::dim, counted(trace->event_count(), "event"))});
    sides.print(out_);
    print_parting();
    for (auto first = found_.differences.begin(); first != found_.differences.end();) {
      const auto after = std::find_if(first, found_.differences.end(),
                                      [&](const difference& d) { return d.kind != first->kind; });
      print_kind({first, after});
      first = after;
    }
    out_ << '\n' << totals() << '\n';
  }

private:
  void print_parting() {
    const auto& first = found_.first_divergence;
    if (!first) return;
    out_ << '\n'
         << style_.text(tone::heading, "They first part ways in ") << style_.text(first->place)
         << '\n';
    table rows("  ");
    rows.align_right({2});
    rows.row(event_cells("A", a_, first->a, first->in_a));
    rows.row(event_cells("B", b_, first->b, first->in_b));
    rows.print(out_);
  }

  [[nodiscard]] std::vector<std::string>
  event_cells(std::string_view letter, const trace_store& trace, entity who, event_index e) const {
    const std::string id = style_.text(tone::dim, trace.id_of(who));
    if (!e)
      return {style_.text(letter),
              id,
              {},
              style_.text(tone::dim, who ? "nothing more" : "is not there")};
    return {style_.text(letter), id, style_.text(tone::dim, time_text(trace.time_of(e))),
            style_.text(fmt::format("{}: {}", event_name(trace, e), describe(trace, e)))};
  }

  void print_kind(std::span<const difference> same) {
    out_ << '\n'
         << style_.text(tone::heading, title(same.front().kind)) << "  "
         << style_.text(tone::dim, count_text(same.size())) << '\n';
    const std::size_t shown = all_ ? same.size() : std::min(same.size(), most_of_a_kind);
    for (const difference& d : same.first(shown)) {
      const std::string ids = d.a && d.b ? fmt::format("{} and {}", a_.id_of(d.a), b_.id_of(d.b))
                              : d.a      ? a_.id_of(d.a)
                                         : b_.id_of(d.b);
      out_ << "  " << style_.text(d.place) << "  " << style_.text(tone::dim, ids) << '\n'
           << "    " << style_.text(d.message) << '\n';
    }
    if (shown < same.size())
      out_ << style_.text(tone::dim, fmt::format("  and {} more like it (--all shows them)",
                                                 count_text(same.size() - shown)))
           << '\n';
  }

  [[nodiscard]] std::string totals() const {
    const std::string both =
        fmt::format("{} and {} are in both by name and place in the tree",
                    counted(found_.regions, "region"), counted(found_.tasks, "task"));
    if (found_.same()) return both + ", and nothing differs.";
    if (found_.differences.empty()) return both + "; they ended alike, on different ways.";
    return fmt::format("{}; {}.", both, counted(found_.differences.size(), "difference"));
  }

  const trace_store& a_;
  const trace_store& b_;
  const run_comparison& found_;
  bool all_;
  std::ostream& out_;
  style style_;
};

class diff final : public command {
public:
  [[nodiscard]] std::string_view name() const override { return "diff"; }
  [[nodiscard]] std::string_view summary() const override {
    return "two runs of one program, compared; exit status 1 when they differ";
  }

  void declare(CLI::App& options) override {
    options.add_option("A", path_a_, "a trace file, or - for standard input")->required();
    options.add_option("B", path_b_, "another one, of the same program")->required();
    options.add_flag("--json", json_, "answer as JSON");
    options.add_flag("--all", all_, "show every difference, however many are alike");
    options.footer(
        "Regions, tasks and obligations are the same by name and place in the tree, not by id.\n"
        "Times, waits and slots are no difference.\n");
  }

  trace::result<exit_status> run(console& io) override {
    if (path_a_ == "-" && path_b_ == "-")
      return trace::failure{"Standard input can be only one of the two traces."};
    const auto a = load_with_progress(path_a_, io);
    if (!a) return a.error();
    const auto b = load_with_progress(path_b_, io);
    if (!b) return b.error();
    const run_comparison found = compare(*a, *b);
    if (json_)
      io.out << diff_json(*a, *b, found) << '\n';
    else
      comparison_printer(*a, *b, found, all_, io).print();
    return found.same() ? exit_status::well : exit_status::bad_news;
  }

private:
  std::string path_a_;
  std::string path_b_;
  bool json_ = false;
  bool all_ = false;
};

} // namespace

std::unique_ptr<command> diff_command() {
  return std::make_unique<diff>();
}

} // namespace cancelscope::inspector
