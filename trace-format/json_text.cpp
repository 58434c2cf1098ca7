#include "trace-format/json_text.hpp"

#include "trace-format/utf8.hpp"

#include <algorithm>

namespace cancelscope::trace {

namespace {

constexpr std::uint64_t each(std::uint64_t byte) {
  return byte * 0x0101010101010101U;
}

/// Marks at least the first byte, counted from the low end, that is zero.
constexpr std::uint64_t zero_bytes(std::uint64_t word) {
  return (word - each(0x01)) & ~word & each(0x80);
}

/// Whether eight bytes may all stand in a JSON string as they are.
constexpr bool plain(std::uint64_t word) {
  const std::uint64_t control = (word - each(0x20)) & ~word & each(0x80);
  const std::uint64_t not_ascii = word & each(0x80);
  return (control | not_ascii | zero_bytes(word ^ each('"')) | zero_bytes(word ^ each('\\'))) == 0;
}

constexpr bool plain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x80 && c != '"' && c != '\\';
}

} // namespace

std::size_t plain_prefix(std::string_view value) {
  std::size_t size = 0;
  for (std::uint64_t word = 0; value.size() - size >= sizeof word; size += sizeof word) {
    std::memcpy(&word, value.data() + size, sizeof word);
    if (!plain(word)) break;
  }
  while (size < value.size() && plain(value[size]))
    ++size;
  return size;
}

void json_text::quoted(std::string_view value) {
  put('"');
  while (!value.empty()) {
    const std::size_t size = plain_prefix(value);
    put(value.substr(0, size));
    value.remove_prefix(size);
    if (!value.empty()) value.remove_prefix(special(value));
  }
  put('"');
}

/// One character that is not plain; returns how many bytes it took of the value.
std::size_t json_text::special(std::string_view value) {
  const std::size_t length = utf8_length(value);
  if (length == 0) {
    put("\xEF\xBF\xBD");
    return 1;
  }
  if (length == 1)
    escaped(value.front());
  else
    put(value.substr(0, length));
  return length;
}

void json_text::escaped(char c) {
  static constexpr std::string_view names = "\"\\\b\f\n\r\t";
  static constexpr std::string_view letters = "\"\\bfnrt";
  if (const std::size_t at = names.find(c); at != std::string_view::npos) {
    put('\\');
    put(letters[at]);
    return;
  }
  static constexpr char hex[] = "0123456789abcdef";
  put("\\u00");
  put(hex[static_cast<unsigned char>(c) >> 4U]);
  put(hex[static_cast<unsigned char>(c) & 0xFU]);
}

} // namespace cancelscope::trace
