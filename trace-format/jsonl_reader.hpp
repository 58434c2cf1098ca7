// Reads JSON Lines as they arrive, in pieces of any size.
//
// The first line that is not blank must be a header that this version knows; otherwise the trace is refused with one
// sentence. After that every line becomes an event or an anomaly. What needs a memory of the trace (ids, times, states)
// is the caller's to judge: the reader finds `bad-json`, `bad-field`, `cut-off`, and lines after the end.
//
// Ownership: an event is good until its handler returns.
// Threading: an object is used by one thread at a time.
// Failure:   a refusal is a value; whatever the bytes, nothing else happens. The same bytes give the same events
//            and anomalies, however they were cut into pieces. Memory is bounded by the longest line allowed.
//
//     jsonl_reader reader{handler};
//     while (auto bytes = next()) if (!reader.feed(*bytes)) break;
//     if (auto read = reader.finish(); !read) show(path + ": " + read.error().message);
#pragma once

#include "trace-format/line_decoder.hpp"
#include "trace-format/trace_reader.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace cancelscope::trace {

class jsonl_reader final : public trace_reader {
public:
  /// A longer line is an anomaly, and is passed over without being held.
  static constexpr std::size_t longest_line = std::size_t{16} * 1024 * 1024;

  explicit jsonl_reader(trace_handler& handler, std::size_t longest = longest_line)
      : handler_(handler), longest_(longest) {}

  bool feed(std::string_view bytes) override;
  result<read_summary> finish() override;

private:
  void hold(text piece);
  void take_held_line();
  void take_line(text line);
  void pass_over_line();
  void take_header(text line);
  void take_event(text line);
  void report(anomaly_code code, std::string message);

  trace_handler& handler_;
  std::size_t longest_;
  line_decoder decoder_;
  std::string partial_;   ///< of a line whose '\n' has not come yet
  bool too_long_ = false; ///< that line has outgrown the limit and is not held
  bool has_header_ = false;
  std::uint64_t end_line_ = 0;
  read_summary summary_;
  std::optional<failure> refusal_;
};

} // namespace cancelscope::trace
