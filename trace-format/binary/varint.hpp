// Numbers of variable length: seven bits a byte, low bits first, the top bit says that more follow (LEB128, as in
// DWARF 5, section 7.6). Signed ones are folded so that small ones stay short whatever their sign.
//
// Threading: pure functions. Failure: `take_varint` gives false for what ends too early or does not fit into 64 bits.
#pragma once

#include <cstdint>
#include <string>

namespace cancelscope::trace {

inline constexpr std::size_t longest_varint = 10;

inline void put_varint(std::string& out, std::uint64_t value) {
  char bytes[longest_varint];
  std::size_t size = 0;
  for (; value >= 0x80; value >>= 7U)
    bytes[size++] = static_cast<char>(value | 0x80U);
  bytes[size++] = static_cast<char>(value);
  out.append(bytes, size);
}

/// Reads at `at` and moves it on.
inline bool take_varint(const char*& at, const char* end, std::uint64_t& value) {
  if (at == end) return false;
  std::uint64_t byte = static_cast<unsigned char>(*at++);
  value = byte & 0x7FU;
  for (unsigned shift = 7; byte >= 0x80; shift += 7) {
    if (at == end || shift > 63) return false;
    byte = static_cast<unsigned char>(*at++);
    if (shift == 63 && byte > 1) return false;
    value |= (byte & 0x7FU) << shift;
  }
  return true;
}

/// The difference of two numbers, modulo 2^64: 0, -1, 1, -2, 2 … become 0, 1, 2, 3, 4 …
constexpr std::uint64_t fold_difference(std::uint64_t value, std::uint64_t before) {
  const std::uint64_t difference = value - before;
  return (difference << 1U) ^ (0 - (difference >> 63U));
}
constexpr std::uint64_t unfold_difference(std::uint64_t folded, std::uint64_t before) {
  return before + ((folded >> 1U) ^ (0 - (folded & 1U)));
}

} // namespace cancelscope::trace
