#include "runtime/lab/seed.hpp"

#include <array>
#include <charconv>
#include <optional>

namespace cancelscope {

namespace {

constexpr std::string_view choices_prefix = "choices:";

template <class Number> std::optional<Number> number_of(std::string_view text, int base) {
  Number value{};
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value, base);
  if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
  return value;
}

trace::failure no_seed(std::string_view text) {
  return {"“" + std::string{text} +
          "” is no seed; a seed is a number such as 42 or 0x2a, or choices such as "
          "choices:3=1,7=2"};
}

std::optional<lab_choice> choice_of(std::string_view text) {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  const auto step = number_of<std::size_t>(text.substr(0, equals), 10);
  const auto index = number_of<std::size_t>(text.substr(equals + 1), 10);
  if (!step || !index) return std::nullopt;
  return lab_choice{*step, *index};
}

} // namespace

std::string to_string(const lab_seed& seed) {
  if (const auto* number = std::get_if<std::uint64_t>(&seed)) {
    std::array<char, 18> digits{'0', 'x'};
    const auto end = std::to_chars(digits.data() + 2, digits.data() + digits.size(), *number, 16);
    return {digits.data(), end.ptr};
  }
  std::string text{choices_prefix};
  for (const lab_choice& each : std::get<lab_choices>(seed)) {
    if (text.size() > choices_prefix.size()) text += ',';
    text += std::to_string(each.step) + '=' + std::to_string(each.index);
  }
  return text;
}

trace::result<lab_seed> parse_lab_seed(std::string_view text) {
  if (!text.starts_with(choices_prefix)) {
    const bool hexadecimal = text.starts_with("0x") || text.starts_with("0X");
    const auto number =
        number_of<std::uint64_t>(hexadecimal ? text.substr(2) : text, hexadecimal ? 16 : 10);
    if (!number) return no_seed(text);
    return lab_seed{*number};
  }
  lab_choices choices;
  std::string_view rest = text.substr(choices_prefix.size());
  for (bool more = !rest.empty(); more;) {
    const auto comma = rest.find(',');
    const auto choice = choice_of(rest.substr(0, comma));
    if (!choice || (!choices.empty() && choice->step <= choices.back().step)) return no_seed(text);
    choices.push_back(*choice);
    more = comma != std::string_view::npos;
    if (more) rest.remove_prefix(comma + 1);
  }
  return lab_seed{std::move(choices)};
}

} // namespace cancelscope
