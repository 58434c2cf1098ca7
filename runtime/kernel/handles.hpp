// Handles: how everything outside the kernel names a region, a task or an obligation.
//
// A handle is one 64-bit value of slot, generation and kind. Each kind is a C++ type of its own, so
// that a task cannot stand where a region is meant; `any_handle` carries all kinds over borders
// that have no types (an ABI, a map). A handle owns nothing: what it names may be gone, and then
// the kernel refuses it.
//
// Threading: values. Failure: none here; the kernel checks a handle whenever one is presented.
//
//     task_handle t = ...;
//     t.id();      // trace::task_id{slot, generation}, printed "t7.2"
#pragma once

#include "trace-format/ids.hpp"

#include <compare>
#include <cstdint>
#include <type_traits>

namespace cancelscope {

using trace::entity_kind;

/// The widest generation a handle can carry; a slot that reached it is retired, never wrapped.
inline constexpr std::uint32_t widest_generation = (1U << 24) - 1;

/// A handle whose kind is known only at run time. Generation 0 is the null handle.
class any_handle {
public:
  constexpr any_handle() noexcept = default;
  constexpr any_handle(entity_kind kind, std::uint32_t slot, std::uint32_t generation) noexcept
      : bits_((std::uint64_t{slot} << 32) | (std::uint64_t{generation} << 8) |
              static_cast<unsigned char>(kind)) {}

  [[nodiscard]] static constexpr any_handle from_bits(std::uint64_t bits) noexcept {
    any_handle handle;
    handle.bits_ = bits;
    return handle;
  }

  [[nodiscard]] constexpr std::uint64_t bits() const noexcept { return bits_; }
  [[nodiscard]] constexpr entity_kind kind() const noexcept {
    return static_cast<entity_kind>(bits_ & 0xff);
  }
  [[nodiscard]] constexpr std::uint32_t slot() const noexcept {
    return static_cast<std::uint32_t>(bits_ >> 32);
  }
  [[nodiscard]] constexpr std::uint32_t generation() const noexcept {
    return static_cast<std::uint32_t>(bits_ >> 8) & widest_generation;
  }
  [[nodiscard]] constexpr trace::entity_id id() const noexcept {
    return {kind(), slot(), generation()};
  }
  explicit constexpr operator bool() const noexcept { return generation() != 0; }

  friend constexpr auto operator<=>(any_handle, any_handle) noexcept = default;

private:
  std::uint64_t bits_ = 0;
};

template <entity_kind Kind> class handle {
public:
  static constexpr entity_kind kind = Kind;

  /// The null handle: names nothing, equals no live handle.
  constexpr handle() noexcept = default;
  constexpr handle(std::uint32_t slot, std::uint32_t generation) noexcept
      : value_(Kind, slot, generation) {}

  [[nodiscard]] constexpr std::uint32_t slot() const noexcept { return value_.slot(); }
  [[nodiscard]] constexpr std::uint32_t generation() const noexcept { return value_.generation(); }
  [[nodiscard]] constexpr trace::typed_id<Kind> id() const noexcept {
    return {slot(), generation()};
  }
  explicit constexpr operator bool() const noexcept { return static_cast<bool>(value_); }
  constexpr operator any_handle() const noexcept { return value_; }

  friend constexpr auto operator<=>(handle, handle) noexcept = default;

private:
  any_handle value_;
};

using region_handle = handle<entity_kind::region>;
using task_handle = handle<entity_kind::task>;
using obligation_handle = handle<entity_kind::obligation>;

static_assert(sizeof(task_handle) == sizeof(std::uint64_t));
static_assert(!std::is_convertible_v<task_handle, region_handle>);
static_assert(!std::is_convertible_v<any_handle, task_handle>);

} // namespace cancelscope
