// What the tests of the format share: reading a text whole, and saying what came of it.
#pragma once

#include "trace-format/binary/binary_reader.hpp"
#include "trace-format/jsonl_reader.hpp"
#include "trace-format/jsonl_writer.hpp"
#include "trace-format/names.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace cancelscope::trace::testing {

inline constexpr std::string_view header_line =
    R"({"ev":"trace","format":"cancelscope","version":1})"
    "\n";

/// What a reader made of some bytes, as text that can be compared.
struct reading : trace_handler {
  std::vector<std::string> events;    ///< each as the writer writes it, without '\n'
  std::vector<std::string> anomalies; ///< "7 bad-json"
  std::vector<std::string> messages;  ///< of the anomalies
  std::string refusal;
  read_summary summary;

  void on_event(const event& e, std::uint64_t) override {
    std::string& line = events.emplace_back();
    jsonl_writer{}.append(e, line);
    line.pop_back();
  }
  void on_anomaly(const anomaly& found) override {
    anomalies.push_back(std::to_string(found.line) + " " + std::string(to_string(found.code)));
    messages.push_back(found.message);
  }
  [[nodiscard]] std::string last_event() const { return events.empty() ? "" : events.back(); }
  [[nodiscard]] std::string last_message() const { return messages.empty() ? "" : messages.back(); }
};

/// Reads the bytes in pieces of that size.
inline void read_into(reading& out, std::string_view bytes,
                      std::size_t piece = std::string_view::npos,
                      std::size_t longest = jsonl_reader::longest_line) {
  jsonl_reader reader{out, longest};
  for (std::size_t at = 0; at < bytes.size(); at += std::min(piece, bytes.size() - at))
    if (!reader.feed(bytes.substr(at, piece))) break;
  const auto summary = reader.finish();
  if (summary)
    out.summary = *summary;
  else
    out.refusal = summary.error().message;
}

/// The same of the binary encoding.
inline void read_binary_into(reading& out, std::string_view bytes,
                             std::size_t piece = std::string_view::npos,
                             trace_extent extent = trace_extent::whole) {
  binary_reader reader{out, extent};
  for (std::size_t at = 0; at < bytes.size(); at += std::min(piece, bytes.size() - at))
    if (!reader.feed(bytes.substr(at, piece))) break;
  const auto summary = reader.finish();
  if (summary)
    out.summary = *summary;
  else
    out.refusal = summary.error().message;
}

/// Reads lines that follow a plain header and precede an `end`.
inline void read_body(reading& out, std::string_view lines) {
  read_into(out, std::string(header_line) + std::string(lines) + "\n" +
                     R"({"ev":"end","t":18446744073709551615})");
}

inline std::string slurp(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

inline std::string data_file(const std::string& name) {
  return slurp(std::string(CANCELSCOPE_SOURCE_DIR) + "/tests/data/" + name);
}

} // namespace cancelscope::trace::testing
