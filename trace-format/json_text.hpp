// Writes the pieces of JSON text: numbers, quoted strings, punctuation.
//
// Threading: an object is used by one thread. Failure: none.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace cancelscope::trace {

/// Bytes at the beginning that may stand in a JSON string as they are, and are ASCII.
std::size_t plain_prefix(std::string_view value);

/// Writes the number and returns where it ends; twenty digits at most.
char* put_digits(char* at, std::uint64_t value);

/// Appends to a string by way of a small buffer on the stack: a line costs one append, not one a piece.
/// What was put is in the string once `flush` was called or the object is gone.
class json_text {
  static constexpr std::size_t capacity = 512;

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

  /// The same, of a size that the compiler knows.
  template <std::size_t Size> void put(const std::array<char, Size>& value) {
    static_assert(Size <= capacity);
    std::memcpy(room(Size), value.data(), Size);
    size_ += Size;
  }

  void number(std::uint64_t value) {
    constexpr std::size_t most_digits = 20;
    char* const at = room(most_digits);
    if (value < 10) { // generations, threads
      *at = static_cast<char>('0' + value);
      ++size_;
    } else {
      size_ += static_cast<std::size_t>(put_digits(at, value) - at);
    }
  }

  /// A JSON string: escaped, and what is not UTF-8 replaced by U+FFFD.
  void quoted(std::string_view value);

  void flush() {
    out_.append(buffer_, size_);
    size_ = 0;
  }

private:
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
