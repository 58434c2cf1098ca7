#include "ui/view/layout.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <utility>

namespace cancelscope::ui {
namespace {

constexpr std::array presets{
    layout_preset{"Triage", "what went wrong, and why", {}, "findings"},
    layout_preset{"Timeline",
                  "who did what when",
                  {.why_width = 340, .tree_shown = false, .lower_shown = false},
                  "events"},
    layout_preset{"Slots",
                  "who had a slot, and who used it stale",
                  {.why_width = 340, .lower_height = 420, .tree_shown = false},
                  "slots"},
};

constexpr std::array places{
    std::pair{panel_place::left, std::string_view{"tree"}},
    std::pair{panel_place::middle, std::string_view{"timeline"}},
    std::pair{panel_place::lower, std::string_view{"lower"}},
    std::pair{panel_place::right, std::string_view{"why"}},
};

std::string_view name_of(panel_place place) {
  for (const auto& [one, name] : places)
    if (one == place) return name;
  return {};
}

/// A length that can be drawn; none where the text is something else.
std::optional<float> length_in(std::string_view text) {
  float length = 0;
  int digits = 0;
  for (const char c : text) {
    if (c < '0' || c > '9' || ++digits > 5) return std::nullopt;
    length = length * 10 + static_cast<float>(c - '0');
  }
  return digits > 0 ? std::optional(length) : std::nullopt;
}

bool take_word(layout& sizes, std::string_view word) {
  for (const auto& [place, name] : places) {
    if (word == fmt::format("full:{}", name)) {
      sizes.filled = place;
      return true;
    }
    if (word != fmt::format("hide:{}", name) || place == panel_place::middle) continue;
    (place == panel_place::left    ? sizes.tree_shown
     : place == panel_place::lower ? sizes.lower_shown
                                   : sizes.why_shown) = false;
    return true;
  }
  return false;
}

} // namespace

bool layout::shows(panel_place place) const {
  if (filled) return *filled == place;
  switch (place) {
  case panel_place::left:
    return tree_shown;
  case panel_place::lower:
    return lower_shown;
  case panel_place::right:
    return why_shown;
  case panel_place::middle:
    break;
  }
  return true;
}

std::span<const layout_preset> layout_presets() {
  return presets;
}

std::string text_of(const layout& sizes) {
  // Panels begin at whole pixels, so nothing is lost.
  std::string text = fmt::format("{},{},{}", std::floor(sizes.tree_width),
                                 std::floor(sizes.why_width), std::floor(sizes.lower_height));
  const auto hidden = [&text](bool shown, panel_place place) {
    if (!shown) text += fmt::format(",hide:{}", name_of(place));
  };
  hidden(sizes.tree_shown, panel_place::left);
  hidden(sizes.why_shown, panel_place::right);
  hidden(sizes.lower_shown, panel_place::lower);
  if (sizes.filled) text += fmt::format(",full:{}", name_of(*sizes.filled));
  return text;
}

std::optional<layout> parse_layout(std::string_view text) {
  layout sizes;
  const std::array lengths{&sizes.tree_width, &sizes.why_width, &sizes.lower_height};
  std::size_t number = 0;
  for (bool more = true; more; ++number) {
    const std::size_t comma = text.find(',');
    const std::string_view word = text.substr(0, comma);
    more = comma != std::string_view::npos;
    if (more) text.remove_prefix(comma + 1);
    if (number >= lengths.size()) {
      if (!take_word(sizes, word)) return std::nullopt;
    } else if (const auto length = length_in(word)) {
      *lengths[number] = *length;
    } else {
      return std::nullopt;
    }
  }
  return number >= lengths.size() ? std::optional(sizes) : std::nullopt;
}

} // namespace cancelscope::ui
