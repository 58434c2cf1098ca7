#include "inspector/command_line/commands.hpp"
#include "inspector/convert/chrome_trace.hpp"
#include "inspector/source/source.hpp"
#include "inspector/store/loader.hpp"
#include "inspector/text/units.hpp"
#include "trace-format/binary/binary_writer.hpp"
#include "trace-format/jsonl_writer.hpp"
#include "trace-format/trace_reader.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ostream>
#include <ranges>
#include <utility>
#include <vector>

namespace cancelscope::inspector {

namespace {

/// What came of a conversion.
struct conversion {
  std::uint64_t events = 0;
  std::uint64_t bytes = 0;
  std::uint64_t unusable = 0; ///< pieces of input that are no event, and so are not in the output
  std::uint64_t without_place = 0; ///< events that are, or hold, what the output has no place for
};

/// The output, created when the first bytes come: what is no trace leaves no file behind.
class late_file final : public trace::byte_output {
public:
  explicit late_file(std::string path) : path_(std::move(path)) {}

  std::optional<trace::failure> write(std::string_view bytes) override {
    if (!file_) {
      auto created = trace::file_output::create(path_);
      if (!created) return created.error();
      file_ = std::move(*created);
    }
    size_ += bytes.size();
    return file_->write(bytes);
  }
  [[nodiscard]] std::uint64_t size() const { return size_; }

private:
  std::string path_;
  std::unique_ptr<trace::byte_output> file_;
  std::uint64_t size_ = 0;
};

/// Hands every event to an encoder, and what the encoder makes of it to the file.
class reencoder final : public trace::trace_handler {
public:
  reencoder(std::unique_ptr<trace::encoder> encoder, late_file& to)
      : encoder_(std::move(encoder)), to_(to) {}

  void on_event(const trace::event& e, std::uint64_t) override {
    constexpr std::size_t piece = std::size_t{256} * 1024;
    encoder_->append(e, bytes_);
    ++done_.events;
    if (bytes_.size() >= piece) write();
  }
  void on_anomaly(const trace::anomaly& found) override {
    if (found.code != trace::anomaly_code::cut_off) ++done_.unusable;
  }

  [[nodiscard]] const std::optional<trace::failure>& error() const { return error_; }
  trace::result<conversion> finish() {
    encoder_->finish(bytes_);
    write();
    if (error_) return *error_;
    done_.events -= 1; // the header
    done_.bytes = to_.size();
    return done_;
  }

private:
  void write() {
    if (!error_) error_ = to_.write(bytes_);
    bytes_.clear();
  }

  std::unique_ptr<trace::encoder> encoder_;
  late_file& to_;
  std::string bytes_;
  conversion done_;
  std::optional<trace::failure> error_;
};

/// Event by event, without holding the trace: any size takes the same memory.
template <class Encoder>
trace::result<conversion> reencode(source& from, late_file& to, const progress_handler& progress) {
  reencoder events{std::make_unique<Encoder>(), to};
  const auto read = read_trace(from, events, progress, [&events] { return !events.error(); });
  if (events.error()) return *events.error();
  if (!read) return read.error();
  return events.finish();
}

/// Whether the line became an event, whatever is wrong with it besides.
bool is_used(const trace_store& trace, std::uint64_t line) {
  const auto events = std::views::iota(0U, static_cast<std::uint32_t>(trace.event_count()));
  const auto line_of = [&trace](std::uint32_t e) { return trace.line_of(event_index{e}); };
  const auto at = std::ranges::lower_bound(events, line, {}, line_of);
  return at != events.end() && line_of(*at) == line;
}

/// Events that this version does not know, or that have fields which it does not know.
std::uint64_t count_not_known(const trace_store& trace) {
  std::uint64_t count = 0;
  std::vector<trace::extra_field> extra;
  for (std::uint32_t i = 0; i < trace.event_count(); ++i) {
    const event_index e{i};
    extra.clear();
    if (trace.kind_of(e) == event_kind::unknown || !trace.event_at(e, extra).extra.empty()) ++count;
  }
  return count;
}

/// Arrows and the whole of every cause need the whole trace.
trace::result<conversion> to_chrome_events(source& from, late_file& to,
                                           const progress_handler& progress) {
  const auto trace = load(from, progress);
  if (!trace) return trace.error();
  if (auto failed = write_chrome_trace(*trace, to)) return *failed;
  conversion done{.events = trace->event_count(), .bytes = to.size()};
  for (const noticed_anomaly& a : trace->anomalies())
    if (a.what.code != trace::anomaly_code::cut_off && !is_used(*trace, a.what.line))
      ++done.unusable;
  done.without_place = count_not_known(*trace);
  return done;
}

struct output_format {
  std::string_view extension;
  trace::result<conversion> (*convert)(source& from, late_file& to,
                                       const progress_handler& progress);
};

/// What can be written, by the extension of OUT.
constexpr std::array output_formats{
    output_format{".jsonl", reencode<trace::jsonl_writer>},
    output_format{".cst", reencode<trace::binary_writer>},
    output_format{".json", to_chrome_events},
};

class convert final : public command {
public:
  [[nodiscard]] std::string_view name() const override { return "convert"; }
  [[nodiscard]] std::string_view summary() const override {
    return "a trace in another encoding, .jsonl or .cst, or as .json for Perfetto's viewer";
  }

  void declare(CLI::App& options) override {
    options.add_option("IN", in_, "the trace file, or - for standard input")->required();
    options.add_option("OUT", out_, "the file to write, in the encoding that its extension names")
        ->required();
  }

  trace::result<exit_status> run(console& io) override {
    const output_format* const format = format_of(out_);
    if (format == nullptr)
      return trace::failure{fmt::format(
          "{} does not end in one of {}, so it is not known what to write.", out_, extensions())};
    if (auto refused = refuse_trace_as_output(in_, out_)) return *refused;
    const auto from = open_source(in_);
    if (!from) return from.error();
    late_file to(out_);
    const auto done = format->convert(**from, to, progress_shown_on(io, (*from)->name()));
    if (!done) return done.error();
    io.out << told(*done);
    return exit_status::well;
  }

private:
  static const output_format* format_of(std::string_view path) {
    for (const output_format& format : output_formats)
      if (path.ends_with(format.extension)) return &format;
    return nullptr;
  }

  static std::string extensions() {
    std::string all;
    for (const output_format& format : output_formats)
      all += (all.empty() ? "" : ", ") + std::string(format.extension);
    return all;
  }

  [[nodiscard]] std::string told(const conversion& done) const {
    std::string sentence =
        fmt::format("{}: {}, {}", out_, counted(done.events, "event"), bytes_text(done.bytes));
    if (done.events > 0)
      sentence += fmt::format(" ({:.1f} bytes an event)",
                              static_cast<double>(done.bytes) / static_cast<double>(done.events));
    if (done.unusable > 0)
      sentence +=
          fmt::format("\n{} of {} could not be used and {} not in it.",
                      counted(done.unusable, "piece"), in_, done.unusable == 1 ? "is" : "are");
    if (done.without_place > 0)
      sentence +=
          fmt::format("\n{} or {} fields that this version does not know; that is left out, "
                      "for the output has no place for it.",
                      counted(done.without_place, "event is", "events are"),
                      done.without_place == 1 ? "has" : "have");
    return sentence + "\n";
  }

  std::string in_;
  std::string out_;
};

} // namespace

std::unique_ptr<command> convert_command() {
  return std::make_unique<convert>();
}

} // namespace cancelscope::inspector
