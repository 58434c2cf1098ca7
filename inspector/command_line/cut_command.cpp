#include "inspector/answers/json_writer.hpp"
#include "inspector/command_line/commands.hpp"
#include "inspector/command_line/style.hpp"
#include "inspector/cut/cut.hpp"
#include "inspector/summary/sentence.hpp"
#include "inspector/text/units.hpp"
#include "trace-format/binary/binary_writer.hpp"
#include "trace-format/jsonl_writer.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>
#include <ostream>
#include <utility>

namespace cancelscope::inspector {

namespace {

/// Keeps what is written as bytes: nothing is left behind where the output cannot be created.
class kept_bytes final : public trace::sink {
public:
  explicit kept_bytes(std::unique_ptr<trace::encoder> encoder) : encoder_(std::move(encoder)) {}

  void write(const trace::event& e) override { encoder_->append(e, bytes_); }
  const std::string& finish() {
    encoder_->finish(bytes_);
    return bytes_;
  }

private:
  std::unique_ptr<trace::encoder> encoder_;
  std::string bytes_;
};

/// By the extension; JSON Lines to standard output; none where it names another encoding.
std::unique_ptr<trace::encoder> encoder_for(std::string_view path) {
  if (path == "-" || path.ends_with(".jsonl")) return std::make_unique<trace::jsonl_writer>();
  if (path.ends_with(".cst")) return std::make_unique<trace::binary_writer>();
  return nullptr;
}

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
        .add_option("-o,--output", output_,
                    "the file to write, .jsonl or .cst, or - for standard output")
        ->required();
    options.add_flag("--redact", redact_, "replace names and messages, the same by the same");
  }

  [[nodiscard]] std::optional<trace::failure> objection(const std::string& trace) const override {
    if (!encoder_for(output_))
      return trace::failure{output_ + " does not end in .jsonl or .cst, so it is not known what to "
                                      "write."};
    return refuse_trace_as_output(trace, output_);
  }

  trace::result<exit_status> answer(const trace_store& trace, console& io) override {
    const auto asked = find_one(trace, asked_);
    if (!asked) return asked.error();
    kept_bytes kept(encoder_for(output_));
    const std::size_t events = write_cut(trace, *asked, {.redacted = redact_}, kept);
    const std::string& bytes = kept.finish();
    if (output_ == "-") {
      io.out << bytes;
      return exit_status::well;
    }
    if (const auto failed = write_file(output_, bytes)) return *failed;
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
