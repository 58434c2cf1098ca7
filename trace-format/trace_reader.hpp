// What reads a trace, whatever its encoding: bytes go in, events and anomalies come out.
//
// Ownership: an event is good until its handler returns.
// Threading: an object is used by one thread at a time.
// Failure:   a refusal is a value; whatever the bytes, nothing else happens. The same bytes give the same events
//            and anomalies, however they were cut into pieces.
//
//     const auto reader = trace_reader_of_any_encoding(handler);
//     while (auto bytes = next()) if (!reader->feed(*bytes)) break;
//     if (auto read = reader->finish(); !read) show(path + ": " + read.error().message);
#pragma once

#include "trace-format/anomaly.hpp"
#include "trace-format/events.hpp"
#include "trace-format/result.hpp"

#include <cstdint>
#include <memory>
#include <string_view>

namespace cancelscope::trace {

/// Receives what a trace holds, in the order of its lines.
class trace_handler {
public:
  trace_handler() = default;
  trace_handler(const trace_handler&) = delete;
  trace_handler& operator=(const trace_handler&) = delete;
  virtual ~trace_handler() = default;

  /// The header comes first, as an event. `line` is counted from 1.
  virtual void on_event(const event& e, std::uint64_t line) = 0;
  virtual void on_anomaly(const anomaly& found) = 0;
};

struct read_summary {
  std::uint64_t lines = 0;  ///< blank ones and a last one without '\n' included
  std::uint64_t events = 0; ///< the header included
  std::uint64_t anomalies = 0;
  bool ended = false; ///< the trace has its `end`
};

class trace_reader {
public:
  trace_reader() = default;
  trace_reader(const trace_reader&) = delete;
  trace_reader& operator=(const trace_reader&) = delete;
  virtual ~trace_reader() = default;

  /// The next bytes. False once the trace was refused: more bytes change nothing then.
  virtual bool feed(std::string_view bytes) = 0;

  /// There are no more bytes. Call it once; nothing is fed after it.
  virtual result<read_summary> finish() = 0;
};

/// Tells the encoding by the first bytes.
std::unique_ptr<trace_reader> trace_reader_of_any_encoding(trace_handler& handler);

} // namespace cancelscope::trace
