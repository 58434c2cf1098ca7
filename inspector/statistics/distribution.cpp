#include "inspector/statistics/distribution.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>

namespace cancelscope::inspector {

namespace {

/// The value that so many of a hundred do not exceed, by nearest rank.
std::uint64_t percentile(const std::vector<std::uint64_t>& sorted, std::uint64_t percent) {
  const auto rank = static_cast<std::size_t>((std::uint64_t{sorted.size()} * percent + 99) / 100);
  return sorted[rank == 0 ? 0 : rank - 1];
}

std::uint64_t outer_fence(const std::vector<std::uint64_t>& sorted) {
  constexpr std::uint64_t unlimited = std::numeric_limits<std::uint64_t>::max();
  constexpr std::size_t enough = 8;
  if (sorted.size() < enough) return unlimited;
  const std::uint64_t upper = percentile(sorted, 75);
  const std::uint64_t between = upper - percentile(sorted, 25);
  if (between > (unlimited - upper) / 3) return unlimited;
  const std::uint64_t median = percentile(sorted, 50);
  return std::max(upper + 3 * between, median > unlimited / 2 ? unlimited : 2 * median);
}

} // namespace

distribution distribution_of(std::vector<std::uint64_t> values) {
  if (values.empty()) return {};
  std::sort(values.begin(), values.end());
  return {.count = values.size(),
          .p50 = percentile(values, 50),
          .p90 = percentile(values, 90),
          .p99 = percentile(values, 99),
          .max = values.back(),
          .fence = outer_fence(values)};
}

} // namespace cancelscope::inspector
