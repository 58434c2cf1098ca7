#include "inspector/answers/answers.hpp"
#include "inspector/command_line/commands.hpp"
#include "inspector/command_line/style.hpp"
#include "inspector/query/query.hpp"
#include "inspector/text/describe.hpp"
#include "inspector/text/units.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <ostream>

namespace cancelscope::inspector {

namespace {

class events final : public trace_command {
public:
  [[nodiscard]] std::string_view name() const override { return "events"; }
  [[nodiscard]] std::string_view summary() const override {
    return "the events that match a query";
  }

private:
  void declare_more(CLI::App& options) override {
    options.add_option("QUERY", words_, "what must hold of an event (default: every event)");
    options.footer(query::help() +
                   "\nPut the query in quotes, and -- before one that begins with a -.\n"
                   "docs/query.md tells it at length.\n");
  }

  trace::result<exit_status> answer(const trace_store& trace, console& io) override {
    query_fault fault;
    const std::string text = query_text();
    const auto asked = query::parse(text, fault);
    if (!asked) {
      if (io.err_is_terminal) io.err << pointed_at(text, fault) << '\n';
      return asked.error();
    }
    const auto found = asked->matches_in(trace);
    const auto unknown = asked->unknown_in(trace);
    if (as_json()) {
      io.out << events_json(trace, found, unknown) << '\n';
      return exit_status::well;
    }
    print(trace, found, io);
    for (const std::string& whom : unknown)
      io.out << style(io).text(
                    fmt::format("Nobody in {} has the id or name “{}”.", trace.name(), whom))
             << '\n';
    return exit_status::well;
  }

  /// The shell has taken words apart and quotes away; a word with a space was quoted, unless it is a piece of a
  /// query as it stands.
  [[nodiscard]] std::string query_text() const {
    if (words_.size() == 1) return words_.front();
    std::string text;
    for (const std::string& word : words_) {
      const bool bare = word.find(' ') == std::string::npos ||
                        word.find_first_of("\"=<>~()") != std::string::npos;
      text += (text.empty() ? "" : " ") + (bare ? word : fmt::format("\"{}\"", word));
    }
    return text;
  }

  /// In pieces, so that the first events show at once and columns line up where one looks.
  static void print(const trace_store& trace, std::span<const event_index> found, console& io) {
    const style look(io);
    constexpr std::size_t piece = 200;
    for (std::size_t from = 0; from < found.size(); from += piece) {
      table rows;
      rows.align_right({0, 1});
      for (const event_index e : found.subspan(from, std::min(piece, found.size() - from))) {
        const entity who = trace.subject_of(e);
        const std::string_view name = trace.name_of(who);
        const bool named = !name.empty() && who.type() != entity_type::cancel;
        rows.row({look.text(tone::dim, fmt::format("{}", trace.line_of(e))),
                  look.text(time_text(trace.time_of(e))),
                  look.text(tone::heading, event_name(trace, e)), look.text(trace.id_of(who)),
                  look.text(named ? fmt::format("`{}`", name) : std::string{}),
                  look.text(describe(trace, e))});
      }
      rows.print(io.out);
    }
    io.out << look.text(tone::dim, fmt::format("{} of {}", count_text(found.size()),
                                               counted(trace.event_count(), "event")))
           << '\n';
  }

  std::vector<std::string> words_;
};

} // namespace

std::unique_ptr<command> events_command() {
  return std::make_unique<events>();
}

} // namespace cancelscope::inspector
