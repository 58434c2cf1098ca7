// Any bytes, cut anywhere: the reader of the binary encoding neither crashes nor hangs, says the same however the bytes
// came, and what it understood can be written in either encoding and read again to the same.
//
// Input that begins with `P` is the payload of a block of events, behind one byte for their number: its frame, with the
// checksums that a fuzzer would never hit, is made here. Any other input is a file as it is.
#include "trace-format/binary/binary_reader.hpp"
#include "trace-format/binary/binary_writer.hpp"
#include "trace-format/jsonl_reader.hpp"
#include "trace-format/jsonl_writer.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace cancelscope::trace;

struct account final : trace_handler {
  std::string lines; ///< the events, written as lines
  std::string binary;
  std::string anomalies;
  binary_writer writer{{.events_in_block = 3, .events_between_snapshots = 5}};

  void on_event(const event& e, std::uint64_t) override {
    jsonl_writer{}.append(e, lines);
    writer.append(e, binary);
  }
  void on_anomaly(const anomaly& found) override {
    anomalies += std::to_string(found.line) + " " + std::string(to_string(found.code)) + " " +
                 found.message + "\n";
  }
};

/// Reads the bytes in pieces whose sizes come from `cuts`.
void read(account& out, trace_reader& reader, std::string_view bytes, std::string_view cuts) {
  std::size_t piece = 0;
  while (!bytes.empty()) {
    const std::size_t size =
        cuts.empty() ? bytes.size() : 1 + static_cast<unsigned char>(cuts[piece++ % cuts.size()]);
    reader.feed(bytes.substr(0, size));
    bytes.remove_prefix(std::min(size, bytes.size()));
  }
  const auto summary = reader.finish();
  out.anomalies += summary ? "read" : summary.error().message;
  out.writer.finish(out.binary);
}

void read_binary(account& out, std::string_view bytes, std::string_view cuts = {},
                 trace_extent extent = trace_extent::whole) {
  binary_reader reader{out, extent};
  read(out, reader, bytes, cuts);
}

void require(bool held, const char* what) {
  if (held) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

std::string framed(std::string_view payload, std::uint8_t events) {
  std::string bytes(binary_signature);
  put_block(bytes, {.type = 'H', .flags = block_head::essential},
            R"({"ev":"trace","format":"cancelscope","version":1})");
  put_block(bytes, {.type = 'E', .flags = block_head::essential, .events = events}, payload);
  return bytes;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const bool payload = size >= 2 && data[0] == 'P';
  const std::string bytes = payload ? framed(input.substr(2), data[1]) : std::string(input);
  account whole;
  read_binary(whole, bytes);
  account pieces;
  read_binary(pieces, bytes, input.substr(0, 16));
  require(whole.lines == pieces.lines, "the same events, however the bytes came");
  require(whole.anomalies == pieces.anomalies, "the same anomalies, however the bytes came");
  account part;
  read_binary(part, bytes, {}, trace_extent::part);
  if (whole.lines.empty()) return 0;

  account binary;
  read_binary(binary, whole.binary);
  require(binary.lines == whole.lines, "what was written is what is read");
  account lines;
  jsonl_reader reader{lines};
  read(lines, reader, whole.lines, {});
  require(lines.lines == whole.lines, "and the same by way of JSON Lines");
  return 0;
}
