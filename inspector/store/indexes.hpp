// Dense indexes into the store's tables, one type a table, so that a task's index cannot stand where a
// region's is meant. A default index is none. An `entity` is an index of any table.
//
// Threading: values. Failure: none; an entity of another type reads as none.
//
//     if (auto task = who.as<task_index>()) draw(store[task]);
#pragma once

#include <compare>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <limits>
#include <type_traits>

namespace cancelscope::inspector {

template <class Tag> class dense_index {
public:
  constexpr dense_index() = default;
  constexpr explicit dense_index(std::uint32_t value) : value_(value) {}

  [[nodiscard]] constexpr std::uint32_t value() const noexcept { return value_; }
  constexpr explicit operator bool() const noexcept { return value_ != none; }
  friend constexpr auto operator<=>(const dense_index&, const dense_index&) = default;

private:
  static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
  std::uint32_t value_ = none;
};

using event_index = dense_index<struct event_tag>;
using region_index = dense_index<struct region_tag>;
using task_index = dense_index<struct task_tag>;
using cancel_index = dense_index<struct cancel_tag>;
using obligation_index = dense_index<struct obligation_tag>;
using wait_index = dense_index<struct wait_tag>;
using text_index = dense_index<struct text_tag>; ///< an interned string

enum class entity_type : std::uint8_t { none, region, task, cancel, obligation };

/// Any region, task, cancel or obligation of one store, or none: what can be selected and explained.
class entity {
public:
  constexpr entity() = default;
  constexpr entity(region_index i) : entity(entity_type::region, static_cast<bool>(i), i.value()) {}
  constexpr entity(task_index i) : entity(entity_type::task, static_cast<bool>(i), i.value()) {}
  constexpr entity(cancel_index i) : entity(entity_type::cancel, static_cast<bool>(i), i.value()) {}
  constexpr entity(obligation_index i)
      : entity(entity_type::obligation, static_cast<bool>(i), i.value()) {}

  [[nodiscard]] constexpr entity_type type() const noexcept {
    return static_cast<entity_type>(packed_ >> shift);
  }
  constexpr explicit operator bool() const noexcept { return type() != entity_type::none; }

  /// The index, or none where the entity is of another type.
  template <class Index> [[nodiscard]] constexpr Index as() const noexcept {
    return type() == type_of<Index>() ? Index{packed_ & mask} : Index{};
  }

  /// The bare index, whatever the type: a key for tables that hold all types. 0 for none.
  [[nodiscard]] constexpr std::uint32_t index() const noexcept { return packed_ & mask; }
  [[nodiscard]] constexpr std::uint32_t packed() const noexcept { return packed_; }
  /// Another of the same type.
  [[nodiscard]] constexpr entity with_index(std::uint32_t index) const noexcept {
    return unpacked((packed_ & ~mask) | index);
  }
  /// The entity whose packed() it is; none for a number below that of any.
  static constexpr entity unpacked(std::uint32_t packed) {
    entity made;
    made.packed_ = (packed >> shift) == 0 ? 0 : packed;
    return made;
  }
  friend constexpr auto operator<=>(const entity&, const entity&) = default;

private:
  // Three bits of type above 29 of index: half a billion of each, in four bytes an event.
  static constexpr unsigned shift = 29;
  static constexpr std::uint32_t mask = (1U << shift) - 1;

  constexpr entity(entity_type type, bool there, std::uint32_t index)
      : packed_(there ? (static_cast<std::uint32_t>(type) << shift) | index : 0) {
    if (there && index > mask) std::abort();
  }

  template <class Index> static constexpr entity_type type_of() {
    if constexpr (std::is_same_v<Index, region_index>)
      return entity_type::region;
    else if constexpr (std::is_same_v<Index, task_index>)
      return entity_type::task;
    else if constexpr (std::is_same_v<Index, cancel_index>)
      return entity_type::cancel;
    else {
      static_assert(std::is_same_v<Index, obligation_index>, "not an index of an entity");
      return entity_type::obligation;
    }
  }

  std::uint32_t packed_ = 0;
};

} // namespace cancelscope::inspector

template <class Tag> struct std::hash<cancelscope::inspector::dense_index<Tag>> {
  std::size_t operator()(const cancelscope::inspector::dense_index<Tag>& i) const noexcept {
    return i.value();
  }
};

template <> struct std::hash<cancelscope::inspector::entity> {
  std::size_t operator()(const cancelscope::inspector::entity& e) const noexcept {
    return e.packed();
  }
};
