// A sink that keeps a trace's lines until somebody takes them, up to a bound: what has no room is counted, and a `dropped`
// event stands in its place.
//
// Threading: an object is used by one thread at a time. Failure: none.
#pragma once

#include "trace-format/jsonl_writer.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace cancelscope::abi {

class trace_buffer final : public trace::sink {
public:
  /// Bytes that may wait; at least one line always may.
  void set_room(std::size_t bytes) noexcept { room_ = bytes; }

  void write(const trace::event& e) override;

  /// The trace's last line, for which there is always room. Events that come after it are ignored.
  void end(std::uint64_t t);

  /// Everything that waited; good until the next call.
  const std::string& take();
  /// Events dropped so far.
  [[nodiscard]] std::uint64_t dropped() const noexcept { return dropped_; }

private:
  void tell_dropped(std::uint64_t t);

  trace::jsonl_writer writer_;
  std::size_t room_ = 0;
  std::string waiting_;
  std::string taken_;
  std::uint64_t dropped_ = 0;
  std::uint64_t untold_ = 0; ///< of those, the ones no event has told of yet
  bool ended_ = false;
};

} // namespace cancelscope::abi
