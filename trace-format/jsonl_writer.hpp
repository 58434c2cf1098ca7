// Writes events as JSON Lines.
//
// Order on a line: `ev`, `t`, the event's fields as the format's table lists them, `th`, `src`, then what the
// model does not know, as it was written. Absent fields are left out. Text that is not UTF-8 is mended with
// U+FFFD, so that every line written is a line that can be read.
//
// Threading: an object is used by one thread at a time.
// Failure:   formatting has none; a sink keeps the first failure of its output and writes no more.
//
//     std::string lines;
//     jsonl_writer{}.append({.t = 1250, .body = task_end{.task = {7, 1}}}, lines);
#pragma once

#include "trace-format/output.hpp"

#include <memory>
#include <optional>
#include <string>

namespace cancelscope::trace {

class jsonl_writer final : public encoder {
public:
  /// Appends the event's line, ended by '\n'.
  void append(const event& e, std::string& out) override;
};

/// Writes lines to an output, in blocks, from one thread. The recorder is the sink for many.
class jsonl_sink final : public sink {
public:
  explicit jsonl_sink(std::unique_ptr<byte_output> output) : output_(std::move(output)) {}
  ~jsonl_sink() override { flush(); }

  void write(const event& e) override;
  /// Hands everything written so far to the output.
  void flush();
  /// Why the trace is incomplete, if it is.
  [[nodiscard]] const std::optional<failure>& error() const noexcept { return error_; }

private:
  std::unique_ptr<byte_output> output_;
  std::string pending_;
  std::optional<failure> error_;
  jsonl_writer writer_;
};

} // namespace cancelscope::trace
