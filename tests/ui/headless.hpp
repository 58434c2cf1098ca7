// The application without a window: ImGui draws into nothing, the mouse and the keyboard are function calls, and what
// was shown is read from the screen record.
#pragma once

#include "ui/app/application.hpp"

#include <imgui.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace cancelscope::ui {

class fake_platform final : public platform {
public:
  bool choose_file() override {
    ++choices_asked;
    return true;
  }
  bool open_address(const std::string& address) override {
    if (fetches) fetched = address;
    return fetches;
  }
  void show_title(std::string_view text) override { title = text; }
  void announce(std::string_view sentence) override { announced = sentence; }
  void show_link(std::string_view text) override { link = text; }
  bool keep(std::string_view preference, std::string_view value) override {
    if (forgetful) return false;
    keeps[std::string(preference)] = value;
    return true;
  }
  [[nodiscard]] std::string kept(std::string_view preference) const override {
    const auto found = keeps.find(std::string(preference));
    return found == keeps.end() ? std::string() : found->second;
  }
  trace::result<std::string> save_file(const std::string& path, std::string_view bytes) override {
    saved[path] = bytes;
    return path;
  }
  void request_frame() override { frame_requested = true; }

  int choices_asked = 0;
  std::string title;
  std::string announced;
  std::string link;
  std::map<std::string, std::string> keeps;
  std::map<std::string, std::string> saved; ///< files handed to the user
  bool fetches = false;                     ///< opens addresses, as a browser does
  std::string fetched;
  bool forgetful = false; ///< keeps nothing
  bool frame_requested = false;
};

class headless {
public:
  explicit headless(ImVec2 size = {1440, 900});
  headless(const headless&) = delete;
  headless& operator=(const headless&) = delete;
  ~headless();

  /// Gives it the bytes as a platform would; the sentence where they were refused, or empty.
  std::string open(std::string_view name, std::string_view bytes);
  /// A file of tests/data.
  std::string open_data(const std::string& name);

  void draw(int frames = 3);
  void click(ImVec2 at);
  void right_click(ImVec2 at);
  void hover(ImVec2 at);
  void press(ImGuiKey key);
  void type(std::string_view text);
  void drag(ImVec2 from, ImVec2 to);
  void wheel(ImVec2 at, float steps);

  /// Everything the last frame showed in that panel in that role.
  std::vector<shown_item> all(std::string_view panel, std::string_view role) const;
  /// The one that stands for the id; fails the test where there is none.
  shown_item one(std::string_view panel, std::string_view role, std::string_view id) const;
  static ImVec2 middle_of(const shown_item& item);

  fake_platform host;
  ImGuiContext* context;
  application app;
};

/// Bytes of a file of tests/data.
std::string read_data(const std::string& name);

/// A request under a deadline: region r1.1 holds task t1.1, which is cancelled by way of its region (c2, caused by c1),
/// drains for 40 ns and ends cancelled; t2.1 ends ok.
std::string_view deadline_trace();

} // namespace cancelscope::ui
