#include "trace-format/ids.hpp"

#include <charconv>

namespace cancelscope::trace {

namespace {

/// A decimal number of 64 bits without leading zeros, and nothing else.
std::optional<std::uint64_t> parse_number(std::string_view digits) {
  if (digits.empty() || (digits.size() > 1 && digits.front() == '0')) return std::nullopt;
  std::uint64_t number = 0;
  const char* end = digits.data() + digits.size();
  const auto [stopped, error] = std::from_chars(digits.data(), end, number);
  if (error != std::errc{} || stopped != end) return std::nullopt;
  return number;
}

std::optional<entity_kind> parse_kind(char letter) {
  switch (letter) {
  case 'r':
    return entity_kind::region;
  case 't':
    return entity_kind::task;
  case 'o':
    return entity_kind::obligation;
  default:
    return std::nullopt;
  }
}

} // namespace

std::string to_string(entity_id id) {
  return static_cast<char>(id.kind) + std::to_string(id.slot) + '.' + std::to_string(id.generation);
}

std::string to_string(cancel_id id) {
  return 'c' + std::to_string(id.number);
}

std::optional<entity_id> parse_entity_id(std::string_view text) {
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos || dot == 0) return std::nullopt;
  const auto kind = parse_kind(text.front());
  const auto slot = parse_number(text.substr(1, dot - 1));
  const auto generation = parse_number(text.substr(dot + 1));
  if (!kind || !slot || !generation || *generation == 0) return std::nullopt;
  return entity_id{*kind, *slot, *generation};
}

std::optional<cancel_id> parse_cancel_id(std::string_view text) {
  if (text.empty() || text.front() != 'c') return std::nullopt;
  const auto number = parse_number(text.substr(1));
  if (!number || *number == 0) return std::nullopt;
  return cancel_id{*number};
}

} // namespace cancelscope::trace
