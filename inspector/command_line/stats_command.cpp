#include "inspector/answers/answers.hpp"
#include "inspector/command_line/commands.hpp"
#include "inspector/command_line/style.hpp"
#include "inspector/statistics/statistics.hpp"
#include "inspector/text/units.hpp"
#include "trace-format/names.hpp"

#include <algorithm>
#include <ostream>

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
      std::string name(d.name);
      std::replace(name.begin(), name.end(), '_', ' ');
      rows.row({name, count_text(d.of.count), duration_text(d.of.p50), duration_text(d.of.p90),
                duration_text(d.of.p99), duration_text(d.of.max)});
    }
    if (!any) return;
    out << '\n' << look.text(tone::heading, "Durations") << '\n';
    rows.print(out);
  }
};

} // namespace

std::unique_ptr<command> stats_command() {
  return std::make_unique<stats>();
}

} // namespace cancelscope::inspector
