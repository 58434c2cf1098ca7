#include "inspector/query/values.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>

namespace cancelscope::inspector {

namespace {

struct unit {
  std::string_view name;
  std::uint64_t ns;
};
constexpr std::array units{unit{"", 1},       unit{"ns", 1},         unit{"us", 1'000},
                           unit{"µs", 1'000}, unit{"ms", 1'000'000}, unit{"s", 1'000'000'000}};

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

} // namespace

trace::result<std::uint64_t> parse_count(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, why] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (why != std::errc{} || end != text.data() + text.size())
    return trace::failure{"expected a whole number"};
  return value;
}

trace::result<std::uint64_t> parse_duration(std::string_view text) {
  const trace::failure expected{"expected a time such as 1250, 1.5ms or 3s"};
  const std::size_t digits = std::min(text.find_first_not_of("0123456789."), text.size());
  std::string_view name = text.substr(digits);
  while (name.starts_with(' '))
    name.remove_prefix(1);
  const auto* const unit =
      std::find_if(units.begin(), units.end(), [name](const auto& u) { return u.name == name; });
  if (unit == units.end() || digits == 0) return expected;

  const std::string_view number = text.substr(0, digits);
  // Whole numbers exactly: a double holds no more than 53 bits.
  if (const auto whole = parse_count(number)) {
    if (*whole > std::numeric_limits<std::uint64_t>::max() / unit->ns) return expected;
    return *whole * unit->ns;
  }
  // Not from_chars: libc++ has none for real numbers.
  const std::string digits_and_dots(number);
  char* end = nullptr;
  const double value = std::strtod(digits_and_dots.c_str(), &end);
  const double ns = std::round(value * static_cast<double>(unit->ns));
  if (*end != '\0' || ns > 1e19) return expected;
  return static_cast<std::uint64_t>(ns);
}

trace::result<value_range> parse_range(std::string_view text, number_parser parse_end) {
  constexpr std::string_view dots = "..";
  const std::size_t at = text.find(dots);
  value_range range;
  if (at == std::string_view::npos) {
    const auto only = parse_end(text);
    if (!only) return only.error();
    range.from = range.to = *only;
    return range;
  }
  const std::string_view from = text.substr(0, at);
  const std::string_view to = text.substr(at + dots.size());
  if (!from.empty()) {
    const auto value = parse_end(from);
    if (!value) return value.error();
    range.from = *value;
  }
  if (!to.empty()) {
    const auto value = parse_end(to);
    if (!value) return value.error();
    range.to = *value;
  }
  return range;
}

bool contains_ignoring_case(std::string_view text, std::string_view part) {
  return std::search(text.begin(), text.end(), part.begin(), part.end(),
                     [](char a, char b) { return lower(a) == lower(b); }) != text.end() ||
         part.empty();
}

trace::result<std::function<bool(std::string_view)>> text_test(comparison how,
                                                               std::string_view wanted) {
  using test = std::function<bool(std::string_view)>;
  const auto with = [&](auto holds, bool yes) {
    return test([part = std::string(wanted), holds, yes](std::string_view value) {
      return holds(value, part) == yes;
    });
  };
  const auto same = [](std::string_view value, std::string_view part) { return value == part; };
  switch (how) {
  case comparison::equal:
    return with(same, true);
  case comparison::not_equal:
    return with(same, false);
  case comparison::contains:
  case comparison::shorthand:
    return with(contains_ignoring_case, true);
  case comparison::lacks:
    return with(contains_ignoring_case, false);
  default:
    return trace::failure{"text has no order: compare it with =, !=, ~ or !~"};
  }
}

trace::result<std::function<bool(int)>> order_test(comparison how) {
  using test = std::function<bool(int)>;
  switch (how) {
  case comparison::equal:
  case comparison::shorthand:
    return test([](int at) { return at == 0; });
  case comparison::not_equal:
    return test([](int at) { return at != 0; });
  case comparison::less:
    return test([](int at) { return at < 0; });
  case comparison::less_equal:
    return test([](int at) { return at <= 0; });
  case comparison::greater:
    return test([](int at) { return at > 0; });
  case comparison::greater_equal:
    return test([](int at) { return at >= 0; });
  default:
    return trace::failure{"compare it with =, !=, <, <=, > or >="};
  }
}

trace::result<std::function<bool(std::uint64_t)>>
number_test(comparison how, std::string_view wanted, number_parser parse) {
  const auto range = parse_range(wanted, parse);
  if (!range) return range.error();
  const auto test = order_test(how);
  if (!test) return test.error();
  return std::function<bool(std::uint64_t)>([test = *test, range = *range](std::uint64_t value) {
    return test(value < range.from ? -1 : value > range.to ? 1 : 0);
  });
}

} // namespace cancelscope::inspector
