// Reads the binary encoding as it arrives, in pieces of any size; gives the same events and anomalies to the same handler
// as the reader of JSON Lines. The number of a line is the one the event has in JSON Lines: the header's is 1.
//
// A block that is damaged is a `bad-block`, and in its place stands a `dropped` event with the number of events that are
// missing. Reading goes on at the next head that is whole. Blocks that later versions add, and that can be passed
// over, are.
//
// Bytes may also be those of a part: signature and header block, and then all from a point of the index on
// (seek_index.hpp). The snapshot there is given as the events it holds.
//
// Ownership: an event is good until its handler returns.
// Threading: an object is used by one thread at a time.
// Failure:   a refusal is a value; whatever the bytes, nothing else happens. The same bytes give the same events and
//            anomalies, however they were cut. Memory is bounded by the longest payload.
//
//     binary_reader reader{handler};
//     while (auto bytes = next()) if (!reader.feed(*bytes)) break;
//     if (auto read = reader.finish(); !read) show(path + ": " + read.error().message);
#pragma once

#include "trace-format/binary/block.hpp"
#include "trace-format/binary/block_decoder.hpp"
#include "trace-format/line_decoder.hpp"
#include "trace-format/trace_reader.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace cancelscope::trace {

/// What bytes are: a whole trace, or a header and what follows a point of the index.
enum class trace_extent : std::uint8_t { whole, part };

class binary_reader final : public trace_reader {
public:
  explicit binary_reader(trace_handler& handler, trace_extent extent = trace_extent::whole)
      : handler_(handler), extent_(extent) {}

  bool feed(std::string_view bytes) override;
  result<read_summary> finish() override;

private:
  std::size_t take_block(std::string_view bytes);
  std::size_t take_signature(std::string_view bytes);
  std::size_t skip_to_block(std::string_view bytes);
  void take_header(const block_head& head, std::string_view payload);
  void take_payload(const block_head& head, std::string_view payload);
  void take_events(const block_head& head, std::string_view payload);
  void take_event(const event& e);
  void missing_until(std::uint64_t first_event);
  void report(anomaly_code code, std::string message);
  [[nodiscard]] std::uint64_t line() const { return events_ + 1; }

  trace_handler& handler_;
  const trace_extent extent_;
  std::string held_; ///< of a block that is not whole yet
  bool signed_ = false;
  bool has_header_ = false;
  bool lost_ = false;        ///< bytes are passed over until a head is whole
  bool placed_ = false;      ///< an event of a part was given
  std::uint64_t offset_ = 0; ///< bytes taken
  std::uint64_t events_ = 0; ///< of the trace, up to here; the header not counted
  std::uint64_t time_ = 0;
  line_decoder decoder_;
  block_decoder block_;
  read_summary summary_;
  std::optional<failure> refusal_;
};

} // namespace cancelscope::trace
