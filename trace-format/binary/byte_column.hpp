// The bytes of one column while its block is being filled.
//
// Threading: a value, used by one thread at a time. Failure: none.
#pragma once

#include "trace-format/binary/varint.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

namespace cancelscope::trace {

class byte_column {
public:
  [[gnu::always_inline]] void put(std::uint64_t value) {
    // Most values are of one byte.
    if (value < 0x80 && size_ < capacity_)
      bytes_[size_++] = static_cast<char>(value);
    else
      put_long(value);
  }
  /// As its difference from the last value that was put so under this key.
  void put_difference(std::uint64_t value, std::size_t key = 0) {
    put(fold_difference(value, before_[key]));
    before_[key] = value;
  }

  [[nodiscard]] std::string_view bytes() const { return {bytes_.get(), size_}; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  /// Keeps the memory for the next block.
  void clear() {
    size_ = 0;
    before_ = {};
  }

private:
  [[gnu::noinline]] void put_long(std::uint64_t value) {
    if (capacity_ - size_ < longest_varint) grow();
    char* at = bytes_.get() + size_;
    while (value >= 0x80) {
      *at++ = static_cast<char>(value | 0x80U);
      value >>= 7U;
    }
    *at++ = static_cast<char>(value);
    size_ = static_cast<std::size_t>(at - bytes_.get());
  }

  void grow() {
    constexpr std::size_t first = 256;
    const std::size_t larger = capacity_ == 0 ? first : capacity_ * 2;
    auto bytes = std::make_unique_for_overwrite<char[]>(larger);
    if (size_ > 0) std::memcpy(bytes.get(), bytes_.get(), size_);
    bytes_ = std::move(bytes);
    capacity_ = larger;
  }

  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
  std::array<std::uint64_t, 4> before_{};
};

} // namespace cancelscope::trace
