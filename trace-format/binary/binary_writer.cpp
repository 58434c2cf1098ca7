#include "trace-format/binary/binary_writer.hpp"

#include "trace-format/jsonl_writer.hpp"

#include <algorithm>
#include <variant>

namespace cancelscope::trace {

namespace {

constexpr std::size_t block_bytes = std::size_t{1} * 1024 * 1024;
/// Larger than any line of JSON that a reader must read, and still within a block's limit however it is escaped.
constexpr std::size_t largest_event = std::size_t{24} * 1024 * 1024;
/// Points of the index lie so far apart at least, so that it stays small beside a trace of many small blocks.
constexpr std::uint64_t bytes_between_points = std::uint64_t{64} * 1024;

template <class Value> std::size_t text_size(const Value&) {
  return 0;
}
std::size_t text_size(const text& value) {
  return value.size();
}
template <class Value> std::size_t text_size(const maybe<Value>& value) {
  return value ? text_size(*value) : 0;
}

std::size_t text_size_of(const event& e) {
  std::size_t size = text_size(e.src);
  for (const extra_field& field : e.extra)
    size += field.key.size() + field.json.size();
  std::visit(
      [&size]<class Body>(const Body& body) {
        std::apply([&](const auto&... fields) { (..., (size += text_size(body.*fields.member))); },
                   Body::fields());
        if constexpr (std::is_same_v<Body, cancel_request>) size += body.kind_name.size();
        if constexpr (std::is_same_v<Body, unknown_event>) size += body.ev.size();
      },
      e.body);
  return size;
}

} // namespace

void binary_writer::append(const event& e, std::string& out) {
  if (std::holds_alternative<header>(e.body)) {
    if (!begun_) begin(e, out);
    return;
  }
  if (!begun_) begin({.body = header{}}, out);
  const std::size_t size = text_size_of(e);
  if (size > largest_event) {
    append({.t = e.t, .th = e.th, .body = dropped_events{1}}, out);
    return;
  }
  if (block_.bytes() + size > block_bytes && block_.events() > 0) flush(out);
  block_.add(e);
  if (options_.events_between_snapshots != 0) living_.take(e);
  if (block_.events() >= options_.events_in_block) flush(out);
}

void binary_writer::begin(const event& header_event, std::string& out) {
  begun_ = true;
  out += binary_signature;
  offset_ += binary_signature.size();
  jsonl_writer{}.append(header_event, payload_);
  payload_.pop_back(); // the line's end
  put(block_type::header, {.flags = block_head::essential}, out);
}

void binary_writer::flush(std::string& out) {
  if (block_.events() == 0) return;
  if (index_.points.empty() || offset_ - index_.points.back().offset >= bytes_between_points)
    add_point(false);
  block_head head = block_.finish(payload_);
  head.flags = block_head::essential;
  head.first_event = events_;
  events_ += head.events;
  index_.events = events_;
  index_.last_time = std::max(index_.last_time, head.last_time);
  put(block_type::events, head, out);

  const std::uint64_t apart = std::max(options_.events_between_snapshots, 4 * living_.events());
  if (options_.events_between_snapshots != 0 && events_ - snapshot_at_ >= apart) put_snapshot(out);
}

/// What is alive after the events so far, for who begins to read here.
void binary_writer::put_snapshot(std::string& out) {
  snapshot_at_ = events_;
  block_builder block;
  living_.for_each_needed([&block](const event& e) {
    if (block.bytes() < longest_payload / 2) block.add(e);
  });
  if (block.bytes() >= longest_payload / 2) return; // what does not fit whole is left out
  add_point(true);
  block_head head = block.finish(payload_);
  head.first_event = events_;
  put(block_type::snapshot, head, out);
}

void binary_writer::add_point(bool snapshot) {
  index_.points.push_back({offset_, events_, index_.last_time, snapshot});
}

void binary_writer::finish(std::string& out) {
  if (!begun_) begin({.body = header{}}, out);
  flush(out);
  index_.offset = offset_;
  const std::size_t before = out.size();
  put_index(out, index_);
  offset_ += out.size() - before;
}

void binary_writer::put(block_type type, block_head head, std::string& out) {
  head.type = static_cast<std::uint8_t>(type);
  put_block(out, head, payload_);
  offset_ += block_head::size + payload_.size();
  payload_.clear();
}

} // namespace cancelscope::trace
