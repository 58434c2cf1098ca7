#include "inspector/report/report.hpp"

#include "inspector/attribution/explain.hpp"
#include "inspector/cut/cut.hpp"
#include "inspector/report/html.hpp"
#include "inspector/report/page_style.hpp"
#include "inspector/report/pictures.hpp"
#include "inspector/report/worst_chains.hpp"
#include "inspector/statistics/statistics.hpp"
#include "inspector/summary/sentence.hpp"
#include "inspector/text/describe.hpp"
#include "inspector/text/units.hpp"
#include "inspector/timeline/state.hpp"
#include "trace-format/jsonl_writer.hpp"
#include "trace-format/names.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>

namespace cancelscope::inspector {

namespace {

using html::escaped;
using html::from_markdown;

constexpr std::size_t most_chains = 6;
constexpr std::size_t most_of_a_code = 5;
constexpr std::size_t most_anomalies = 8;
constexpr std::size_t longest_evidence = 12'000; ///< bytes of event lines in the page

/// The file's own name: a report is read elsewhere.
std::string_view file_name(const trace_store& trace) {
  const std::string_view path = trace.name();
  const std::size_t slash = path.find_last_of('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

/// A word for a shell, where it needs quotes.
std::string for_shell(std::string_view word) {
  constexpr std::string_view safe =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-+/";
  if (!word.empty() && word.front() != '-' &&
      word.find_first_not_of(safe) == std::string_view::npos)
    return std::string(word);
  std::string quoted = word.starts_with('-') ? "./'" : "'";
  for (const char c : word)
    quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

/// The lines of a cut trace, up to a length.
class event_lines final : public trace::sink {
public:
  void write(const trace::event& e) override {
    if (lines_.size() <= longest_evidence) writer_.append(e, lines_);
  }
  [[nodiscard]] const std::string& lines() const { return lines_; }
  [[nodiscard]] bool whole() const { return lines_.size() <= longest_evidence; }

private:
  trace::jsonl_writer writer_;
  std::string lines_;
};

class page {
public:
  page(const trace_store& trace, const report_options& options)
      : trace_(trace), options_(options), findings_(find_all(trace, options.limits)),
        statistics_(statistics_of(trace)), chains_(worst_chains(trace, findings_, most_chains)) {}

  std::string write() {
    const std::string title =
        escaped(program().empty() ? std::string(file_name(trace_)) : program());
    put("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"color-scheme\" content=\"light dark\">\n");
    put(fmt::format(
        "<title>{}: cancellations</title>\n<style>{}</style>\n</head>\n<body>\n<main>\n", title,
        page_style()));
    write_head(title);
    write_numbers();
    write_overview();
    write_findings();
    write_chains();
    write_anomalies();
    write_how_to_open();
    put(fmt::format(
        "<footer>Written by <code>cancelscope report</code>, version {}. Times are of the "
        "trace’s own clock, from its beginning.</footer>\n</main>\n</body>\n</html>\n",
        escaped(options_.version)));
    return std::move(out_);
  }

private:
  void put(std::string_view text) { out_ += text; }

  [[nodiscard]] std::string program() const {
    const auto& header = trace_.header();
    if (!header || !header->producer || !header->producer->name) return {};
    return std::string(*header->producer->name);
  }

  // ---- The head ----

  void write_head(const std::string& title) {
    put("<header>\n<p class=\"kicker\">Cancelscope report</p>\n");
    put(fmt::format("<h1>{}</h1>\n<p class=\"lead\">{}</p>\n", title, verdict()));
    put("<p class=\"meta\">");
    for (const std::string& fact : facts())
      put(fmt::format("<span>{}</span>", escaped(fact)));
    put("</p>\n</header>\n");
  }

  [[nodiscard]] std::string verdict() const {
    std::array<std::size_t, 3> counts{};
    for (const finding& f : findings_)
      ++counts[static_cast<std::size_t>(f.how_bad())];
    const std::uint64_t cancelled = statistics_.outcomes[2];
    std::string text = fmt::format("{} of {} ended <em class=\"cancelled\">cancelled</em>. ",
                                   count_text(cancelled), counted(statistics_.tasks, "task"));
    if (counts[0] + counts[1] == 0)
      return text +
             (findings_.empty() ? "Nothing looks wrong." : "Nothing looks wrong; there are notes.");
    std::vector<std::string> parts;
    if (counts[0] > 0) parts.push_back(counted(counts[0], "error"));
    if (counts[1] > 0) parts.push_back(counted(counts[1], "warning"));
    return text + parts.front() + (parts.size() > 1 ? " and " + parts.back() : "") + " below.";
  }

  [[nodiscard]] std::vector<std::string> facts() const {
    std::vector<std::string> facts{std::string(file_name(trace_))};
    const auto& header = trace_.header();
    if (header && header->start_unix_ns) {
      const auto seconds = static_cast<std::time_t>(*header->start_unix_ns / 1'000'000'000);
      facts.push_back(fmt::format("recorded {:%Y-%m-%d %H:%M} UTC", fmt::gmtime(seconds)));
    }
    facts.push_back(
        duration_text(trace_.last_time()) +
        (header && header->clock == trace::clock_kind::virtual_time ? " of virtual time" : ""));
    facts.push_back(counted(trace_.event_count(), "event"));
    if (header && header->producer) {
      if (header->producer->version)
        facts.push_back(fmt::format("version {}", *header->producer->version));
      if (header->producer->language) facts.emplace_back(*header->producer->language);
    }
    if (header && header->seed) facts.push_back(fmt::format("seed {}", *header->seed));
    if (!trace_.ended_in_order()) facts.emplace_back("cut off: the trace has no end");
    return facts;
  }

  void write_number(std::string_view label, std::uint64_t value, std::string_view css = {}) {
    put(fmt::format("<div class=\"{}\"><dt>{}</dt><dd>{}</dd></div>",
                    value > 0 ? css : std::string_view{}, label, count_text(value)));
  }

  void write_numbers() {
    const auto of_code = [this](finding_code code) {
      return static_cast<std::uint64_t>(std::ranges::count(findings_, code, &finding::code));
    };
    put("<dl class=\"numbers\">");
    write_number("regions", statistics_.regions);
    write_number("tasks", statistics_.tasks);
    write_number("cancelled", statistics_.outcomes[2]);
    write_number("failed", statistics_.outcomes[1]);
    write_number("panicked", statistics_.outcomes[3], "bad");
    write_number("requests", statistics_.cancels);
    write_number("left behind", of_code(finding_code::leaked_obligation), "bad");
    if (!trace_.anomalies().empty())
      write_number("unusable lines", trace_.anomalies().size(), "warn");
    put("</dl>\n");
  }

  void write_legend(std::initializer_list<std::pair<std::string_view, std::string_view>> entries) {
    put("<ul class=\"legend\">");
    for (const auto& [colour, text] : entries)
      put(fmt::format(R"html(<li><i style="background:var(--{})"></i>{}</li>)html", colour, text));
    put("</ul>\n");
  }

  void write_overview() {
    if (trace_.tasks().empty()) return;
    put("<h2>The run</h2>\n");
    put(overview_picture(trace_));
    write_legend({{"alive", "tasks alive"},
                  {"draining", "of them under cancellation"},
                  {"accent", "cancel requests (height by square root)"}});
  }

  // ---- Findings ----

  void write_findings() {
    put("<h2>What looks wrong</h2>\n");
    if (findings_.empty()) {
      put("<p>Nothing. Every region closed, every task was joined, and nothing was left "
          "behind.</p>\n");
      return;
    }
    std::vector<const finding*> ordered;
    for (const finding& f : findings_)
      ordered.push_back(&f);
    std::stable_sort(ordered.begin(), ordered.end(),
                     [](const finding* a, const finding* b) { return a->code < b->code; });
    for (auto first = ordered.begin(); first != ordered.end();) {
      const auto after = std::find_if(first, ordered.end(),
                                      [&](const finding* f) { return f->code != (*first)->code; });
      write_code({first, after});
      first = after;
    }
  }

  void write_code(std::span<const finding* const> same) {
    const finding_code code = same.front()->code;
    const std::string_view how_bad = to_string(same.front()->how_bad());
    put(fmt::format(
        R"(<section class="card"><h3><span class="chip {0}">{0}</span>{1}<span class="count">{2}</span></h3>)",
        how_bad, to_string(code), count_text(same.size())));
    put(fmt::format("<p class=\"note\">{}</p>\n<table class=\"rows\">",
                    from_markdown(advice(code))));
    for (const finding* f : same.first(std::min(same.size(), most_of_a_code)))
      put(fmt::format(R"(<tr><td class="t">{}</td><td class="id">{}</td><td>{}</td></tr>)",
                      time_text(f->t), escaped(f->target_id), from_markdown(f->message)));
    put("</table>\n");
    if (same.size() > most_of_a_code)
      put(fmt::format("<p class=\"note\">and {} more like it</p>\n",
                      count_text(same.size() - most_of_a_code)));
    put("</section>\n");
  }

  // ---- The worst cancellations ----

  void write_chains() {
    if (chains_.empty()) return;
    put("<h2>The worst cancellations</h2>\n");
    put("<p class=\"note\">One of each sort: what took longest among those with the same kind of "
        "root cause, the same name "
        "and the same findings.</p>\n");
    for (const told_chain& told : chains_)
      write_chain(told);
    write_legend({{"running", "running"},
                  {"waiting", "waiting"},
                  {"region", "region open"},
                  {"requested", "requested, closing"},
                  {"draining", "draining"},
                  {"finalizing", "finalizing"}});
  }

  void write_chain(const told_chain& told) {
    const explanation why = explain(trace_, told.victim);
    put("<section class=\"card\">");
    put(fmt::format(R"(<p class="told">{}</p>)", from_markdown(sentence(trace_, why))));
    put(fmt::format(
        R"(<p class="note"><span class="id">{}</span>{}</p>)", trace_.id_of(told.victim),
        told.alike > 1 ? fmt::format(", one of {} that went alike", count_text(told.alike)) : ""));
    put(chain_picture(trace_, why));
    write_links(why);
    for (const finding* f : told.findings)
      put(fmt::format(R"(<p><span class="chip {0}">{1}</span>{2}</p>)", to_string(f->how_bad()),
                      to_string(f->code), from_markdown(f->message)));
    write_evidence(told.victim);
    put("</section>\n");
  }

  /// Root first; of a very long chain both ends.
  void write_links(const explanation& why) {
    constexpr std::size_t most = 12;
    const std::vector<cancel_index> links(why.chain.links.rbegin(), why.chain.links.rend());
    put("<ol class=\"chain\">");
    for (std::size_t i = 0; i < links.size(); ++i) {
      if (links.size() > most && i == most / 2) {
        put(fmt::format("<li>… {} …</li>", counted(links.size() - most, "more request")));
        i += links.size() - most;
      }
      write_link(links[i], i == 0 && !why.chain.complete());
    }
    put("</ol>\n");
  }

  void write_link(cancel_index cancel, bool cut) {
    const cancel_row& row = trace_[cancel];
    const std::string what = sentence(trace_, cancel);
    put(fmt::format("<li{}>{}{}", cut ? R"( class="cut")" : "",
                    cut ? "What came before is not in the trace. " : "",
                    fmt::format(R"(<span class="what">{}</span>)", from_markdown(what))));
    put(fmt::format(
        R"(<span class="meta"><span class="id">{}</span><span>{}</span><span>{}</span></span></li>)",
        trace_.id_of(cancel), time_text(trace_.time_of(row.requested)),
        from_markdown("on " + titled(trace_, row.target))));
  }

  /// The events themselves: saved as a file, they are a trace that explains the same.
  void write_evidence(entity who) {
    event_lines lines;
    const std::size_t events = write_cut(trace_, who, {}, lines);
    if (!lines.whole()) return;
    put(fmt::format("<details><summary>The {} that say so: save them as a <code>.jsonl</code> "
                    "file, and it opens"
                    "</summary><pre>{}</pre></details>\n",
                    counted(events, "event"), escaped(lines.lines())));
  }

  // ---- The rest ----

  void write_anomalies() {
    const auto anomalies = trace_.anomalies();
    if (anomalies.empty()) return;
    put("<h2>Lines that could not be used as they are</h2>\n<table class=\"rows\">");
    for (const noticed_anomaly& a : anomalies.first(std::min(anomalies.size(), most_anomalies)))
      put(fmt::format(R"(<tr><td class="t">line {}</td><td class="id">{}</td><td>{}</td></tr>)",
                      a.what.line, to_string(a.what.code), from_markdown(a.what.message)));
    put("</table>\n");
    if (anomalies.size() > most_anomalies)
      put(fmt::format("<p class=\"note\">and {} more</p>\n",
                      count_text(anomalies.size() - most_anomalies)));
  }

  void write_how_to_open() {
    const std::string file = for_shell(file_name(trace_));
    const std::string who = chains_.empty() ? "ID" : trace_.id_of(chains_.front().victim);
    put("<h2>Open the trace</h2>\n<p>This page was made from one file; with it, everything can be "
        "asked.</p>\n");
    const std::string commands = fmt::format(
        "cancelscope serve {0} --open      # the timeline, in a browser tab\n"
        "cancelscope explain {0} {1}\n"
        "cancelscope check {0}             # these findings, all of them\n"
        "cancelscope cut {0} {1} --redact -o small.jsonl   # without your names, to pass on\n",
        file, who);
    put(fmt::format("<pre><code>{}</code></pre>\n", escaped(commands)));
  }

  const trace_store& trace_;
  const report_options& options_;
  std::vector<finding> findings_;
  statistics statistics_;
  std::vector<told_chain> chains_; ///< point to findings_
  std::string out_;
};

} // namespace

std::string report_html(const trace_store& trace, const report_options& options) {
  return page(trace, options).write();
}

} // namespace cancelscope::inspector
