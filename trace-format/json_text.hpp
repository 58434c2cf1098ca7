// Writes the pieces of JSON text: numbers, quoted strings, punctuation.
//
// Threading: an object is used by one thread. Failure: none.
#pragma once

#include <charconv>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace cancelscope::trace {

/// Bytes at the beginning that may stand in a JSON string as they are, and are ASCII.
std::size_t plain_prefix(std::string_view value);

/// Appends to a string by way of a small buffer on the stack: a line costs one append, not one a piece.
/// What was put is in the string once `flush` was called or the object is gone.
class json_text {
public:
  explicit json_text(std::string& out) noexcept : out_(out) {}
  json_text(const json_text&) = delete;
  json_text& operator=(const json_text&) = delete;
  ~json_text() { flush(); }

  void put(char c) {
    *room(1) = c;
    ++size_;
  }

  /// Text as it is.
  void put(std::string_view value) {
    if (value.size() > capacity) {
      flush();
      out_.append(value);
      return;
    }
    std::memcpy(room(value.size()), value.data(), value.size());
    size_ += value.size();
  }

  void number(std::uint64_t value) {
    constexpr std::size_t digits = 20;
    char* at = room(digits);
    size_ += static_cast<std::size_t>(std::to_chars(at, at + digits, value).ptr - at);
  }

  /// A JSON string: escaped, and what is not UTF-8 replaced by U+FFFD.
  void quoted(std::string_view value);

  void flush() {
    out_.append(buffer_, size_);
    size_ = 0;
  }

private:
  static constexpr std::size_t capacity = 512;

  char* room(std::size_t size) {
    if (capacity - size_ < size) flush();
    return buffer_ + size_;
  }

  std::size_t special(std::string_view value);
  void escaped(char c);

  std::string& out_;
  std::size_t size_ = 0;
  char buffer_[capacity];
};

} // namespace cancelscope::trace
