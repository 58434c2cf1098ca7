// Values in queries and on the command line: counts, times with units, ranges of them.
//
// Threading: pure functions. Failure: a result that says what was expected.
#pragma once

#include "trace-format/result.hpp"

#include <cstdint>
#include <limits>
#include <string_view>

namespace cancelscope::inspector {

/// "17".
trace::result<std::uint64_t> parse_count(std::string_view text);
/// In ns: "1250", "1.5ms", "250 ms", "3s"; units ns, us or µs, ms, s.
trace::result<std::uint64_t> parse_duration(std::string_view text);

/// Both ends included.
struct value_range {
  std::uint64_t from = 0;
  std::uint64_t to = std::numeric_limits<std::uint64_t>::max();
  [[nodiscard]] bool holds(std::uint64_t value) const { return from <= value && value <= to; }
};
/// "17", "17..20", "17..", "..20".
trace::result<value_range> parse_range(std::string_view text,
                                       trace::result<std::uint64_t> (*parse_end)(std::string_view));

/// By the letters of ASCII; all others must be the same.
bool contains_ignoring_case(std::string_view text, std::string_view part);

} // namespace cancelscope::inspector
