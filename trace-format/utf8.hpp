// UTF-8, as far as a codec needs it.
//
// Threading: pure functions. Failure: 0 for what is not UTF-8.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace cancelscope::trace {

/// Bytes of the well-formed character that `value` begins with: 1 to 4, or 0 (Unicode 15, table 3-7).
constexpr std::size_t utf8_length(std::string_view value) noexcept {
  const auto byte = [value](std::size_t i) {
    return i < value.size() ? static_cast<unsigned char>(value[i]) : 0U;
  };
  const auto within = [&byte](std::size_t i, unsigned low, unsigned high) {
    return byte(i) >= low && byte(i) <= high;
  };
  const auto tail = [&within](std::size_t i) { return within(i, 0x80, 0xBF); };
  const unsigned lead = byte(0);
  if (value.empty()) return 0;
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return tail(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const unsigned low = lead == 0xE0 ? 0xA0 : 0x80;
    const unsigned high = lead == 0xED ? 0x9F : 0xBF;
    return within(1, low, high) && tail(2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const unsigned low = lead == 0xF0 ? 0x90 : 0x80;
    const unsigned high = lead == 0xF4 ? 0x8F : 0xBF;
    return within(1, low, high) && tail(2) && tail(3) ? 4 : 0;
  }
  return 0;
}

/// Bytes at the beginning that are ASCII; the last few may go uncounted.
inline std::size_t ascii_prefix(std::string_view value) noexcept {
  constexpr std::uint64_t high_bits = 0x8080808080808080U;
  std::size_t size = 0;
  for (std::uint64_t word = 0; value.size() - size >= sizeof word; size += sizeof word) {
    std::memcpy(&word, value.data() + size, sizeof word);
    if ((word & high_bits) != 0) break;
  }
  return size;
}

/// Bytes at the beginning that are well-formed UTF-8.
inline std::size_t utf8_prefix(std::string_view value) noexcept {
  std::size_t size = ascii_prefix(value);
  while (size < value.size()) {
    const std::size_t length = utf8_length(value.substr(size, 4));
    if (length == 0) break;
    size += length;
  }
  return size;
}

/// Appends the text; each byte that is not UTF-8 becomes U+FFFD.
inline void append_mended(std::string& out, std::string_view value) {
  for (;;) {
    const std::size_t good = utf8_prefix(value);
    out.append(value.substr(0, good));
    if (good == value.size()) return;
    out.append("\xEF\xBF\xBD");
    value.remove_prefix(good + 1);
  }
}

} // namespace cancelscope::trace
