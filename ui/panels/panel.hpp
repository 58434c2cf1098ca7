// A panel: one view of the open trace. It reads the document and the view state, draws into the current ImGui child
// window, adds what it showed to the record, and returns what should happen as intents. It may keep what it worked
// out for drawing (keyed by the document's revision), never anything of the model or of the view.
//
// To add one: a pair of files beside this one, and a line in registry.cpp.
// Threading: the interface's thread.
#pragma once

#include "ui/view/comparison.hpp"
#include "ui/view/document.hpp"
#include "ui/view/intents.hpp"
#include "ui/view/notes.hpp"
#include "ui/view/screen_record.hpp"
#include "ui/view/view_state.hpp"

#include <imgui.h>

#include <span>
#include <utility>

namespace cancelscope::ui {

struct panel_context {
  const document& open;
  const comparison* beside; ///< null where no other trace is open beside it
  const view_state& view;
  std::span<const placed_note> notes; ///< what the user wrote, in order of time
  intents& wants;
  screen_record& shown;
  /// A panel puts here what of its own is under the mouse; all panels highlight it in the next frame.
  inspector::entity& under_mouse;

  void want(any_intent wanted) const { wants.push_back(std::move(wanted)); }
  void want_selected(inspector::entity who) const { want(intent::select{{who, {}}}); }
  /// A right click on the last item lists what can be done with that.
  void offer_menu(const menu_subject& about) const {
    if (ImGui::IsItemHovered() && ImGui::IsMouseClicked(ImGuiMouseButton_Right))
      want(intent::show_menu{about, ImGui::GetIO().MousePos});
  }
};

class panel {
public:
  panel() = default;
  panel(const panel&) = delete;
  panel& operator=(const panel&) = delete;
  virtual ~panel() = default;

  /// Fills the current window, from its cursor to its lower right corner.
  virtual void draw(const panel_context& context) = 0;
  /// What belongs at the right end of the panel's header line, in `width` logical pixels.
  virtual void draw_header(const panel_context& /*context*/, float /*width*/) {}
  /// The number behind the panel's name; negative for none.
  [[nodiscard]] virtual int count(const panel_context& /*context*/) const { return -1; }
};

} // namespace cancelscope::ui
