// From numbers to small dense ones: slots, cancels, threads. Numbers that lie close together, as those of slots do, are places in
// an array; the few that lie far apart are hashed.
//
// Threading: as std::vector. Failure: a number that was never put gives nothing.
#pragma once

#include "inspector/store/interner.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

namespace cancelscope::inspector {

class number_table {
public:
  static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

  /// What was put under the number, or none.
  [[nodiscard, gnu::always_inline]] std::uint32_t find(std::uint64_t number) const {
    if (number < near_.size()) {
      const std::uint32_t found = near_[static_cast<std::size_t>(number)];
      if (found != none) return found;
    }
    return find_far(number);
  }

  /// For a number that was not put before.
  void put(std::uint64_t number, std::uint32_t value) {
    ++count_;
    // An array may be a few times as long as what it holds, and no longer.
    constexpr std::uint64_t slack = 1024;
    if (number < near_.size() || number < 4 * count_ + slack) {
      if (number >= near_.size()) near_.resize(static_cast<std::size_t>(number) + 1, none);
      near_[static_cast<std::size_t>(number)] = value;
      return;
    }
    far_.intern(number);
    far_values_.push_back(value);
  }

private:
  [[nodiscard, gnu::noinline]] std::uint32_t find_far(std::uint64_t number) const {
    if (far_.size() == 0) return none;
    const auto place = far_.find(number);
    return place ? far_values_[*place] : none;
  }

  std::uint64_t count_ = 0;
  std::vector<std::uint32_t> near_;
  interner<std::uint64_t> far_;
  std::vector<std::uint32_t> far_values_;
};

/// Each different number once, as the interner keeps values.
class number_pool {
public:
  std::uint32_t intern(std::uint64_t number) {
    const std::uint32_t found = places_.find(number);
    if (found != number_table::none) return found;
    const auto place = static_cast<std::uint32_t>(values_.size());
    places_.put(number, place);
    values_.push_back(number);
    return place;
  }
  [[nodiscard]] std::uint64_t operator[](std::uint32_t place) const { return values_[place]; }

private:
  number_table places_;
  std::vector<std::uint64_t> values_;
};

} // namespace cancelscope::inspector
