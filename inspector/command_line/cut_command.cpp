#include "inspector/answers/json_writer.hpp"
#include "inspector/command_line/commands.hpp"
#include "inspector/command_line/style.hpp"
#include "inspector/cut/cut.hpp"
#include "inspector/summary/sentence.hpp"
#include "inspector/text/units.hpp"
#include "trace-format/jsonl_writer.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <ostream>

namespace cancelscope::inspector {

namespace {

/// Keeps what is written as text: nothing is left behind where the output cannot be created.
class kept_lines final : public trace::sink {
public:
  void write(const trace::event& e) override { writer_.append(e, lines_); }
  [[nodiscard]] const std::string& lines() const { return lines_; }

private:
  trace::jsonl_writer writer_;
  std::string lines_;
};

class cut final : public trace_command {
public:
  [[nodiscard]] std::string_view name() const override { return "cut"; }
  [[nodiscard]] std::string_view summary() const override {
    return "the smallest trace that still explains one cancellation";
  }

private:
  void declare_more(CLI::App& options) override {
    options.add_option("ID", asked_, "the id or name of a region, task, cancel or obligation")
        ->required();
    options
        .add_option("-o,--output", output_, "the file to write (.jsonl), or - for standard output")
        ->required();
    options.add_flag("--redact", redact_, "replace names and messages, the same by the same");
  }

  trace::result<exit_status> answer(const trace_store& trace, console& io) override {
    const auto asked = find_one(trace, asked_);
    if (!asked) return asked.error();
    kept_lines kept;
    const std::size_t events = write_cut(trace, *asked, {.redacted = redact_}, kept);
    if (output_ == "-") {
      io.out << kept.lines();
      return exit_status::well;
    }
    if (const auto failed = write_file(output_, kept.lines())) return *failed;
    if (as_json())
      io.out << json(trace, *asked, events) << '\n';
    else
      tell(trace, *asked, events, io);
    return exit_status::well;
  }

  void tell(const trace_store& trace, entity asked, std::size_t events, console& io) const {
    const style look(io);
    io.out << look.text(sentence(trace, explain(trace, asked))) << '\n'
           << look.text(tone::dim, fmt::format("{} of {} say so, in {}{}.", count_text(events),
                                               counted(trace.event_count(), "event"), output_,
                                               redact_ ? ", with names and messages replaced" : ""))
           << '\n';
  }

  [[nodiscard]] std::string json(const trace_store& trace, entity asked, std::size_t events) const {
    json_writer json;
    json.open('{').key("target").text(trace.id_of(asked)).key("output").text(output_);
    json.key("events").number(events).key("of").number(trace.event_count());
    json.key("redacted").boolean(redact_).close('}');
    return std::move(json).take();
  }

  std::string asked_;
  std::string output_;
  bool redact_ = false;
};

} // namespace

std::unique_ptr<command> cut_command() {
  return std::make_unique<cut>();
}

} // namespace cancelscope::inspector
