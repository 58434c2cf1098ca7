#include "trace-format/binary/crc32.hpp"

#include "trace-format/binary/little_endian.hpp"

#include <array>
#include <cstddef>

namespace cancelscope::trace {

namespace {

/// Eight bytes a step ("slicing by 8": Kounavis and Berry, A Systematic Approach to Building High Performance
/// Software-based CRC Generators, 2005). `tables[k][b]` is the checksum of the byte b with k zero bytes after it.
constexpr std::size_t slices = 8;
using table = std::array<std::uint32_t, 256>;

constexpr std::array<table, slices> make_tables() {
  std::array<table, slices> made{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t sum = byte;
    for (int bit = 0; bit < 8; ++bit)
      sum = (sum >> 1U) ^ ((sum & 1U) != 0 ? 0xEDB88320U : 0U);
    made[0][byte] = sum;
  }
  for (std::size_t k = 1; k < slices; ++k)
    for (std::size_t byte = 0; byte < 256; ++byte)
      made[k][byte] = (made[k - 1][byte] >> 8U) ^ made[0][made[k - 1][byte] & 0xFFU];
  return made;
}

constexpr std::array<table, slices> tables = make_tables();

} // namespace

std::uint32_t crc32(std::string_view bytes) {
  std::uint32_t sum = 0xFFFFFFFFU;
  const char* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= slices; left -= slices, at += slices) {
    const std::uint64_t word = get_little_endian<std::uint64_t>(at) ^ sum;
    sum = 0;
    for (std::size_t i = 0; i < slices; ++i)
      sum ^= tables[slices - 1 - i][(word >> (8 * i)) & 0xFFU];
  }
  for (; left > 0; --left, ++at)
    sum = (sum >> 8U) ^ tables[0][(sum ^ static_cast<unsigned char>(*at)) & 0xFFU];
  return ~sum;
}

} // namespace cancelscope::trace
