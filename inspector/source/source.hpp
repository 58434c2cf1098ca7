// Where the bytes of a trace come from: a file, standard input, memory; a socket or a worker's port are
// later ones. A source knows nothing of what the bytes mean.
//
// Threading: one reader. A source may block in read().
// Failure:   one sentence that names the source and says what is wrong.
//
//     auto file = open_source("checkout.jsonl");
//     if (!file) return show(file.error().message);
#pragma once

#include "trace-format/result.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cancelscope::inspector {

class source {
public:
  source() = default;
  source(const source&) = delete;
  source& operator=(const source&) = delete;
  virtual ~source() = default;

  /// The file's name, or "standard input": for people.
  [[nodiscard]] virtual const std::string& name() const = 0;
  /// How many bytes there are in all, where that is known beforehand.
  [[nodiscard]] virtual std::optional<std::uint64_t> size() const { return std::nullopt; }
  /// Fills a part of the buffer and says how much; 0 is the end.
  virtual trace::result<std::size_t> read(std::span<char> buffer) = 0;
};

/// The file at that path, or standard input for `-`.
trace::result<std::unique_ptr<source>> open_source(const std::string& path);
/// Bytes that somebody else keeps for as long as the source is used.
std::unique_ptr<source> memory_source(std::string name, std::string_view bytes);

} // namespace cancelscope::inspector
