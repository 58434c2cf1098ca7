// Where reading may begin: the index at the end of a binary trace. With its last bytes, then the index, then the bytes
// of one part, a viewer has what it wants of a remote file, and of a trace of any size.
//
// Threading: values, pure functions. Failure: bytes that are no index give nothing; then the trace is read from its start.
//
//     const auto end = find_index(last_bytes_of_the_file);            // index_trailer_size of them
//     const auto index = get_index(bytes_of_the_file_from(*end));     // one block
//     const auto at = index->at_or_before(time);                      // then bytes [at->offset, …) to binary_reader
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cancelscope::trace {

/// A block begins here: a snapshot, if one stands here.
struct seek_point {
  std::uint64_t offset = 0;      ///< from the file's start
  std::uint64_t first_event = 0; ///< so many events stand before it, the header not counted
  std::uint64_t time = 0;        ///< the greatest `t` before it
  bool snapshot = false;

  friend bool operator==(const seek_point&, const seek_point&) = default;
};

struct seek_index {
  std::vector<seek_point> points; ///< in the order of the file
  std::uint64_t events = 0;       ///< in all, the header not counted
  std::uint64_t last_time = 0;
  std::uint64_t offset = 0; ///< of the index itself: where the last part ends

  /// The last point with a snapshot before which nothing later than `time` has happened; null where there is none,
  /// and then reading begins at the start.
  [[nodiscard]] const seek_point* at_or_before(std::uint64_t time) const;
};

/// A trace that has an index ends with so many bytes that say where.
inline constexpr std::size_t index_trailer_size = 16;

/// Appends the index as a block; `index.offset` is where that is.
void put_index(std::string& out, const seek_index& index);

/// Where in the file the index is, from the file's last index_trailer_size bytes.
std::optional<std::uint64_t> find_index(std::string_view last_bytes);
/// The index whose block the bytes begin with.
std::optional<seek_index> get_index(std::string_view bytes);

} // namespace cancelscope::trace
