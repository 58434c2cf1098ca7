// Values in queries and on the command line: counts, times with units, ranges of them, and how they are compared.
//
// Threading: pure functions. Failure: a result that says what was expected.
#pragma once

#include "inspector/query/syntax.hpp"
#include "trace-format/result.hpp"

#include <cstdint>
#include <functional>
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
using number_parser = trace::result<std::uint64_t> (*)(std::string_view);
/// "17", "17..20", "17..", "..20".
trace::result<value_range> parse_range(std::string_view text, number_parser parse_end);

/// By the letters of ASCII; all others must be the same.
bool contains_ignoring_case(std::string_view text, std::string_view part);

/// A colon asks whether the text stands in it, whatever its case.
trace::result<std::function<bool(std::string_view)>> text_test(comparison how,
                                                               std::string_view wanted);
/// Equal to a range is being in it.
trace::result<std::function<bool(std::uint64_t)>>
number_test(comparison how, std::string_view wanted, number_parser parse);
/// What a comparison says of a value that is before (-1), at (0) or after (1) the wanted one.
trace::result<std::function<bool(int)>> order_test(comparison how);

} // namespace cancelscope::inspector
