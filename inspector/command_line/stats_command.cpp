#include "inspector/answers/answers.hpp"
#include "inspector/command_line/commands.hpp"
#include "inspector/command_line/style.hpp"
#include "inspector/statistics/statistics.hpp"
#include "inspector/text/describe.hpp"
#include "inspector/text/units.hpp"
#include "trace-format/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <span>

namespace cancelscope::inspector {

namespace {

class stats final : public trace_command {
public:
  [[nodiscard]] std::string_view name() const override { return "stats"; }
  [[nodiscard]] std::string_view summary() const override {
    return "counts, durations, percentiles";
  }

private:
  trace::result<exit_status> answer(const trace_store& trace, console& io) override {
    if (as_json()) {
      io.out << stats_json(trace) << '\n';
      return exit_status::well;
    }
    const statistics s = statistics_of(trace);
    const style look(io);
    print_counts(s, look, io.out);
    print_kinds(s, look, io.out);
    print_durations(s, look, io.out);
    print_clean_ups(trace, s, look, io.out);
    return exit_status::well;
  }

  static void print_counts(const statistics& s, const style& look, std::ostream& out) {
    table rows;
    rows.align_right({1});
    rows.row({"events", count_text(s.events)});
    rows.row({"duration", duration_text(s.duration_ns)});
    rows.row({"regions", count_text(s.regions)});
    rows.row({"deepest", count_text(s.max_depth)});
    rows.row({"tasks", count_text(s.tasks)});
    for (std::size_t i = 0; i < s.outcomes.size(); ++i) {
      const std::string_view name = to_string(static_cast<trace::outcome_kind>(i));
      rows.row({"  " + look.text(tone_of(name), name), count_text(s.outcomes[i])});
    }
    rows.row({"obligations", count_text(s.obligations)});
    rows.row({"cancels", count_text(s.cancels)});
    rows.print(out);
  }

  static void print_kinds(const statistics& s, const style& look, std::ostream& out) {
    if (s.by_kind.empty()) return;
    out << '\n' << look.text(tone::heading, "Cancels by kind, weakest first") << '\n';
    table rows("  ");
    rows.align_right({1});
    for (const auto& [kind, count] : s.by_kind)
      rows.row({look.text(kind), count_text(count)});
    rows.print(out);
  }

  static void print_durations(const statistics& s, const style& look, std::ostream& out) {
    table rows("  ");
    rows.align_right({1, 2, 3, 4, 5});
    rows.row({"", "count", "p50", "p90", "p99", "longest"});
    bool any = false;
    for (const named_distribution& d : s.durations) {
      if (d.of.count == 0) continue;
      any = true;
      rows.row({words_for(d.name), count_text(d.of.count), duration_text(d.of.p50),
                duration_text(d.of.p90), duration_text(d.of.p99), duration_text(d.of.max)});
    }
    if (!any) return;
    out << '\n' << look.text(tone::heading, "Durations") << '\n';
    rows.print(out);
  }

  /// Whole clean-ups, by name; below a name who took much longer than its like, and in which phase.
  static void print_clean_ups(const trace_store& trace, const statistics& s, const style& look,
                              std::ostream& out) {
    if (s.clean_ups.empty()) return;
    out << '\n'
        << look.text(tone::heading, "From request to completion, by name (# stands for a number)")
        << '\n';
    constexpr std::size_t most_groups = 20;
    table rows("  ");
    rows.align_right({1, 2, 3, 4, 5});
    rows.row({"", "tasks", "p50", "p90", "p99", "longest"});
    for (const named_clean_ups& g :
         std::span(s.clean_ups).first(std::min(s.clean_ups.size(), most_groups))) {
      const distribution& whole = g.phases.back().of;
      const auto length = [&whole](std::uint64_t ns) {
        return whole.count > 0 ? duration_text(ns) : std::string("–");
      };
      rows.row({look.text(g.name.empty() ? "(no name)" : fmt::format("`{}`", g.name)),
                count_text(g.tasks), length(whole.p50), length(whole.p90), length(whole.p99),
                length(whole.max), unfinished(g, look)});
    }
    if (s.clean_ups.size() > most_groups)
      rows.row({fmt::format("and {} more names", count_text(s.clean_ups.size() - most_groups))});
    rows.print(out);
    print_outliers(trace, s, look, out);
  }

  /// "2 not done, 1 unknown": how many did not complete, as far as the trace tells.
  static std::string unfinished(const named_clean_ups& g, const style& look) {
    std::string text;
    if (g.not_done > 0)
      text = look.text(tone::bad, fmt::format("{} not done", count_text(g.not_done)));
    if (g.unknown > 0)
      text += look.text(
          tone::dim, fmt::format("{}{} unknown", text.empty() ? "" : ", ", count_text(g.unknown)));
    return text;
  }

  static void print_outliers(const trace_store& trace, const statistics& s, const style& look,
                             std::ostream& out) {
    constexpr std::size_t most_rows = 12;
    table rows("  ");
    rows.align_right({2});
    std::size_t shown = 0;
    for (const named_clean_ups& g : s.clean_ups)
      for (std::size_t p = 0; p < clean_up_phases; ++p)
        for (const outlier& o : g.phases[p].outliers)
          if (shown++ < most_rows)
            rows.row({look.text(titled_with_id(trace, o.task)),
                      look.text(words_for(to_string(static_cast<clean_up_phase>(p)))),
                      duration_text(o.took),
                      look.text(tone::dim,
                                fmt::format("its like: {}", duration_text(g.phases[p].of.p50)))});
    if (shown == 0) return;
    out << '\n' << look.text(tone::heading, "Much longer than their like") << '\n';
    if (shown > most_rows)
      rows.row({fmt::format("and {} more (--json)", count_text(shown - most_rows))});
    rows.print(out);
  }

  static std::string words_for(std::string_view name) {
    std::string words(name);
    std::replace(words.begin(), words.end(), '_', ' ');
    return words;
  }
};

} // namespace

std::unique_ptr<command> stats_command() {
  return std::make_unique<stats>();
}

} // namespace cancelscope::inspector
