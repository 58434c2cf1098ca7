// Finds a command, a region or a task by a few letters of its name, a note by its words, or anything by its id; and what
// can be done with the selection (Ctrl+P).
//
// Threading: the interface's thread.
#pragma once

#include "ui/app/shell_input.hpp"
#include "ui/view/actions.hpp"

#include <imgui.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cancelscope::ui {

class finder {
public:
  /// Draws it while view_state::finder_shown.
  void draw(const shell_input& input, intents& wants, screen_record& shown);

private:
  struct command {
    std::string_view name;
    std::string_view keys;
    any_intent wanted;
  };
  struct hit {
    const command* does = nullptr;      ///< or:
    inspector::entity who{};            ///< or:
    std::optional<std::size_t> opens{}; ///< one of the offers, or:
    const action* acts = nullptr;       ///< with what is selected, or:
    std::string noted{};                ///< what a note is on
  };

  static const std::vector<command>& commands();
  void learn_what_there_is(const shell_input& input);
  void search(const shell_input& input);
  void draw_field();
  void use_keys(const shell_input& input, intents& wants);
  void draw_rows(const shell_input& input, intents& wants, screen_record& shown);
  void draw_row(const shell_input& input, std::size_t number, screen_record& shown);
  void take(const hit& chosen, const shell_input& input, intents& wants);
  void close(intents& wants);

  bool open_ = false;
  bool field_active_ = false;
  ImVector<ImWchar> early_; ///< typed before the field had the keyboard
  bool entered_ = false;    ///< and Enter with it
  std::string text_;
  std::string searched_;
  std::uint64_t revision_ = 0;
  std::vector<action> actions_; ///< with what is selected
  std::vector<hit> hits_;
  std::size_t found_ = 0; ///< how many there are, shown or not
  std::size_t chosen_ = 0;
  std::size_t followed_ = 0; ///< the choice that the list last scrolled to
  bool clicked_ = false;
};

} // namespace cancelscope::ui
