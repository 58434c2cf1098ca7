#include "inspector/text/units.hpp"

#include <fmt/format.h>

#include <array>

namespace cancelscope::inspector {

namespace {

struct unit {
  std::uint64_t ns;
  std::string_view name;
};
constexpr std::array units{unit{1'000, "µs"}, unit{1'000'000, "ms"}, unit{1'000'000'000, "s"}};
constexpr std::uint64_t second = 1'000'000'000;
constexpr std::uint64_t minute = 60 * second;
constexpr std::uint64_t hour = 60 * minute;

/// Three significant figures at most, without zeros at the end: "3.1", "250", "2.05".
std::string figures(double value) {
  std::string text = fmt::format("{:.{}f}", value, value < 9.995 ? 2 : value < 99.95 ? 1 : 0);
  if (text.find('.') != std::string::npos) {
    while (text.back() == '0')
      text.pop_back();
    if (text.back() == '.') text.pop_back();
  }
  return text;
}

std::string two_units(std::uint64_t large, std::string_view name, std::uint64_t small,
                      std::string_view small_name) {
  if (small == 0) return fmt::format("{} {}", large, name);
  return fmt::format("{} {} {} {}", large, name, small, small_name);
}

} // namespace

std::string duration_text(std::uint64_t ns) {
  if (ns < 1'000) return fmt::format("{} ns", ns);
  for (const unit& u : units) {
    const double value = static_cast<double>(ns) / static_cast<double>(u.ns);
    // What would round to a thousand is one of the next unit.
    if (value < 999.5 && ns < minute) return fmt::format("{} {}", figures(value), u.name);
  }
  if (ns < hour) return two_units(ns / minute, "min", ns % minute / second, "s");
  return two_units(ns / hour, "h", ns % hour / minute, "min");
}

std::string time_text(std::uint64_t t) {
  if (t < 1'000) return fmt::format("{} ns", t);
  if (t < 1'000'000) return fmt::format("{}.{:03} µs", t / 1'000, t % 1'000);
  if (t < second) return fmt::format("{}.{:03} ms", t / 1'000'000, t / 1'000 % 1'000);
  return fmt::format("{}.{:06} s", t / second, t / 1'000 % 1'000'000);
}

std::string count_text(std::uint64_t n) {
  std::string text = std::to_string(n);
  for (std::size_t at = text.size(); at > 3; at -= 3)
    text.insert(at - 3, ",");
  return text;
}

std::string counted(std::uint64_t n, std::string_view singular, std::string_view plural) {
  if (n == 1) return fmt::format("1 {}", singular);
  if (plural.empty()) return fmt::format("{} {}s", count_text(n), singular);
  return fmt::format("{} {}", count_text(n), plural);
}

std::string bytes_text(std::uint64_t n) {
  if (n < 1'000) return counted(n, "byte");
  if (n < 1'000'000) return figures(static_cast<double>(n) / 1e3) + " kB";
  if (n < 1'000'000'000) return figures(static_cast<double>(n) / 1e6) + " MB";
  return figures(static_cast<double>(n) / 1e9) + " GB";
}

} // namespace cancelscope::inspector
