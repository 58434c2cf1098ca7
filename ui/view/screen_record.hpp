// What a frame showed, in words and places: tests and other programs read it instead of pixels.
//
// Owner:     the application; every panel adds what it drew, visible things only, so it stays small.
// Threading: the interface's thread.
#pragma once

#include <imgui.h>

#include <string>
#include <string_view>
#include <vector>

namespace cancelscope::ui {

struct shown_item {
  std::string panel; ///< "tree", "timeline", "slots", "why", "findings", "events", "bar"
  std::string role;  ///< "row", "lane", "card", "sentence", "finding", …
  std::string id;    ///< the trace's id of what it stands for, or empty
  std::string text;  ///< what a reader sees
  ImVec2 min;        ///< logical pixels from the window's top left corner
  ImVec2 max;
};

class screen_record {
public:
  void clear() { items_.clear(); }
  void add(std::string_view panel, std::string_view role, std::string_view id,
           std::string_view text, ImVec2 min, ImVec2 max) {
    items_.push_back(
        {std::string(panel), std::string(role), std::string(id), std::string(text), min, max});
  }
  [[nodiscard]] const std::vector<shown_item>& items() const { return items_; }

private:
  std::vector<shown_item> items_;
};

} // namespace cancelscope::ui
