#include "inspector/answers/answers.hpp"
#include "inspector/command_line/commands.hpp"
#include "inspector/command_line/style.hpp"
#include "inspector/findings/finding.hpp"
#include "inspector/query/values.hpp"
#include "inspector/text/units.hpp"
#include "trace-format/names.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ostream>

namespace cancelscope::inspector {

namespace {

/// So many of one code are shown, unless all are asked for.
constexpr std::size_t most_of_a_code = 8;

class report_printer {
public:
  report_printer(const trace_store& trace, std::span<const finding> findings, bool all, console& io)
      : trace_(trace), findings_(findings), all_(all), out_(io.out), style_(io) {}

  void print() {
    for (auto first = findings_.begin(); first != findings_.end();) {
      const auto after = std::find_if(first, findings_.end(),
                                      [&](const finding& f) { return f.code != first->code; });
      print_code({first, after});
      first = after;
    }
    print_anomalies();
    out_ << style_.text(totals()) << '\n';
  }

private:
  void print_code(std::span<const finding> same) {
    const std::string_view how_bad = to_string(same.front().how_bad());
    out_ << style_.text(tone_of(how_bad), how_bad) << "  "
         << style_.text(tone::heading, to_string(same.front().code)) << '\n';
    const std::size_t shown = all_ ? same.size() : std::min(same.size(), most_of_a_code);
    table rows("  ");
    for (const finding& f : same.first(shown))
      rows.row({style_.text(tone::dim, time_text(f.t)), style_.text(tone::dim, f.target_id),
                style_.text(f.message), style_.text(tone::dim, evidence(f))});
    rows.align_right({0});
    rows.print(out_);
    if (shown < same.size())
      out_ << style_.text(tone::dim, fmt::format("  and {} more like it (--all shows them)",
                                                 count_text(same.size() - shown)))
           << '\n';
    const finding_code code = same.front().code;
    out_ << style_.text(tone::dim, fmt::format("  {}", meaning(code))) << '\n'
         << style_.text(tone::dim, fmt::format("  → {}", advice(code))) << "\n\n";
  }

  /// "lines 13, 20": where it is to be seen.
  [[nodiscard]] std::string evidence(const finding& f) const {
    std::vector<std::uint64_t> lines;
    for (const event_index e : f.evidence)
      lines.push_back(trace_.line_of(e));
    if (f.line > 0) lines.push_back(f.line);
    if (lines.empty()) return {};
    return fmt::format("{} {}", lines.size() == 1 ? "line" : "lines", fmt::join(lines, ", "));
  }

  void print_anomalies() {
    const auto anomalies = trace_.anomalies();
    if (anomalies.empty()) return;
    out_ << style_.text(tone::heading, "Lines that could not be used as they are") << '\n';
    const std::size_t shown = all_ ? anomalies.size() : std::min(anomalies.size(), most_of_a_code);
    table rows("  ");
    for (const noticed_anomaly& a : anomalies.first(shown))
      rows.row({style_.text(tone::dim, fmt::format("line {}", a.what.line)),
                style_.text(to_string(a.what.code)), style_.text(a.what.message)});
    rows.print(out_);
    if (shown < anomalies.size())
      out_ << style_.text(tone::dim, fmt::format("  and {} more (--all shows them)",
                                                 count_text(anomalies.size() - shown)))
           << '\n';
    out_ << '\n';
  }

  [[nodiscard]] std::string totals() const {
    std::array<std::size_t, 3> counts{};
    for (const finding& f : findings_)
      ++counts[static_cast<std::size_t>(f.how_bad())];
    std::string text = fmt::format("{} read: ", counted(trace_.event_count(), "event"));
    if (findings_.empty())
      text += "nothing looks wrong";
    else
      text += fmt::format("{}, {}, {}", counted(counts[0], "error"), counted(counts[1], "warning"),
                          counted(counts[2], "info", "info"));
    if (!trace_.anomalies().empty())
      text += fmt::format("; {}", counted(trace_.anomalies().size(), "anomaly", "anomalies"));
    return text + ".";
  }

  const trace_store& trace_;
  std::span<const finding> findings_;
  bool all_;
  std::ostream& out_;
  style style_;
};

class check final : public trace_command {
public:
  [[nodiscard]] std::string_view name() const override { return "check"; }
  [[nodiscard]] std::string_view summary() const override {
    return "what looks wrong; exit status 1 when something is an error";
  }

private:
  void declare_more(CLI::App& options) override {
    options.add_option(
        "--slow-drain", slow_drain_,
        "how long a clean-up may take, as 250ms (default: 100ms); a bare number is ns");
    options.add_flag("--all", all_, "show every finding, however many are alike");
  }

  /// Of unjoined tasks: 2 where an error went unseen, 0 where a cancelled region took its own down.
  static int what_was_lost(const trace_store& trace, const finding& f) {
    const auto task = f.target.as<task_index>();
    if (f.code != finding_code::unjoined_task || !task || !trace[task].outcome) return 0;
    const trace::outcome_kind outcome = *trace[task].outcome;
    if (outcome == trace::outcome_kind::ok) return 1;
    return outcome == trace::outcome_kind::cancelled ? 0 : 2;
  }

  trace::result<exit_status> answer(const trace_store& trace, console& io) override {
    finding_limits limits;
    if (!slow_drain_.empty()) {
      const auto asked = parse_duration(slow_drain_);
      if (!asked)
        return trace::failure{
            fmt::format("--slow-drain cannot be “{}”: {}.", slow_drain_, asked.error().message)};
      limits.slow_drain_ns = *asked;
    }
    auto findings = find_all(trace, limits);
    const bool bad = std::any_of(findings.begin(), findings.end(),
                                 [](const finding& f) { return f.how_bad() == severity::error; });
    if (as_json()) {
      io.out << check_json(trace, findings) << '\n';
    } else {
      // Of one severity, those of one code together; of these first what was lost for good.
      std::stable_sort(findings.begin(), findings.end(), [&trace](const auto& a, const auto& b) {
        if (a.code != b.code) return a.code < b.code;
        return what_was_lost(trace, a) > what_was_lost(trace, b);
      });
      report_printer(trace, findings, all_, io).print();
    }
    return bad ? exit_status::bad_news : exit_status::well;
  }

  std::string slow_drain_;
  bool all_ = false;
};

} // namespace

std::unique_ptr<command> check_command() {
  return std::make_unique<check>();
}

} // namespace cancelscope::inspector
