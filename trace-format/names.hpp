// The names of the model's enumerations, as traces, answers, queries and the screen write them. Frozen: a
// name that was ever released means the same for ever; new ones are added at the places that allow it.
//
// Threading: constants. Failure: text that names nothing gives nothing.
//
//     to_string(cancel_kind::race_lost)    // "race_lost"
//     parse<outcome_kind>("cancelled")     // outcome_kind::cancelled
#pragma once

#include "trace-format/anomaly.hpp"
#include "trace-format/events.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace cancelscope::trace {

/// The names of an enumeration in the order of its values; an empty list means that it has none.
template <class Enum> inline constexpr std::array<text, 0> names_of{};

template <>
inline constexpr std::array<text, 5> names_of<region_state>{"open", "closing", "draining",
                                                            "finalizing", "closed"};
template <>
inline constexpr std::array<text, 6> names_of<wait_reason>{"timer", "channel", "join",
                                                           "io",    "permit",  "other"};
template <>
inline constexpr std::array<text, 8> names_of<cancel_kind>{
    "user", "timeout", "budget", "fail_fast", "race_lost", "parent", "shutdown", "other"};
template <>
inline constexpr std::array<text, 3> names_of<cancel_effect>{"applied", "strengthened", "absorbed"};
template <>
inline constexpr std::array<text, 4> names_of<cancel_phase_name>{"requested", "draining",
                                                                 "finalizing", "completed"};
template <>
inline constexpr std::array<text, 4> names_of<outcome_kind>{"ok", "err", "cancelled", "panicked"};
template <>
inline constexpr std::array<text, 6> names_of<obligation_kind>{"permit", "ack",      "lease",
                                                               "io",     "resource", "other"};
template <>
inline constexpr std::array<text, 3> names_of<obligation_fate>{"committed", "aborted", "leaked"};
template <>
inline constexpr std::array<text, 3> names_of<budget_resource>{"polls", "cost", "deadline"};
template <> inline constexpr std::array<text, 2> names_of<clock_kind>{"monotonic", "virtual"};
template <>
inline constexpr std::array<text, 10> names_of<anomaly_code>{
    "bad-json",  "bad-field",      "time-went-back", "unknown-id", "stale-id",
    "reused-id", "bad-transition", "cause-cycle",    "cut-off",    "bad-block"};

template <class Enum>
concept named_enum = names_of<Enum>.size() > 0;

template <named_enum Enum> constexpr text to_string(Enum value) {
  return names_of<Enum>[static_cast<std::size_t>(value)];
}

/// The value of that name. A cancel kind of any other name, `other` too, is the producer's own, and gives nothing.
template <named_enum Enum> constexpr std::optional<Enum> parse(text name) {
  for (std::size_t i = 0; i < names_of<Enum>.size(); ++i) {
    if (names_of<Enum>[i] == name) {
      const auto value = static_cast<Enum>(i);
      if constexpr (std::is_same_v<Enum, cancel_kind>) {
        if (value == cancel_kind::other) return std::nullopt;
      }
      return value;
    }
  }
  return std::nullopt;
}

/// The first value that may stand in a trace: what comes before it is only ever implied.
template <class Enum> inline constexpr Enum first_on_wire{};
template <> inline constexpr region_state first_on_wire<region_state> = region_state::closing;
template <>
inline constexpr cancel_phase_name first_on_wire<cancel_phase_name> = cancel_phase_name::draining;

/// The kind's name, the producer's own where the kind is not one of the format's.
constexpr text kind_name(const cancel_request& request) {
  return request.kind == cancel_kind::other ? request.kind_name : to_string(request.kind);
}

} // namespace cancelscope::trace
