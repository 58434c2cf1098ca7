// What the window is drawn from.
//
// Threading: the interface's thread; borrows, for the length of a frame.
#pragma once

#include "ui/app/frame_stats.hpp"
#include "ui/view/comparison.hpp"
#include "ui/view/document.hpp"
#include "ui/view/intents.hpp"
#include "ui/view/notes.hpp"
#include "ui/view/screen_record.hpp"
#include "ui/view/view_state.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace cancelscope::ui {

/// A trace that is arriving; without a name: none is.
struct load_status {
  std::string name;
  std::uint64_t bytes = 0;
  std::uint64_t total = 0; ///< 0 where nobody knows
  std::uint64_t events = 0;
  std::uint64_t frames = 0; ///< how many were drawn since it began
  bool looked_at = false;   ///< what has arrived of it is what is open
  bool may_be_looked_at = false;

  [[nodiscard]] bool waited_for() const { return !name.empty() && !looked_at; }
};

/// A trace that can be opened with one click.
struct offer {
  std::string title;
  std::string detail;
  std::string address; ///< for intent::open_path
};

struct shell_input {
  const document* open; ///< null before the first trace
  const comparison* beside;
  const view_state& view;
  std::span<const placed_note> notes;
  const std::string& banner;
  bool banner_is_error;
  bool choosing_file;
  load_status loading;
  const std::vector<offer>& offers;
  const frame_stats& stats;
};

} // namespace cancelscope::ui
