// How the panels share the window: their sizes, which of them are there, and which one fills it all.
//
// Threading: values. Failure: a text that is no arrangement gives none.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cancelscope::ui {

/// Where a panel stands. Those of one place share it, as tabs.
enum class panel_place { left, middle, lower, right };

/// Sizes in logical pixels, as the user dragged them.
struct layout {
  float tree_width = 316;
  float why_width = 392;
  float lower_height = 236;
  bool tree_shown = true;
  bool why_shown = true;
  bool lower_shown = true;
  std::optional<panel_place> filled{}; ///< it alone is there

  /// The middle is always there, unless another place fills the window.
  [[nodiscard]] bool shows(panel_place place) const;
  friend bool operator==(const layout&, const layout&) = default;
};

/// An arrangement for a kind of work.
struct layout_preset {
  std::string_view name;
  std::string_view purpose;
  layout sizes;
  std::string_view lower; ///< which panel the lower place shows
};

std::span<const layout_preset> layout_presets();

/// As links and preferences keep it: "316,392,236", then what is not as usual, as in ",hide:tree,full:middle".
std::string text_of(const layout& sizes);
std::optional<layout> parse_layout(std::string_view text);

} // namespace cancelscope::ui
