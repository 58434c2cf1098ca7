// Stories that lead through several panels; in a browser and in the native window they are told by tests/stories.
#include "tests/ui/headless.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cancelscope::ui {
namespace stories_test {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class a_story : public testing::Test {
protected:
  [[nodiscard]] std::string selected() const {
    return screen.app.open_document()->trace.id_of(screen.app.view().selected.who);
  }
  void click(std::string_view panel, std::string_view role, std::string_view id) {
    screen.click(headless::middle_of(screen.one(panel, role, id)));
  }
  void type(const char* text) {
    ImGui::GetIO().AddInputCharactersUTF8(text);
    screen.draw();
  }
  void press_with_ctrl(ImGuiKey key) {
    ImGui::GetIO().AddKeyEvent(ImGuiMod_Ctrl, true);
    screen.press(key);
    ImGui::GetIO().AddKeyEvent(ImGuiMod_Ctrl, false);
    screen.draw();
  }

  headless screen;
};

TEST_F(a_story, of_a_task_found_by_name_and_followed_back_to_when_it_still_ran) {
  ASSERT_EQ(screen.open("deadline.jsonl", deadline_trace()), "");
  screen.press(ImGuiKey_Escape);
  press_with_ctrl(ImGuiKey_P);
  type("charge");
  click("finder", "hit", "t1.1");
  ASSERT_EQ(selected(), "t1.1");
  screen.press(ImGuiKey_Home);
  std::vector<std::uint64_t> times;
  while (times.empty() || times.back() < 150) {
    screen.press(ImGuiKey_RightArrow);
    times.push_back(screen.app.view().cursor_time);
    ASSERT_LT(times.size(), 10U);
  }
  EXPECT_EQ(times, (std::vector<std::uint64_t>{30, 100, 110, 150}));
  while (screen.app.view().cursor_time >= 100)
    screen.press(ImGuiKey_LeftArrow);
  EXPECT_THAT(screen.one("tree", "state", "t1.1").text, HasSubstr("running"));
}

TEST_F(a_story, of_one_interrupt_and_all_whom_it_hit) {
  ASSERT_EQ(screen.open_data("go-context.jsonl"), "");
  screen.press(ImGuiKey_Escape);
  click("why", "root", "c1");
  EXPECT_EQ(selected(), "c1");
  EXPECT_THAT(screen.one("why", "effects", "c1").text, HasSubstr("3 tasks"));
  screen.press(ImGuiKey_DownArrow);
  EXPECT_EQ(selected(), "c2");
}

TEST_F(a_story, of_a_stale_handle_from_its_mark_to_who_presented_it) {
  ASSERT_EQ(screen.open_data("every-event.jsonl"), "");
  screen.press(ImGuiKey_3);
  ASSERT_THAT(screen.all("slots", "stale"), SizeIs(1));
  click("slots", "stale", "t1.1");
  EXPECT_EQ(selected(), "t1.1");
  EXPECT_EQ(screen.app.view().cursor_time, 1220U);
  EXPECT_TRUE(screen.app.view().selected.event) << "the event itself";
  click("why", "presenter", "t0.1");
  EXPECT_EQ(selected(), "t0.1");
  EXPECT_THAT(screen.all("why", "presenter"), IsEmpty()) << "of t0.1 no handle was stale";
}

TEST_F(a_story, of_a_close_and_of_who_held_it_up) {
  ASSERT_EQ(screen.open_data("go-context.jsonl"), "");
  click("tree", "row", "r2.1");
  EXPECT_THAT(screen.one("why", "held_up", "t2.1").text, HasSubstr("query db held it up longest"));
  click("why", "held_up_by", "t2.1");
  EXPECT_EQ(selected(), "t2.1");
}

} // namespace stories_test
} // namespace cancelscope::ui
