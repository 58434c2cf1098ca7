// How the panels share the window.
#include "tests/ui/headless.hpp"
#include "ui/view/layout.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cancelscope::ui {
namespace layout_test {

using testing::IsEmpty;

class arranging : public testing::Test {
protected:
  void SetUp() override { ASSERT_EQ(screen.open("deadline.jsonl", deadline_trace()), ""); }

  [[nodiscard]] const layout& sizes() const { return screen.app.view().sizes; }
  [[nodiscard]] bool shows_tree() const { return !screen.all("tree", "row").empty(); }
  [[nodiscard]] bool shows_why() const { return !screen.all("why", "sentence").empty(); }
  [[nodiscard]] shown_item fill_button_of(std::string_view panel) const {
    for (const shown_item& item : screen.all("header", "fill"))
      if (item.text == panel) return item;
    ADD_FAILURE() << "no header of " << panel;
    return {};
  }

  headless screen;
};

TEST_F(arranging, any_panel_can_fill_the_window_and_escape_brings_the_others_back) {
  const inspector::entity selected = screen.app.view().selected.who;
  screen.click(headless::middle_of(fill_button_of("Regions")));
  EXPECT_TRUE(shows_tree());
  EXPECT_FALSE(shows_why());
  EXPECT_THAT(screen.all("timeline", "lane"), IsEmpty());
  screen.press(ImGuiKey_Escape);
  EXPECT_TRUE(shows_why());
  EXPECT_EQ(screen.app.view().selected.who, selected) << "the first Escape only brings them back";
}

TEST_F(arranging, m_lets_the_timeline_fill_the_window_and_again_brings_the_others_back) {
  screen.press(ImGuiKey_M);
  EXPECT_FALSE(shows_tree());
  EXPECT_FALSE(shows_why());
  screen.press(ImGuiKey_M);
  EXPECT_TRUE(shows_tree() && shows_why());
}

TEST_F(arranging, presets_are_a_key_away) {
  screen.press(ImGuiKey_2);
  EXPECT_FALSE(shows_tree());
  EXPECT_TRUE(shows_why());
  screen.press(ImGuiKey_3);
  EXPECT_EQ(screen.app.view().lower, "slots");
  EXPECT_FALSE(sizes().tree_shown);
  screen.press(ImGuiKey_1);
  EXPECT_TRUE(shows_tree() && shows_why());
  EXPECT_EQ(sizes(), layout{});
}

TEST_F(arranging, the_menu_in_the_bar_has_the_presets) {
  screen.click(headless::middle_of(screen.one("bar", "layouts", "")));
  const auto presets = screen.all("layouts", "preset");
  ASSERT_EQ(presets.size(), 3U);
  EXPECT_EQ(presets[1].text, "Timeline");
  screen.click(headless::middle_of(presets[1]));
  EXPECT_FALSE(sizes().tree_shown);
  EXPECT_THAT(screen.all("layouts", "preset"), IsEmpty());
}

TEST_F(arranging, what_was_arranged_is_kept_by_the_platform_and_stays_for_the_next_trace) {
  screen.press(ImGuiKey_2);
  const std::string kept = screen.host.keeps["layout"];
  EXPECT_EQ(parse_layout(kept), std::optional(sizes()));
  ASSERT_EQ(screen.open("again.jsonl", deadline_trace()), "");
  EXPECT_FALSE(shows_tree());
}

TEST_F(arranging, stands_in_the_link) {
  screen.press(ImGuiKey_M);
  const std::string link = screen.host.link;
  screen.press(ImGuiKey_M);
  ASSERT_TRUE(shows_tree());
  EXPECT_TRUE(screen.app.follow(link));
  screen.draw();
  EXPECT_FALSE(shows_tree());
}

TEST(a_layout, is_read_back_as_it_was_written) {
  layout sizes{.tree_width = 200, .why_width = 301, .lower_height = 150};
  EXPECT_EQ(text_of(sizes), "200,301,150");
  EXPECT_EQ(parse_layout("200,301,150"), std::optional(sizes));
  sizes.tree_shown = sizes.lower_shown = false;
  sizes.filled = panel_place::right;
  EXPECT_EQ(parse_layout(text_of(sizes)), std::optional(sizes));
}

class no_layout : public testing::TestWithParam<const char*> {};

TEST_P(no_layout, is_read_from_other_text) {
  EXPECT_EQ(parse_layout(GetParam()), std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(a_layout, no_layout,
                         testing::Values("", "1,2", "1,2,", "1,2,x", "-1,2,3", "1,2,3,4",
                                         "1,2,3,hide:timeline", "1,2,3,full:", "1234567,2,3"));

} // namespace layout_test
} // namespace cancelscope::ui
