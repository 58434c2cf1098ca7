// The window's layout: top bar, tiled panels between draggable splitters, transport bar, and what lies over them.
//
// Owner:     owns the panels. Threading: the interface's thread.
#pragma once

#include "ui/app/context_menu.hpp"
#include "ui/app/file_chooser.hpp"
#include "ui/app/finder.hpp"
#include "ui/app/note_editor.hpp"
#include "ui/app/shell_input.hpp"
#include "ui/panels/registry.hpp"

#include <memory>
#include <vector>

namespace cancelscope::ui {

class shell {
public:
  shell();
  /// Draws the whole window. True while something moves by itself and the next frame is due at once.
  bool draw(const shell_input& input, intents& wants, screen_record& shown);

private:
  struct placed_panel {
    const panel_entry* entry;
    std::unique_ptr<panel> view;
  };

  void draw_body(const shell_input& input, ImVec2 corner, ImVec2 size, intents& wants,
                 screen_record& shown);
  void draw_tiles(const layout& wanted, const panel_context& context, ImVec2 corner, ImVec2 size);
  void draw_panel_menu(panel_place place, const panel_context& context);
  void draw_place(panel_place place, const panel_context& context, ImVec2 corner, ImVec2 size);
  void draw_header(panel_place place, const placed_panel& current, const panel_context& context,
                   float width);
  const placed_panel& current_of(panel_place place, const view_state& view) const;

  std::vector<placed_panel> panels_;
  file_chooser chooser_;
  finder finder_;
  context_menu menu_;
  note_editor note_editor_;
};

} // namespace cancelscope::ui
