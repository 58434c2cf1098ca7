// What is small about an event, and how its fields lie in columns. Shared by the two sides of the binary encoding.
//
// Everything about an event that has few values (its kind, which optional fields are there, enumerations, the kind of the
// entity that an id names) makes up its *shape*. A block lists the shapes it uses and an event names one of them; only
// what is left, ids, numbers and texts, stands in columns: one column a field of a kind of event.
//
// The numbers of kinds, forms and columns are on the wire and frozen (SPEC.md, "The binary encoding").
//
// Threading: constants, values. Failure: none.
#pragma once

#include "trace-format/events.hpp"
#include "trace-format/names.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace cancelscope::trace {

inline constexpr std::size_t most_wire_fields = 16;
/// A text beside an event's fields: the name of an unknown event, of an unknown cancel kind.
inline constexpr std::size_t hidden_field = most_wire_fields - 1;

struct event_shape {
  std::uint8_t kind = 0;
  std::uint8_t parts = 0; ///< of `shape_part`
  std::array<std::uint8_t, most_wire_fields> forms{};

  friend bool operator==(const event_shape&, const event_shape&) = default;
};

namespace shape_part {
inline constexpr std::uint8_t earlier = 1;     ///< the time is less than the event's before
inline constexpr std::uint8_t same_thread = 2; ///< `th` is that of the last event that had one
inline constexpr std::uint8_t thread = 4;
inline constexpr std::uint8_t source = 8;
inline constexpr std::uint8_t extra = 16;
inline constexpr std::uint8_t all = 31;
} // namespace shape_part

/// Columns that all kinds share; then come sixteen for each kind, one a field.
namespace shared_column {
inline constexpr std::size_t shape = 0;
inline constexpr std::size_t time = 1;
inline constexpr std::size_t thread = 2;
inline constexpr std::size_t source = 3;
inline constexpr std::size_t extra = 4;
inline constexpr std::size_t count = 16;
} // namespace shared_column

template <class Body, std::size_t Index = 0> constexpr std::uint8_t variant_place() {
  if constexpr (std::is_same_v<Body, std::variant_alternative_t<Index, event_body>>)
    return Index;
  else
    return variant_place<Body, Index + 1>();
}

/// An unknown event has the number 0, which the header leaves free: it stands beside the events.
template <class Body>
inline constexpr std::uint8_t wire_kind =
    std::is_same_v<Body, unknown_event> ? 0 : variant_place<Body>();

inline constexpr std::size_t wire_kinds = std::variant_size_v<event_body> - 1;
inline constexpr std::size_t wire_columns = shared_column::count + wire_kinds * most_wire_fields;

constexpr std::size_t column_of(std::size_t kind, std::size_t field) {
  return shared_column::count + kind * most_wire_fields + field;
}

static_assert(wire_kind<region_open> == 1 && wire_kind<region_moved> == 2 &&
                  wire_kind<task_spawn> == 3 && wire_kind<task_run> == 4 &&
                  wire_kind<task_wait> == 5 && wire_kind<cancel_request> == 6 &&
                  wire_kind<cancel_phase> == 7 && wire_kind<task_end> == 8 &&
                  wire_kind<task_join> == 9 && wire_kind<obligation_open> == 10 &&
                  wire_kind<obligation_end> == 11 && wire_kind<finalizer_ran> == 12 &&
                  wire_kind<budget_left> == 13 && wire_kind<slot_release> == 14 &&
                  wire_kind<stale_use> == 15 && wire_kind<handshake> == 16 &&
                  wire_kind<violation> == 17 && wire_kind<mark> == 18 &&
                  wire_kind<dropped_events> == 19 && wire_kind<end_of_trace> == 20,
              "the numbers are frozen: a new event goes behind end_of_trace and raises the layout");

// ---- Forms: a byte a field. 0 is absent or null; what the others mean depends on the field's type. ----

/// The kinds of entities in the order of their forms, 1 to 3.
inline constexpr std::array entity_kinds{entity_kind::region, entity_kind::task,
                                         entity_kind::obligation};
constexpr std::uint8_t form_of_kind(entity_kind kind) {
  return kind == entity_kind::region ? 1 : kind == entity_kind::task ? 2 : 3;
}

/// A budget's form is one more than a bit for each member that is there.
namespace budget_form {
inline constexpr unsigned deadline = 1;
inline constexpr unsigned polls = 2;
inline constexpr unsigned cost = 4;
inline constexpr unsigned priority = 8;
inline constexpr unsigned all = 15;
} // namespace budget_form

/// `what` of a task_wait: a text that is exactly an id is written as one.
namespace what_form {
inline constexpr std::uint8_t text = 1;
inline constexpr std::uint8_t entity = 1; ///< added to the form of its kind: 2, 3, 4
inline constexpr std::uint8_t cancel = 5;
} // namespace what_form

/// The greatest form of a field of that type.
template <class Value> struct forms_of {
  static constexpr std::uint8_t last = 1;
  static constexpr bool required = true;
};
template <named_enum Enum> struct forms_of<Enum> {
  static constexpr std::uint8_t last = names_of<Enum>.size();
  static constexpr bool required = true;
};
template <> struct forms_of<bool> {
  static constexpr std::uint8_t last = 2;
  static constexpr bool required = true;
};
template <> struct forms_of<entity_id> {
  static constexpr std::uint8_t last = entity_kinds.size();
  static constexpr bool required = true;
};
template <> struct forms_of<budget_limits> {
  static constexpr std::uint8_t last = 1 + budget_form::all;
  static constexpr bool required = true;
};
template <class Value> struct forms_of<maybe<Value>> : forms_of<Value> {
  static constexpr bool required = false;
};
template <class Value> struct forms_of<nullable<Value>> : forms_of<Value> {
  static constexpr bool required = false;
};

// Two fields are written in a way of their own.
template <class Struct, class Value> constexpr bool is_what(Value Struct::*) {
  return false;
}
constexpr bool is_what(maybe<text> task_wait::* member) {
  return member == &task_wait::what;
}
template <class Struct, class Value> constexpr bool is_deadline(Value Struct::*) {
  return false;
}
constexpr bool is_deadline(maybe<std::uint64_t> cancel_request::* member) {
  return member == &cancel_request::deadline;
}

} // namespace cancelscope::trace
