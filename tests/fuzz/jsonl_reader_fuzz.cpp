// Any bytes, cut anywhere: the reader neither crashes nor hangs, says the same however the bytes came and whichever way a
// line is read, and what it understood can be written and read again to the same.
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
  std::string lines; ///< the events, written again
  std::string anomalies;

  void on_event(const event& e, std::uint64_t) override { jsonl_writer{}.append(e, lines); }
  void on_anomaly(const anomaly& found) override {
    anomalies += std::to_string(found.line) + " " + std::string(to_string(found.code)) + " " +
                 found.message + "\n";
  }
};

/// Small, so that the fuzzer meets it.
constexpr std::size_t longest_line = 4096;

/// Reads the bytes in pieces whose sizes come from `cuts`.
void read(account& out, std::string_view bytes, std::string_view cuts, std::size_t longest) {
  jsonl_reader reader{out, longest};
  std::size_t piece = 0;
  while (!bytes.empty()) {
    const std::size_t size =
        cuts.empty() ? bytes.size() : 1 + static_cast<unsigned char>(cuts[piece++ % cuts.size()]);
    reader.feed(bytes.substr(0, size));
    bytes.remove_prefix(std::min(size, bytes.size()));
  }
  const auto summary = reader.finish();
  out.anomalies += summary ? "read" : summary.error().message;
}

/// What a decoder makes of a line.
std::string decoded(line_decoder& decoder, std::string_view line) {
  std::string said;
  if (const event* e = decoder.decode(line)) jsonl_writer{}.append(*e, said);
  for (const line_fault& fault : decoder.faults())
    said += std::string(to_string(fault.code)) + " " + fault.message;
  return said;
}

void require(bool held, const char* what) {
  if (held) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  account whole;
  read(whole, bytes, {}, longest_line);
  account pieces;
  read(pieces, bytes, bytes.substr(0, 16), longest_line);
  require(whole.lines == pieces.lines, "the same events, however the bytes came");
  require(whole.anomalies == pieces.anomalies, "the same anomalies, however the bytes came");
  line_decoder usual;
  line_decoder slow = line_decoder::without_shortcut();
  for (std::string_view left = bytes; !left.empty();) {
    const std::string_view line = left.substr(0, left.find('\n'));
    require(decoded(usual, line) == decoded(slow, line), "the same event, whichever way");
    left.remove_prefix(std::min(line.size() + 1, left.size()));
  }
  if (!whole.lines.empty()) {
    // Escapes may make a line longer than it was.
    account again;
    read(again, whole.lines, {}, 8 * longest_line);
    require(again.lines == whole.lines, "what was written is what is read");
  }
  return 0;
}
