#include "trace-format/binary/block.hpp"

#include "trace-format/binary/crc32.hpp"
#include "trace-format/binary/little_endian.hpp"

namespace cancelscope::trace {

namespace {

/// The head's own checksum stands last and is of all before it.
constexpr std::size_t summed = block_head::size - sizeof(std::uint32_t);

} // namespace

void put_block(std::string& out, block_head head, std::string_view payload) {
  const std::size_t begin = out.size();
  out += block_head::marker;
  put_little_endian(out, head.type);
  put_little_endian(out, head.flags);
  put_little_endian(out, head.layout_version);
  put_little_endian(out, static_cast<std::uint32_t>(payload.size()));
  put_little_endian(out, crc32(payload));
  put_little_endian(out, head.first_event);
  put_little_endian(out, head.first_time);
  put_little_endian(out, head.last_time);
  put_little_endian(out, head.events);
  put_little_endian(out, crc32(std::string_view(out).substr(begin)));
  out += payload;
}

std::optional<block_head> get_block_head(std::string_view bytes) {
  if (bytes.size() < block_head::size || !bytes.starts_with(block_head::marker))
    return std::nullopt;
  const char* at = bytes.data();
  if (get_little_endian<std::uint32_t>(at + summed) != crc32(bytes.substr(0, summed)))
    return std::nullopt;
  block_head head;
  head.type = get_little_endian<std::uint8_t>(at + 4);
  head.flags = get_little_endian<std::uint8_t>(at + 5);
  head.layout_version = get_little_endian<std::uint16_t>(at + 6);
  head.payload_size = get_little_endian<std::uint32_t>(at + 8);
  head.payload_sum = get_little_endian<std::uint32_t>(at + 12);
  head.first_event = get_little_endian<std::uint64_t>(at + 16);
  head.first_time = get_little_endian<std::uint64_t>(at + 24);
  head.last_time = get_little_endian<std::uint64_t>(at + 32);
  head.events = get_little_endian<std::uint32_t>(at + 40);
  return head;
}

} // namespace cancelscope::trace
