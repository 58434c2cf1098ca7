// Lanes that stay at the timeline's top, and lanes that are taken away.
#include "tests/ui/headless.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace cancelscope::ui {
namespace lanes_test {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class lanes : public testing::Test {
protected:
  void SetUp() override { ASSERT_EQ(screen.open("deadline.jsonl", deadline_trace()), ""); }

  [[nodiscard]] inspector::entity find(std::string_view id) const {
    return screen.app.open_document()->trace.find(id);
  }
  /// From top to bottom.
  [[nodiscard]] std::vector<std::string> in_sight() const {
    std::vector<shown_item> found = screen.all("timeline", "lane");
    std::sort(found.begin(), found.end(),
              [](const shown_item& a, const shown_item& b) { return a.min.y < b.min.y; });
    std::vector<std::string> ids;
    for (const shown_item& one : found)
      ids.push_back(one.id);
    return ids;
  }
  void select(std::string_view id) {
    screen.app.carry_out(intent::select{{find(id), {}}});
    screen.draw();
  }
  void press_shifted(ImGuiKey key) {
    ImGui::GetIO().AddKeyEvent(ImGuiMod_Shift, true);
    screen.press(key);
    ImGui::GetIO().AddKeyEvent(ImGuiMod_Shift, false);
    screen.draw();
  }

  headless screen;
};

TEST_F(lanes, are_pinned_to_the_top_by_key_and_go_back_to_their_place) {
  ASSERT_THAT(in_sight(), ElementsAre("r0.1", "t0.1", "r1.1", "t1.1", "t2.1"));
  select("t2.1");
  screen.press(ImGuiKey_P);
  EXPECT_THAT(in_sight(), ElementsAre("t2.1", "r0.1", "t0.1", "r1.1", "t1.1"));
  screen.press(ImGuiKey_P);
  EXPECT_THAT(in_sight(), ElementsAre("r0.1", "t0.1", "r1.1", "t1.1", "t2.1"));
}

TEST_F(lanes, that_are_pinned_stay_when_they_do_not_live_in_what_is_shown) {
  select("t2.1");
  screen.app.carry_out(intent::show_window{{172, 200}});
  screen.draw();
  ASSERT_THAT(in_sight(), ElementsAre("r0.1", "t0.1", "r1.1", "t1.1")) << "t2.1 was over before";
  screen.app.carry_out(intent::pin_lane{find("t2.1"), true});
  screen.draw();
  EXPECT_THAT(in_sight(), ElementsAre("t2.1", "r0.1", "t0.1", "r1.1", "t1.1"));
}

TEST_F(lanes, are_hidden_with_all_under_them_which_is_said_and_undone_by_a_click) {
  select("r1.1");
  screen.press(ImGuiKey_H);
  EXPECT_THAT(in_sight(), ElementsAre("r0.1", "t0.1"));
  const shown_item words = screen.one("timeline", "hidden", "");
  EXPECT_THAT(words.text, HasSubstr("3 lanes hidden"));
  screen.click(headless::middle_of(words));
  EXPECT_THAT(in_sight(), SizeIs(5));
  EXPECT_THAT(screen.all("timeline", "hidden"), IsEmpty());
}

TEST_F(lanes, that_are_hidden_come_back_with_a_key) {
  select("t1.1");
  screen.press(ImGuiKey_H);
  EXPECT_THAT(in_sight(), SizeIs(4));
  press_shifted(ImGuiKey_H);
  EXPECT_THAT(in_sight(), SizeIs(5));
}

TEST_F(lanes, are_pinned_and_hidden_in_a_link) {
  screen.app.carry_out(intent::pin_lane{find("t2.1"), true});
  screen.app.carry_out(intent::hide_lane{find("t0.1")});
  screen.draw();
  const std::string link = screen.host.link;
  headless elsewhere;
  ASSERT_EQ(elsewhere.open("deadline.jsonl", deadline_trace()), "");
  ASSERT_TRUE(elsewhere.app.follow(link));
  EXPECT_EQ(elsewhere.app.banner(), "");
  EXPECT_THAT(elsewhere.app.view().pinned_lanes, ElementsAre(find("t2.1")));
  EXPECT_EQ(elsewhere.app.view().hidden_lanes, screen.app.view().hidden_lanes);
}

TEST_F(lanes, that_are_pinned_are_few_enough_to_leave_room_for_others) {
  std::string many(R"({"ev":"trace","format":"cancelscope","version":1}
{"ev":"region_open","t":0,"region":"r1.1","parent":null,"name":"many"}
)");
  for (int i = 1; i <= 40; ++i)
    many +=
        R"({"ev":"task_spawn","t":1,"task":"t)" + std::to_string(i) + ".1\",\"region\":\"r1.1\"}\n";
  ASSERT_EQ(screen.open("many.jsonl", many + R"({"ev":"end","t":9})" + "\n"), "");
  for (int i = 40; i > 20; --i)
    screen.app.carry_out(intent::pin_lane{find("t" + std::to_string(i) + ".1"), true});
  screen.draw();
  EXPECT_THAT(screen.app.view().pinned_lanes, SizeIs(12));
  EXPECT_THAT(screen.app.banner(), HasSubstr("Twelve lanes"));
  EXPECT_EQ(in_sight().front(), "t40.1") << "in the order in which they were pinned";
  // Whoever scrolls to the end of the others still has the pinned ones above them.
  const shown_item lane = screen.all("timeline", "lane").front();
  for (int i = 0; i < 20; ++i)
    screen.wheel({lane.min.x + 20, lane.max.y + 60}, -10);
  EXPECT_EQ(in_sight().front(), "t40.1");
  EXPECT_EQ(in_sight().back(), "t28.1");
}

} // namespace lanes_test
} // namespace cancelscope::ui
