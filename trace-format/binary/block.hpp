// The frame of the binary encoding: a signature, then blocks, each with a head that says what it is, how long, and what
// its bytes add up to. SPEC.md, "The binary encoding", is normative; the numbers here are its numbers, and frozen.
//
// Threading: values, pure functions. Failure: a head that is none gives nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cancelscope::trace {

/// The first bytes of a binary trace. Not ASCII, so no text begins so; the line ends show a transfer that changed them.
inline constexpr std::string_view binary_signature = "\x89"
                                                     "CST\r\n\x1A\n";

enum class block_type : std::uint8_t { header = 'H', events = 'E', snapshot = 'S', index = 'I' };

struct block_head {
  static constexpr std::size_t size = 48;
  static constexpr std::string_view marker = "\xCB"
                                             "BLK";
  /// Who does not know the type of an essential block lacks events; any other can be passed over.
  static constexpr std::uint8_t essential = 1;
  static constexpr std::uint16_t layout = 1; ///< the newest that is known here

  std::uint8_t type = 0;
  std::uint8_t flags = 0;
  std::uint16_t layout_version = layout;
  std::uint32_t payload_size = 0;
  std::uint32_t payload_sum = 0;
  std::uint64_t first_event =
      0; ///< so many events of the trace, the header not counted, stand before the block
  std::uint64_t first_time = 0; ///< the least and the greatest `t` in it
  std::uint64_t last_time = 0;
  std::uint32_t events = 0;

  [[nodiscard]] bool is(block_type wanted) const {
    return type == static_cast<std::uint8_t>(wanted);
  }
};

/// A longer payload is not written, and not read.
inline constexpr std::size_t longest_payload = std::size_t{32} * 1024 * 1024;

/// Appends head and payload; the head's size and sum of the payload are filled in.
void put_block(std::string& out, block_head head, std::string_view payload);

/// The head that `bytes` begin with; nothing where they do not begin with a whole and undamaged one.
std::optional<block_head> get_block_head(std::string_view bytes);

} // namespace cancelscope::trace
