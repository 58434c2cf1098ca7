#include "trace-format/jsonl_reader.hpp"

#include "trace-format/shown.hpp"

#include <array>
#include <utility>

namespace cancelscope::trace {

namespace {

constexpr text byte_order_mark = "\xEF\xBB\xBF";

/// So many bytes of a first line decide what it cannot be, however long it is.
constexpr std::size_t telling_bytes = 16;

struct known_file {
  text beginning;
  text name;
};

constexpr std::array known_files{
    known_file{"\x89PNG", "a PNG picture"},
    known_file{"\xFF\xD8\xFF", "a JPEG picture"},
    known_file{"GIF8", "a GIF picture"},
    known_file{"RIFF", "a RIFF file, such as a WebP picture or a sound"},
    known_file{"%PDF", "a PDF document"},
    known_file{"\x1F\x8B", "compressed with gzip; unpack it first"},
    known_file{"\x28\xB5\x2F\xFD", "compressed with zstd; unpack it first"},
    known_file{"PK\x03\x04", "a ZIP archive; unpack it first"},
    known_file{"\x7F"
               "ELF",
               "a program"},
    known_file{{"\0asm", 4}, "a WebAssembly module"},
    known_file{"\xFF\xFE", "text in UTF-16, and a trace is UTF-8"},
    known_file{"\xFE\xFF", "text in UTF-16, and a trace is UTF-8"},
};

bool is_blank(text line) {
  return line.find_first_not_of(" \t\r") == text::npos;
}

/// Why a file whose first line begins like this cannot be a trace; nothing where it still may be.
std::optional<failure> not_a_trace(text beginning) {
  if (beginning.starts_with(byte_order_mark)) beginning.remove_prefix(byte_order_mark.size());
  beginning = beginning.substr(0, telling_bytes);
  for (const known_file& known : known_files) {
    if (beginning.starts_with(known.beginning))
      return failure{"This is not a Cancelscope trace: it is " + std::string(known.name) + "."};
  }
  const std::size_t first = beginning.find_first_not_of(" \t\r");
  if (first == text::npos || beginning[first] == '{') return std::nullopt;
  return failure{"This is not a Cancelscope trace: it begins with " + shown(beginning[first]) +
                 ", and a trace begins with a line such as "
                 "{\"ev\":\"trace\",\"format\":\"cancelscope\",\"version\":1}."};
}

} // namespace

bool jsonl_reader::feed(std::string_view bytes) {
  while (!refusal_ && !bytes.empty()) {
    const std::size_t newline = bytes.find('\n');
    const text piece = bytes.substr(0, newline);
    if (newline != text::npos && partial_.empty() && !too_long_ && piece.size() <= longest_) {
      take_line(piece);
    } else {
      hold(piece);
      if (newline != text::npos) take_held_line();
    }
    bytes.remove_prefix(newline == text::npos ? bytes.size() : newline + 1);
  }
  return !refusal_;
}

void jsonl_reader::hold(text piece) {
  if (too_long_) return;
  partial_.append(piece.substr(0, longest_ + 1 - partial_.size()));
  // Random bytes may hold no '\n' for long; they are refused for how they begin.
  if (!has_header_ && partial_.size() >= telling_bytes) refusal_ = not_a_trace(partial_);
  too_long_ = partial_.size() > longest_;
  if (too_long_) partial_ = std::string();
}

void jsonl_reader::take_held_line() {
  if (refusal_) return;
  if (std::exchange(too_long_, false)) {
    pass_over_line();
    return;
  }
  take_line(partial_);
  partial_.clear();
}

result<read_summary> jsonl_reader::finish() {
  if (!partial_.empty() || too_long_) take_held_line();
  if (!refusal_ && !has_header_)
    refusal_ =
        failure{summary_.lines == 0 ? "This is not a Cancelscope trace: it is empty."
                                    : "This is not a Cancelscope trace: all its lines are blank."};
  if (refusal_) return *refusal_;
  if (!summary_.ended) {
    report(anomaly_code::cut_off, "The trace has no `end`: it was cut off after this line, and "
                                  "what came later is not known.");
  }
  return summary_;
}

void jsonl_reader::take_line(text line) {
  ++summary_.lines;
  if (summary_.lines == 1 && line.starts_with(byte_order_mark))
    line.remove_prefix(byte_order_mark.size());
  if (is_blank(line)) return;
  if (has_header_)
    take_event(line);
  else
    take_header(line);
}

void jsonl_reader::pass_over_line() {
  ++summary_.lines;
  const std::string limit = std::to_string(longest_) + " bytes";
  if (has_header_)
    report(anomaly_code::bad_json, "The line is longer than " + limit + " and was passed over.");
  else
    refusal_ =
        failure{"This is not a Cancelscope trace: its first line is longer than " + limit + "."};
}

void jsonl_reader::take_header(text line) {
  refusal_ = not_a_trace(line);
  if (refusal_) return;
  const auto header = decoder_.decode_header(line);
  if (!header) {
    refusal_ = header.error();
    return;
  }
  has_header_ = true;
  ++summary_.events;
  handler_.on_event(**header, summary_.lines);
  for (const line_fault& fault : decoder_.faults())
    report(fault.code, fault.message + " The header is used without it.");
}

void jsonl_reader::take_event(text line) {
  if (summary_.ended) {
    report(anomaly_code::bad_transition, "The trace ended on line " + std::to_string(end_line_) +
                                             "; what follows its `end` is not used.");
    return;
  }
  const event* e = decoder_.decode(line);
  if (e == nullptr) {
    for (const line_fault& fault : decoder_.faults())
      report(fault.code, fault.message);
    return;
  }
  ++summary_.events;
  if (std::holds_alternative<end_of_trace>(e->body)) {
    summary_.ended = true;
    end_line_ = summary_.lines;
  }
  handler_.on_event(*e, summary_.lines);
}

void jsonl_reader::report(anomaly_code code, std::string message) {
  ++summary_.anomalies;
  handler_.on_anomaly({summary_.lines, code, std::move(message)});
}

} // namespace cancelscope::trace
