// An event as bytes within one process: the struct itself, then the text it borrows. Never leaves the process.
//
// Threading: pure functions.
// Failure:   none; the bytes are our own.
#pragma once

#include "trace-format/events.hpp"
#include "trace-format/recording/byte_ring.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <vector>

namespace cancelscope::trace {

struct record_head {
  std::uint32_t size = 0; ///< of the whole record
  std::uint8_t body = 0;  ///< which alternative of event_body
  std::uint8_t has_th = 0;
  std::uint8_t has_src = 0;
  std::uint8_t unused = 0;
  std::uint64_t t = 0;
  std::uint64_t lost_before =
      0; ///< how many events this producer lost before this one, since it began
  std::uint64_t extras = 0;
};

/// Calls `visit(text&)` for each text in a body, in an order of its own.
template <class Body, class Visit> void for_each_text(Body& body, Visit visit) {
  const auto look = [&visit](auto& value) {
    using value_type = std::remove_cvref_t<decltype(value)>;
    if constexpr (std::is_same_v<value_type, text>) visit(value);
    if constexpr (std::is_same_v<value_type, maybe<text>>) {
      if (value) visit(*value);
    }
    if constexpr (std::is_same_v<value_type, maybe<producer_info>>) {
      if (value) for_each_text(*value, visit);
    }
  };
  std::apply([&](const auto&... fields) { (..., look(body.*fields.member)); },
             std::remove_const_t<Body>::fields());
  // Texts that no table of fields names.
  if constexpr (std::is_same_v<std::remove_const_t<Body>, cancel_request>) visit(body.kind_name);
  if constexpr (std::is_same_v<std::remove_const_t<Body>, unknown_event>) visit(body.ev);
}

template <class Body, std::size_t Index = 0> constexpr std::uint8_t body_index() {
  if constexpr (std::is_same_v<Body, std::variant_alternative_t<Index, event_body>>)
    return Index;
  else
    return body_index<Body, Index + 1>();
}

/// The bytes a record of the event takes, whose body is `body`.
template <class Body> std::size_t record_size(const event& e, const Body& body) {
  std::size_t size = sizeof(record_head) + sizeof(Body);
  for_each_text(body, [&size](const text& value) { size += value.size(); });
  if (e.th) size += sizeof *e.th;
  if (e.src) size += sizeof(text) + e.src->size();
  for (const extra_field& extra : e.extra)
    size += sizeof extra + extra.key.size() + extra.json.size();
  return (size + byte_ring::alignment - 1) / byte_ring::alignment * byte_ring::alignment;
}

/// Writes the record to `at`, which has `size == record_size(e, body)` bytes.
template <class Body>
void put_record(std::byte* at, std::size_t size, const event& e, const Body& body,
                std::uint64_t lost_before) {
  static_assert(std::is_trivially_copyable_v<Body>);
  const auto put = [&at](const void* from, std::size_t bytes) {
    if (bytes != 0) std::memcpy(at, from, bytes);
    at += bytes;
  };
  const record_head head{.size = static_cast<std::uint32_t>(size),
                         .body = body_index<Body>(),
                         .has_th = e.th.has_value(),
                         .has_src = e.src.has_value(),
                         .t = e.t,
                         .lost_before = lost_before,
                         .extras = e.extra.size()};
  put(&head, sizeof head);
  put(&body, sizeof body);
  for_each_text(body, [&put](const text& value) { put(value.data(), value.size()); });
  if (e.th) put(&*e.th, sizeof *e.th);
  if (e.src) {
    put(&*e.src, sizeof *e.src);
    put(e.src->data(), e.src->size());
  }
  for (const extra_field& extra : e.extra) {
    put(&extra, sizeof extra);
    put(extra.key.data(), extra.key.size());
    put(extra.json.data(), extra.json.size());
  }
}

inline record_head head_of(const std::byte* record) {
  record_head head;
  std::memcpy(&head, record, sizeof head);
  return head;
}

/// The event of a record. It borrows from the record, and from `extras`.
event event_of(const std::byte* record, std::vector<extra_field>& extras);

} // namespace cancelscope::trace
