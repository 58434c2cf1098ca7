// What is under the mouse in one view lights up in all of them.
#include "tests/ui/headless.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cancelscope::ui {
namespace highlight_test {

class what_is_under_the_mouse : public testing::Test {
protected:
  void SetUp() override { ASSERT_EQ(screen.open("deadline.jsonl", deadline_trace()), ""); }

  void show(const char* panel) {
    screen.app.carry_out(intent::show_lower{panel});
    screen.draw();
  }
  [[nodiscard]] std::string lit_by(ImVec2 mouse) {
    screen.hover({1, 1});
    EXPECT_FALSE(screen.app.view().hovered);
    screen.hover(mouse);
    return screen.app.open_document()->trace.id_of(screen.app.view().hovered);
  }
  [[nodiscard]] std::string lit_by(std::string_view panel, std::string_view role,
                                   std::string_view id) {
    return lit_by(headless::middle_of(screen.one(panel, role, id)));
  }

  headless screen;
};

TEST_F(what_is_under_the_mouse, is_the_same_in_all_views) {
  EXPECT_EQ(lit_by("tree", "row", "t1.1"), "t1.1");
  EXPECT_EQ(lit_by("timeline", "lane", "t1.1"), "t1.1");
  EXPECT_EQ(lit_by("why", "cause", "c2"), "t1.1") << "a request's card: whom it is for";
  show("events");
  EXPECT_EQ(lit_by("events", "row", "t1.1"), "t1.1");
  show("slots");
  EXPECT_EQ(lit_by("slots", "row", "t1"), "t1.1");
  screen.app.carry_out(intent::put_note{"t1.1", "a note"});
  show("notes");
  EXPECT_EQ(lit_by("notes", "row", "t1.1"), "t1.1");
}

TEST_F(what_is_under_the_mouse, may_be_what_a_finding_is_about) {
  ASSERT_EQ(screen.open_data("every-event.jsonl"), "");
  show("findings");
  for (const shown_item& row : screen.all("findings", "finding"))
    if (screen.app.open_document()->trace.find(row.id)) {
      EXPECT_EQ(lit_by(headless::middle_of(row)), row.id);
      return;
    }
  FAIL() << "no finding is about anybody";
}

TEST_F(what_is_under_the_mouse, lights_up_the_rows_of_its_events) {
  show("events");
  screen.hover(headless::middle_of(screen.one("tree", "row", "t1.1")));
  const auto lit = screen.all("events", "lit");
  EXPECT_THAT(lit, testing::Not(testing::IsEmpty()));
  for (const shown_item& row : lit)
    EXPECT_EQ(row.id, "t1.1");
  screen.hover({1, 1});
  EXPECT_THAT(screen.all("events", "lit"), testing::IsEmpty());
}

} // namespace highlight_test
} // namespace cancelscope::ui
