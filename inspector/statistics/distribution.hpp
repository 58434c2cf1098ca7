// Many durations in a few numbers.
//
// Threading: values. Failure: none; of nothing all is 0.
#pragma once

#include <cstdint>
#include <vector>

namespace cancelscope::inspector {

/// Durations of one sort, in ns. Percentiles are of those seen, by nearest rank.
struct distribution {
  std::uint64_t count = 0;
  std::uint64_t p50 = 0;
  std::uint64_t p90 = 0;
  std::uint64_t p99 = 0;
  std::uint64_t max = 0;
  /// What lies above is an outlier: three times the distance of the quartiles above the upper one (the outer fence
  /// of Tukey, "Exploratory Data Analysis", 1977), and twice the median at least. Of fewer than eight nothing does.
  std::uint64_t fence = ~std::uint64_t{0};
};

distribution distribution_of(std::vector<std::uint64_t> values);

} // namespace cancelscope::inspector
