// The ids of a trace: `r3.1`, `t7.2`, `o2.5` are a kind letter, a slot, a dot and a generation;
// cancel requests are `c1`, `c2`, …
//
// Threading: values. Failure: parsing returns nothing for text that is not an id.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace cancelscope::trace {

/// What an id names. The values are the letters of the wire and are frozen.
enum class entity_kind : char { region = 'r', task = 't', obligation = 'o' };

/// An id of any entity. The first tenant of a slot has generation 1; every new tenant a higher one.
struct entity_id {
  entity_kind kind{};
  std::uint64_t slot = 0;
  std::uint64_t generation = 0;

  friend auto operator<=>(const entity_id&, const entity_id&) = default;
};

/// An id whose kind is known at compile time, so that a task cannot stand where a region is meant.
template <entity_kind Kind> struct typed_id {
  static constexpr entity_kind kind = Kind;
  std::uint64_t slot = 0;
  std::uint64_t generation = 0;

  constexpr operator entity_id() const noexcept { return {Kind, slot, generation}; }
  friend auto operator<=>(const typed_id&, const typed_id&) = default;
};

using region_id = typed_id<entity_kind::region>;
using task_id = typed_id<entity_kind::task>;
using obligation_id = typed_id<entity_kind::obligation>;

/// The id of a cancel request: rising within a trace, never reused.
struct cancel_id {
  std::uint64_t number = 0;

  friend auto operator<=>(const cancel_id&, const cancel_id&) = default;
};

/// The id as the trace writes it: `t7.2`.
std::string to_string(entity_id id);
/// The id as the trace writes it: `c12`.
std::string to_string(cancel_id id);

/// Exactly the text that to_string writes, nothing before or after; no leading zeros, generation and
/// number of a cancel ≥ 1.
std::optional<entity_id> parse_entity_id(std::string_view text);
std::optional<cancel_id> parse_cancel_id(std::string_view text);

} // namespace cancelscope::trace

template <> struct std::hash<cancelscope::trace::entity_id> {
  std::size_t operator()(const cancelscope::trace::entity_id& id) const noexcept {
    // Slots are dense and generations small: one multiplication spreads both.
    const std::uint64_t mixed =
        (id.slot ^ (id.generation << 40) ^ (id.generation >> 24)) * 0x9e3779b97f4a7c15ULL;
    return static_cast<std::size_t>(mixed ^ (mixed >> 29) ^ static_cast<unsigned char>(id.kind));
  }
};

template <> struct std::hash<cancelscope::trace::cancel_id> {
  std::size_t operator()(const cancelscope::trace::cancel_id& id) const noexcept {
    return std::hash<std::uint64_t>{}(id.number);
  }
};
