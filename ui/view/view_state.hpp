// What is looked at, apart from what is in the trace: one cursor, one selection, and how each panel is set.
// All panels read the same view state; none changes it (intents.hpp).
//
// Threading: a value of the interface's thread.
#pragma once

#include "inspector/store/indexes.hpp"
#include "inspector/timeline/moment.hpp"
#include "ui/theme/palette.hpp"
#include "ui/view/layout.hpp"
#include "ui/view/slot_kind.hpp"
#include "ui/widgets/time_scale.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

namespace cancelscope::ui {

/// One thing in the trace. An event that concerns somebody is selected together with whom it concerns.
struct selection {
  inspector::entity who{};
  inspector::event_index event{};

  explicit operator bool() const { return static_cast<bool>(who) || static_cast<bool>(event); }
  friend bool operator==(const selection&, const selection&) = default;
};

struct tree_filter {
  std::string text;
  bool only_cancelled = false;
  bool only_alive = false;

  [[nodiscard]] bool active() const { return !text.empty() || only_cancelled || only_alive; }
  friend bool operator==(const tree_filter&, const tree_filter&) = default;
};

/// What a menu is about: whatever of it there is.
struct menu_subject {
  inspector::entity who{};
  inspector::event_index event{};
  std::optional<std::uint64_t> t{}; ///< a moment that was pointed at, in ns
  std::string note{};               ///< what a note that was pointed at is on (view/notes.hpp)
  std::string slot{};               ///< a slot, as notes say it

  friend bool operator==(const menu_subject&, const menu_subject&) = default;
};

struct open_menu {
  menu_subject about{};
  ImVec2 at{}; ///< logical pixels

  friend bool operator==(const open_menu& a, const open_menu& b) {
    return a.about == b.about && a.at.x == b.at.x && a.at.y == b.at.y;
  }
};

struct view_state {
  inspector::moment cursor{}; ///< every question "as of" is asked as of this
  std::uint64_t cursor_time =
      0; ///< where the cursor stands, in ns; at or after the cursor's last event
  selection selected{};
  /// What Why is about: the selection, except while stepping along its chain of causes.
  inspector::entity subject{};
  inspector::entity hovered{}; ///< under the mouse, highlighted in all panels
  time_range window{};         ///< what the timeline and the slots show
  double to_come = 0; ///< of the timeline's way to that window (view/motion.hpp): 0 at rest
  std::optional<time_range> marked{}; ///< a stretch of time that findings and events are of, alone

  tree_filter filter{};
  std::unordered_set<inspector::region_index> folded_branches{}; ///< in the tree
  std::unordered_set<inspector::region_index> folded_lanes{};    ///< in the timeline
  std::vector<inspector::entity> pinned_lanes{}; ///< stay at the timeline's top, in this order
  std::unordered_set<inspector::entity> hidden_lanes{}; ///< with all under them
  std::string lower =
      "findings"; ///< which panel the lower place shows, by its name in the registry
  slot_kind slots = slot_kind::tasks;
  std::string event_filter;   ///< what the events panel shows, as typed (inspector/query)
  std::string stop_condition; ///< where playing and steps to a stop end, as typed (inspector/query)
  bool playing = false;       ///< the cursor moves by itself
  theme shown_theme = theme::dark;
  bool help_shown = false;
  bool finder_shown = false;
  std::optional<open_menu> menu{}; ///< what can be done with something, listed at a place
  std::string noting{};     ///< what a note is being written on (view/notes.hpp); empty for none
  bool costs_shown = false; ///< what a frame costs
  bool hint_shown = false;  ///< how to begin, for who has not been here before
  layout sizes{};

  /// Rises when the selection should be scrolled into view: a panel that sees a number it has not yet seen does so.
  std::uint64_t reveal = 0;

  /// Takes over what is not of a trace but of who looks at it: theme, layout, what is shown besides.
  void keep_what_is_the_users(const view_state& from) {
    sizes = from.sizes;
    shown_theme = from.shown_theme;
    costs_shown = from.costs_shown;
    hint_shown = from.hint_shown;
  }
};

} // namespace cancelscope::ui
