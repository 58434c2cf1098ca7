// What can be done with something, listed where people expect it.
#include "tests/ui/headless.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace cancelscope::ui {
namespace menu_test {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class a_menu : public testing::Test {
protected:
  void SetUp() override { ASSERT_EQ(screen.open("deadline.jsonl", deadline_trace()), ""); }

  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> found;
    for (const shown_item& item : screen.all("menu", "action"))
      found.push_back(item.text);
    return found;
  }
  void choose(std::string_view name) {
    for (const shown_item& item : screen.all("menu", "action"))
      if (item.text == name) return screen.click(headless::middle_of(item));
    ADD_FAILURE() << "the menu has no “" << name << "”";
  }
  [[nodiscard]] std::string title() const { return screen.one("menu", "title", "").text; }
  [[nodiscard]] std::string selected() const {
    return screen.app.open_document()->trace.id_of(screen.app.view().selected.who);
  }
  void right_click(std::string_view panel, std::string_view role, std::string_view id) {
    screen.right_click(headless::middle_of(screen.one(panel, role, id)));
  }
  void show(const char* panel) {
    screen.app.carry_out(intent::show_lower{panel});
    screen.draw();
  }

  headless screen;
};

TEST_F(a_menu, is_had_with_a_right_click_on_a_row_of_the_tree_and_changes_no_selection) {
  right_click("tree", "row", "t2.1");
  EXPECT_EQ(title(), "reserve stock (t2.1)");
  EXPECT_EQ(selected(), "t1.1");
  choose("Select");
  EXPECT_EQ(selected(), "t2.1");
  EXPECT_THAT(names(), IsEmpty());
}

TEST_F(a_menu, is_had_on_a_lane_an_event_a_slot_a_link_and_the_strip) {
  right_click("timeline", "lane", "t2.1");
  EXPECT_EQ(title(), "reserve stock (t2.1)");
  EXPECT_THAT(names(), Contains(HasSubstr("Add a note at "))) << "of the moment pointed at, too";
  screen.press(ImGuiKey_Escape);
  show("events");
  right_click("events", "row", "t2.1");
  EXPECT_THAT(names(), Contains("Copy the event"));
  screen.press(ImGuiKey_Escape);
  show("slots");
  right_click("slots", "row", "t1");
  EXPECT_THAT(names(), Contains("Add a note on the slot"));
  screen.press(ImGuiKey_Escape);
  right_click("why", "root_cause", "c1");
  EXPECT_EQ(title(), "c1");
  screen.press(ImGuiKey_Escape);
  const shown_item lane = screen.one("timeline", "lane", "r0.1");
  screen.right_click({lane.max.x - 300, lane.min.y - 40});
  EXPECT_THAT(names(), Contains(HasSubstr("Add a note at ")));
}

TEST_F(a_menu, is_had_on_a_finding) {
  ASSERT_EQ(screen.open_data("every-event.jsonl"), "");
  show("findings");
  const std::vector<shown_item> rows = screen.all("findings", "finding");
  ASSERT_THAT(rows, Not(IsEmpty()));
  screen.right_click(headless::middle_of(rows.front()));
  EXPECT_THAT(title(), HasSubstr(rows.front().id));
}

TEST_F(a_menu, of_the_selection_is_had_and_used_by_keyboard_alone) {
  screen.press(ImGuiKey_Menu);
  EXPECT_EQ(title(), "charge card (t1.1)");
  screen.press(ImGuiKey_Escape);
  EXPECT_THAT(names(), IsEmpty());
  EXPECT_EQ(selected(), "t1.1") << "Escape closes the menu only";
  ImGui::GetIO().AddKeyEvent(ImGuiMod_Shift, true);
  screen.press(ImGuiKey_F10);
  ImGui::GetIO().AddKeyEvent(ImGuiMod_Shift, false);
  const std::vector<std::string> found = names();
  const auto cause = std::find(found.begin(), found.end(), "Go to its cause") - found.begin();
  for (auto i = cause; i >= 0; --i)
    screen.press(ImGuiKey_DownArrow);
  screen.press(ImGuiKey_Enter);
  EXPECT_EQ(selected(), "c2");
}

TEST_F(a_menu, is_closed_by_a_click_somewhere_else) {
  right_click("tree", "row", "t2.1");
  ASSERT_THAT(names(), Not(IsEmpty()));
  const shown_item lane = screen.one("timeline", "lane", "r0.1");
  screen.click({lane.max.x - 60, lane.max.y + 200});
  EXPECT_THAT(names(), IsEmpty());
  EXPECT_FALSE(screen.app.view().menu);
}

TEST_F(a_menu, copies_and_links) {
  right_click("tree", "row", "t1.1");
  choose("Copy the id");
  EXPECT_STREQ(ImGui::GetClipboardText(), "t1.1");
  right_click("tree", "row", "t1.1");
  choose("Copy the sentence");
  EXPECT_THAT(ImGui::GetClipboardText(), HasSubstr("charge card was cancelled"));
  right_click("tree", "row", "t2.1");
  choose("Copy a link to this");
  const std::string link = ImGui::GetClipboardText();
  EXPECT_EQ(selected(), "t1.1");
  ASSERT_TRUE(screen.app.follow(link));
  EXPECT_EQ(selected(), "t2.1");
}

TEST_F(a_menu, cuts_a_cause_out_as_a_trace_that_explains_the_same) {
  right_click("tree", "row", "t1.1");
  choose("Cut this cause to a file");
  ASSERT_EQ(screen.host.saved.size(), 1U);
  const auto& [name, bytes] = *screen.host.saved.begin();
  EXPECT_EQ(name, "deadline.t1.1.jsonl");
  const std::string before = screen.one("why", "sentence", "t1.1").text;
  ASSERT_EQ(screen.open(name, bytes), "");
  EXPECT_LT(screen.app.open_document()->trace.event_count(), 21U);
  EXPECT_EQ(screen.one("why", "sentence", "t1.1").text, before);
}

TEST_F(a_menu, filters_the_events_of_one) {
  right_click("tree", "row", "t2.1");
  choose("Filter events by this");
  EXPECT_EQ(screen.app.view().lower, "events");
  const auto rows = screen.all("events", "row");
  EXPECT_EQ(rows.size(), screen.app.open_document()
                             ->trace.events_of(screen.app.open_document()->trace.find("t2.1"))
                             .size());
}

TEST_F(a_menu, offers_only_what_would_do_something) {
  right_click("tree", "row", "t2.1");
  EXPECT_THAT(names(), Not(Contains("Go to its cause"))) << "nothing cancelled it";
  EXPECT_THAT(names(), Not(Contains("Cut this cause to a file")));
  choose("Pin the lane to the top");
  right_click("tree", "row", "t2.1");
  EXPECT_THAT(names(), Contains("Unpin the lane"));
}

TEST_F(a_menu, is_inside_the_window_wherever_it_is_asked_for) {
  screen.app.carry_out(
      intent::show_menu{{.who = screen.app.view().selected.who}, ImVec2{1439, 899}});
  screen.draw();
  const shown_item box = screen.one("menu", "title", "");
  EXPECT_LE(box.max.x, 1440);
  EXPECT_LE(box.max.y, 900);
}

TEST_F(a_menu, has_its_actions_in_the_finder_for_the_selection) {
  screen.app.carry_out(intent::show_finder{true});
  screen.draw();
  screen.type("pin the lane");
  screen.press(ImGuiKey_Enter);
  EXPECT_EQ(screen.app.view().pinned_lanes.size(), 1U);
}

} // namespace menu_test
} // namespace cancelscope::ui
