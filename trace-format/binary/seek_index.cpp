#include "trace-format/binary/seek_index.hpp"

#include "trace-format/binary/block.hpp"
#include "trace-format/binary/crc32.hpp"
#include "trace-format/binary/little_endian.hpp"
#include "trace-format/binary/varint.hpp"

#include <algorithm>

namespace cancelscope::trace {

namespace {

constexpr std::string_view trailer_mark = "CSTINDEX";

} // namespace

const seek_point* seek_index::at_or_before(std::uint64_t time) const {
  const auto later = std::ranges::upper_bound(points, time, {}, &seek_point::time);
  for (auto at = later; at != points.begin();)
    if ((--at)->snapshot) return &*at;
  return nullptr;
}

void put_index(std::string& out, const seek_index& index) {
  std::string payload;
  put_varint(payload, index.points.size());
  seek_point before;
  for (const seek_point& point : index.points) {
    put_varint(payload, point.offset - before.offset);
    put_varint(payload, point.first_event - before.first_event);
    put_varint(payload, point.time - before.time);
    put_varint(payload, point.snapshot ? 1 : 0);
    before = point;
  }
  put_little_endian(payload, index.offset);
  payload += trailer_mark;
  block_head head{.type = static_cast<std::uint8_t>(block_type::index)};
  head.first_event = index.events;
  head.first_time = head.last_time = index.last_time;
  put_block(out, head, payload);
}

std::optional<std::uint64_t> find_index(std::string_view last_bytes) {
  if (last_bytes.size() < index_trailer_size || !last_bytes.ends_with(trailer_mark))
    return std::nullopt;
  return get_little_endian<std::uint64_t>(last_bytes.data() + last_bytes.size() -
                                          index_trailer_size);
}

std::optional<seek_index> get_index(std::string_view bytes) {
  const auto head = get_block_head(bytes);
  if (!head || !head->is(block_type::index) || head->layout_version > block_head::layout)
    return std::nullopt;
  const std::string_view payload = bytes.substr(block_head::size, head->payload_size);
  if (payload.size() != head->payload_size || crc32(payload) != head->payload_sum)
    return std::nullopt;
  const auto offset = find_index(payload);
  if (!offset) return std::nullopt;

  seek_index index{
      .points = {}, .events = head->first_event, .last_time = head->last_time, .offset = *offset};
  const char* at = payload.data();
  const char* const end = at + payload.size() - index_trailer_size;
  std::uint64_t count = 0;
  if (!take_varint(at, end, count)) return std::nullopt;
  seek_point point;
  for (; count > 0; --count) {
    std::uint64_t offset_step = 0;
    std::uint64_t event_step = 0;
    std::uint64_t time_step = 0;
    std::uint64_t snapshot = 0;
    if (!take_varint(at, end, offset_step) || !take_varint(at, end, event_step) ||
        !take_varint(at, end, time_step) || !take_varint(at, end, snapshot))
      return std::nullopt;
    point.offset += offset_step;
    point.first_event += event_step;
    point.time += time_step;
    point.snapshot = snapshot != 0;
    index.points.push_back(point);
  }
  return at == end ? std::optional(index) : std::nullopt;
}

} // namespace cancelscope::trace
