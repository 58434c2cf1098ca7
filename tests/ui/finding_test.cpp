// Finding: by name (Ctrl+P), and by a condition at which playing and steps stop.
#include "tests/ui/headless.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cancelscope::ui {
namespace {

using testing::HasSubstr;

class finding : public testing::Test {
protected:
  void SetUp() override { ASSERT_EQ(screen.open("deadline.jsonl", deadline_trace()), ""); }

  void type(std::string_view text) {
    for (const char c : text)
      ImGui::GetIO().AddInputCharacter(static_cast<unsigned char>(c));
    screen.draw();
  }
  void open_finder() {
    screen.app.carry_out(intent::show_finder{true});
    screen.draw();
  }
  [[nodiscard]] std::vector<std::string> hits() const {
    std::vector<std::string> found;
    for (const shown_item& item : screen.all("finder", "hit"))
      found.push_back(item.id.empty() ? item.text : item.id);
    return found;
  }
  bool step(step_direction direction) { return screen.app.carry_out(intent::step{direction}); }
  [[nodiscard]] const view_state& view() const { return screen.app.view(); }
  [[nodiscard]] std::string selected() const {
    return screen.app.open_document()->trace.id_of(view().selected.who);
  }

  headless screen;
};

// ---- By name ----

TEST_F(finding, a_few_letters_of_a_name_find_a_task_and_enter_goes_there) {
  open_finder();
  type("STOCK");
  EXPECT_EQ(hits(), std::vector<std::string>{"t2.1"});
  screen.press(ImGuiKey_Enter);
  EXPECT_EQ(selected(), "t2.1");
  EXPECT_FALSE(view().finder_shown);
}

TEST_F(finding, an_id_finds_what_has_no_name) {
  open_finder();
  type("c2");
  ASSERT_FALSE(hits().empty());
  EXPECT_EQ(hits().front(), "c2");
}

TEST_F(finding, what_can_be_done_is_found_like_everything_else) {
  open_finder();
  type("show ev");
  EXPECT_EQ(hits(), std::vector<std::string>{"Show events"});
  screen.press(ImGuiKey_Enter);
  EXPECT_EQ(view().lower, "events");
}

TEST_F(finding, the_arrows_choose_among_the_hits) {
  open_finder();
  type("re");
  const std::vector<std::string> found = hits();
  ASSERT_GE(found.size(), 2U);
  EXPECT_EQ(found[0], "r1.1") << "`request` begins so; and so does `reserve stock`";
  screen.press(ImGuiKey_DownArrow);
  screen.press(ImGuiKey_Enter);
  EXPECT_EQ(selected(), "t2.1");
}

TEST_F(finding, nothing_found_is_said_and_escape_leaves_all_as_it_was) {
  const std::string before = selected();
  open_finder();
  type("zebra");
  EXPECT_TRUE(hits().empty());
  screen.press(ImGuiKey_Enter);
  EXPECT_TRUE(view().finder_shown);
  screen.press(ImGuiKey_Escape);
  EXPECT_FALSE(view().finder_shown);
  EXPECT_EQ(selected(), before);
}

TEST_F(finding, what_is_typed_faster_than_the_screen_follows_is_not_lost) {
  ImGuiIO& io = ImGui::GetIO();
  for (const bool down : {true, false}) {
    io.AddKeyEvent(ImGuiMod_Ctrl, down);
    io.AddKeyEvent(ImGuiKey_P, down);
  }
  for (const char c : std::string_view("light"))
    io.AddInputCharacter(static_cast<unsigned char>(c));
  io.AddKeyEvent(ImGuiKey_Enter, true);
  io.AddKeyEvent(ImGuiKey_Enter, false);
  screen.draw(12);
  EXPECT_EQ(view().shown_theme, theme::light);
  EXPECT_FALSE(view().finder_shown);
}

// ---- By condition ----

TEST_F(finding, a_stop_condition_is_stepped_to_in_both_directions) {
  screen.app.carry_out(intent::stop_at{"ev = cancel_phase"});
  screen.press(ImGuiKey_Home);
  ASSERT_TRUE(step(step_direction::next_stop));
  EXPECT_EQ(view().cursor_time, 110U);
  EXPECT_EQ(selected(), "t1.1");
  ASSERT_TRUE(step(step_direction::next_stop));
  EXPECT_EQ(view().cursor_time, 150U);
  EXPECT_FALSE(step(step_direction::next_stop));
  EXPECT_THAT(screen.app.banner(), HasSubstr("No later event matches “ev = cancel_phase”"));
  ASSERT_TRUE(step(step_direction::previous_stop));
  EXPECT_EQ(view().cursor_time, 110U);
  EXPECT_FALSE(step(step_direction::previous_stop));
}

TEST_F(finding, without_a_condition_one_is_asked_for) {
  EXPECT_FALSE(step(step_direction::next_stop));
  EXPECT_THAT(screen.app.banner(), HasSubstr("nothing to stop at yet"));
  screen.app.carry_out(intent::stop_at{"kind = "});
  EXPECT_FALSE(step(step_direction::next_stop));
  EXPECT_FALSE(screen.app.banner().empty());
}

TEST_F(finding, playing_moves_the_cursor_and_stops_where_the_condition_holds) {
  screen.app.carry_out(intent::stop_at{"kind = timeout"});
  screen.press(ImGuiKey_Home);
  screen.app.carry_out(intent::play{true});
  screen.draw(30);
  const std::uint64_t on_the_way = view().cursor_time;
  EXPECT_GT(on_the_way, 0U);
  EXPECT_LT(on_the_way, 100U) << "half a second of the ten that the window takes";
  EXPECT_TRUE(screen.app.animating());
  screen.draw(600);
  EXPECT_FALSE(view().playing);
  EXPECT_EQ(view().cursor_time, 100U);
  EXPECT_EQ(selected(), "r1.1") << "whom the timeout is for";
}

TEST_F(finding, playing_ends_at_the_end_and_begins_anew_from_there) {
  screen.press(ImGuiKey_End);
  screen.press(ImGuiKey_Space);
  EXPECT_TRUE(view().playing);
  EXPECT_LT(view().cursor_time, 100U);
  screen.draw(700);
  EXPECT_FALSE(view().playing);
  EXPECT_EQ(view().cursor_time, 200U);
}

} // namespace
} // namespace cancelscope::ui
