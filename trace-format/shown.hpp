// Pieces of input in messages for people.
//
// Threading: pure functions. Failure: none.
#pragma once

#include <string>

namespace cancelscope::trace {

/// A byte as itself where that can be seen, else as its number: "`x`", "the byte 0x89".
inline std::string shown(char c) {
  const auto byte = static_cast<unsigned char>(c);
  if (byte > 0x20 && byte < 0x7F) return std::string("`") + c + "`";
  static constexpr char hex[] = "0123456789ABCDEF";
  return std::string("the byte 0x") + hex[byte >> 4U] + hex[byte & 0xFU];
}

} // namespace cancelscope::trace
