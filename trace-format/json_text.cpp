#include "trace-format/json_text.hpp"

#include "trace-format/utf8.hpp"

#include <algorithm>
#include <array>

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

namespace {

constexpr std::array<char, 200> make_pairs() {
  std::array<char, 200> made{};
  for (std::size_t i = 0; i < 100; ++i) {
    made[2 * i] = static_cast<char>('0' + i / 10);
    made[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return made;
}
constexpr std::array<char, 200> pairs = make_pairs(); ///< "00", "01" … "99"

template <int Digits> char* put_all(char* at, std::uint32_t value) {
  if constexpr (Digits > 2) {
    constexpr std::uint32_t half = Digits == 4 ? 100 : 10000;
    at = put_all<Digits / 2>(at, value / half);
    return put_all<Digits / 2>(at, value % half);
  }
  std::memcpy(at, &pairs[std::size_t{2} * value], 2);
  return at + 2;
}

} // namespace

char* put_digits(char* at, std::uint64_t value) {
  constexpr std::uint64_t eight_digits = 100'000'000;
  if (value >= eight_digits) {
    at = put_digits(at, value / eight_digits);
    return put_all<8>(at, static_cast<std::uint32_t>(value % eight_digits));
  }
  const auto small = static_cast<std::uint32_t>(value);
  if (small >= 10000) {
    at = put_digits(at, small / 10000);
    return put_all<4>(at, small % 10000);
  }
  if (small >= 100) {
    at = put_digits(at, small / 100);
    return put_all<2>(at, small % 100);
  }
  if (small >= 10) return put_all<2>(at, small);
  *at = static_cast<char>('0' + small);
  return at + 1;
}

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
