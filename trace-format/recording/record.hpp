// An event as bytes within one process: words for its fields, its text copied in. Never leaves the process.
//
// A record is a word of what is there, the time, and then a word for each number, id or name that is there; a text is a
// word for its length, and its bytes. Written field by field, not as a copy of the struct: a processor stalls
// on wide loads of what was just stored in pieces, and an absent field then costs no room either.
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

/// The first word of a record. Which optional fields are there is a bit for each, in the order of `fields()`.
struct record_head {
  std::uint32_t size = 0; ///< of the whole record; a ring wants it first
  std::uint8_t body = 0;  ///< which alternative of event_body
  std::uint8_t parts = 0; ///< which of has_… apply
  std::uint16_t present = 0;
};
static_assert(sizeof(record_head) == sizeof(std::uint64_t));

inline constexpr unsigned has_th = 1;
inline constexpr unsigned has_src = 2;
inline constexpr unsigned has_extra = 4;
inline constexpr unsigned has_loss = 8;

template <class Body, std::size_t Index = 0> constexpr std::uint8_t body_index() {
  if constexpr (std::is_same_v<Body, std::variant_alternative_t<Index, event_body>>)
    return Index;
  else
    return body_index<Body, Index + 1>();
}

template <class Value> constexpr bool is_there(const Value&) {
  return true;
}
template <class Value> constexpr bool is_there(const maybe<Value>& value) {
  return value.has_value();
}
template <class Value> constexpr bool is_there(const nullable<Value>& value) {
  return value.value.has_value();
}

/// A bit for each field that is there.
template <class Object> std::uint16_t present_fields(const Object& object) {
  return std::apply(
      [&](const auto&... fields) {
        unsigned bits = 0;
        [[maybe_unused]] unsigned next = 0;
        ((bits |= unsigned{is_there(object.*fields.member)} << next++), ...);
        return static_cast<std::uint16_t>(bits);
      },
      Object::fields());
}

template <class Value> constexpr std::size_t most_bytes(const maybe<Value>& value);

/// At most so many bytes are put for a value. Constant for all but texts, and what holds them.
template <class Value> constexpr std::size_t most_bytes(const Value& value) {
  constexpr std::size_t word = sizeof(std::uint64_t);
  if constexpr (std::is_same_v<Value, text>)
    return word + value.size();
  else if constexpr (requires { Value::fields(); })
    return std::apply(
        [&](const auto&... fields) { return (word + ... + most_bytes(value.*fields.member)); },
        Value::fields());
  else if constexpr (sizeof(Value) <= word)
    return word;
  else
    return sizeof(Value);
}
template <class Value> constexpr std::size_t most_bytes(const maybe<Value>& value) {
  constexpr bool constant = !std::is_same_v<Value, text> && !requires { Value::fields(); };
  if constexpr (constant)
    return most_bytes(Value{});
  else
    return value ? most_bytes(*value) : 0;
}

/// Texts that no table of fields names.
template <class Body> text hidden_text(const Body&) {
  return {};
}
inline text hidden_text(const cancel_request& body) {
  return body.kind_name;
}
inline text hidden_text(const unknown_event& body) {
  return body.ev;
}

/// An upper bound of the bytes a record of the event takes, whose body is `body`.
template <class Body> std::size_t record_bound(const event& e, const Body& body) {
  constexpr std::size_t head_time_loss_thread_extras = 5 * sizeof(std::uint64_t);
  std::size_t size =
      head_time_loss_thread_extras + most_bytes(body) + most_bytes(hidden_text(body));
  if (e.src) size += most_bytes(*e.src);
  for (const extra_field& extra : e.extra)
    size += most_bytes(extra.key) + most_bytes(extra.json);
  return (size + byte_ring::alignment - 1) / byte_ring::alignment * byte_ring::alignment;
}

/// Appends words and texts.
class record_writer {
public:
  explicit record_writer(std::byte* at) noexcept : at_(at) {}

  [[nodiscard]] std::byte* at() const noexcept { return at_; }

  void put(std::uint64_t word) noexcept {
    std::memcpy(at_, &word, sizeof word);
    at_ += sizeof word;
  }
  void put(text value) noexcept {
    put(std::uint64_t{value.size()});
    if (!value.empty()) std::memcpy(at_, value.data(), value.size());
    at_ += value.size();
  }
  template <class Enum>
    requires std::is_enum_v<Enum>
  void put(Enum value) noexcept {
    put(static_cast<std::uint64_t>(value));
  }
  void put(cancel_id id) noexcept { put(id.number); }
  template <entity_kind Kind> void put(typed_id<Kind> id) noexcept {
    put(id.slot);
    put(id.generation);
  }
  void put(entity_id id) noexcept {
    put(id.kind);
    put(id.slot);
    put(id.generation);
  }
  template <class Value> void put(const maybe<Value>& value) noexcept {
    if (value) put(*value);
  }
  template <class Value> void put(const nullable<Value>& value) noexcept { put(value.value); }
  template <class Object>
    requires requires { Object::fields(); }
  void put(const Object& object) noexcept {
    put(std::uint64_t{present_fields(object)});
    put_fields(object);
  }
  template <class Object> void put_fields(const Object& object) noexcept {
    std::apply([&](const auto&... fields) { (..., put(object.*fields.member)); }, Object::fields());
  }

private:
  std::byte* at_;
};

/// Writes the record to `at`, where there is room for record_bound(e, body); returns its size. `lost` is how many
/// events the producer had lost when it wrote this one, since it began, or 0 to say nothing about it.
template <class Body>
std::size_t put_record(std::byte* at, const event& e, const Body& body,
                       std::uint64_t lost) noexcept {
  const unsigned parts = (e.th ? has_th : 0U) | (e.src ? has_src : 0U) |
                         (lost != 0 ? has_loss : 0U) | (e.extra.empty() ? 0U : has_extra);
  record_writer out{at + sizeof(record_head)};
  out.put(e.t);
  if (lost != 0) out.put(lost);
  out.put_fields(body);
  if constexpr (std::is_same_v<Body, cancel_request> || std::is_same_v<Body, unknown_event>)
    out.put(hidden_text(body));
  out.put(e.th);
  out.put(e.src);
  if (!e.extra.empty()) {
    out.put(std::uint64_t{e.extra.size()});
    for (const extra_field& extra : e.extra) {
      out.put(extra.key);
      out.put(extra.json);
    }
  }
  const auto bytes = static_cast<std::size_t>(out.at() - at);
  const std::size_t size =
      (bytes + byte_ring::alignment - 1) / byte_ring::alignment * byte_ring::alignment;
  const record_head head{static_cast<std::uint32_t>(size), body_index<Body>(),
                         static_cast<std::uint8_t>(parts), present_fields(body)};
  std::memcpy(at, &head, sizeof head);
  return size;
}

/// What a record says without being read back: its event's time, and `lost` as put_record was told.
std::uint64_t time_of(const std::byte* record);
std::uint64_t lost_of(const std::byte* record);

/// The record's event. It borrows from the record, and from `extras`.
event event_of(const std::byte* record, std::vector<extra_field>& extras);

} // namespace cancelscope::trace
