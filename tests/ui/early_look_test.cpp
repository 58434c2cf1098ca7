// A trace that is looked at while it is still arriving.
#include "tests/ui/headless.hpp"
#include "ui/app/remote.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cancelscope::ui {
namespace early_look_test {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

/// Of the first that many lines of the trace, or from there on.
std::size_t after_lines(int lines) {
  std::size_t at = 0;
  for (int i = 0; i < lines; ++i)
    at = deadline_trace().find('\n', at) + 1;
  return at;
}

class an_early_look : public testing::Test {
protected:
  /// The first lines have come, and are looked at.
  void look_after(int lines) {
    came = after_lines(lines);
    screen.app.begin_open("long.jsonl", deadline_trace().size());
    ASSERT_TRUE(screen.app.feed(deadline_trace().substr(0, came)));
    screen.draw(6);
    screen.click(headless::middle_of(screen.one("loading", "look", "")));
  }
  void feed_up_to_line(int lines) {
    const std::size_t end = after_lines(lines);
    ASSERT_TRUE(screen.app.feed(deadline_trace().substr(came, end - came)));
    came = end;
    screen.draw();
  }
  void feed_the_rest() {
    ASSERT_TRUE(screen.app.feed(deadline_trace().substr(came)));
    ASSERT_FALSE(screen.app.finish_open());
    screen.draw();
  }
  [[nodiscard]] const document& open() const { return *screen.app.open_document(); }

  headless screen;
  std::size_t came = 0;
};

TEST_F(an_early_look, shows_what_has_come_and_says_that_there_is_more) {
  look_after(7);
  EXPECT_EQ(open().name, "long.jsonl");
  EXPECT_THAT(screen.all("tree", "row"), SizeIs(5));
  EXPECT_THAT(screen.all("loading", "progress"), IsEmpty());
  EXPECT_THAT(screen.one("bar", "arriving", "").text, HasSubstr("still arriving, "));
  EXPECT_TRUE(open().still_arriving);
  EXPECT_EQ(state_of(screen.app)["arriving"], true);
  EXPECT_THAT(screen.all("bar", "findings"), IsEmpty()) << "what is missing may still come";
}

TEST_F(an_early_look, goes_on_with_what_comes_and_is_the_whole_trace_at_last) {
  look_after(7);
  EXPECT_EQ(screen.app.view().cursor_time, 60U);
  feed_up_to_line(14);
  EXPECT_THAT(screen.one("timeline", "lane", "t1.1").id, "t1.1");
  EXPECT_EQ(screen.app.view().cursor_time, 150U) << "who stood at the end goes along";
  feed_the_rest();
  EXPECT_FALSE(open().still_arriving);
  EXPECT_EQ(open().trace.event_count(), 21U);
  EXPECT_GE(screen.app.view().window.end, 200) << "who saw all of it still does";
  EXPECT_THAT(screen.all("bar", "arriving"), IsEmpty());
  EXPECT_THAT(screen.all("bar", "findings"), SizeIs(1));
  headless at_once;
  ASSERT_EQ(at_once.open("long.jsonl", deadline_trace()), "");
  EXPECT_EQ(open().findings.size(), at_once.app.open_document()->findings.size());
  EXPECT_EQ(open().lanes.size(), at_once.app.open_document()->lanes.size());
}

TEST_F(an_early_look, leaves_cursor_zoom_and_selection_where_the_user_put_them) {
  look_after(9);
  screen.app.carry_out(intent::select{{open().trace.find("t2.1"), {}}});
  screen.app.carry_out(intent::seek{45});
  screen.app.carry_out(intent::show_window{{20, 70}});
  const time_range window = screen.app.view().window;
  feed_up_to_line(16);
  feed_the_rest();
  EXPECT_EQ(open().trace.id_of(screen.app.view().selected.who), "t2.1");
  EXPECT_EQ(screen.app.view().cursor_time, 45U);
  EXPECT_EQ(screen.app.view().window, window);
}

TEST_F(an_early_look, that_is_stopped_keeps_what_has_come) {
  look_after(12);
  screen.click(headless::middle_of(screen.one("bar", "stop_arriving", "")));
  EXPECT_FALSE(screen.app.feed(deadline_trace().substr(came))) << "no more is wanted";
  ASSERT_FALSE(screen.app.finish_open());
  screen.draw();
  EXPECT_EQ(open().trace.event_count(), 11U);
  EXPECT_FALSE(open().still_arriving);
  EXPECT_THAT(screen.app.banner(), HasSubstr("read in part: 11 events"));
  EXPECT_THAT(screen.all("tree", "row"), testing::Not(IsEmpty()));
}

TEST_F(an_early_look, keeps_what_has_come_when_the_rest_cannot_be_read) {
  look_after(12);
  screen.app.fail_open("The line broke.");
  screen.draw();
  EXPECT_EQ(screen.app.banner(), "The line broke.");
  EXPECT_EQ(open().trace.event_count(), 11U);
  EXPECT_FALSE(open().still_arriving);
}

TEST_F(an_early_look, ends_when_another_trace_is_opened) {
  look_after(12);
  ASSERT_EQ(screen.open("other.jsonl", read_data("asyncio.jsonl")), "");
  EXPECT_EQ(open().name, "other.jsonl");
  EXPECT_FALSE(open().still_arriving);
}

TEST_F(an_early_look, takes_notes_which_are_kept_once_all_is_there) {
  look_after(12);
  screen.app.carry_out(intent::put_note{"t1.1", "early"});
  EXPECT_THAT(screen.host.keeps, IsEmpty());
  feed_the_rest();
  EXPECT_THAT(screen.host.keeps, SizeIs(1));
  ASSERT_EQ(screen.open("again.jsonl", deadline_trace()), "");
  ASSERT_THAT(screen.app.notes(), SizeIs(1));
}

TEST_F(an_early_look, is_had_by_key) {
  screen.app.begin_open("long.jsonl", deadline_trace().size());
  ASSERT_TRUE(screen.app.feed(deadline_trace().substr(0, after_lines(9))));
  screen.draw(6);
  screen.press(ImGuiKey_Enter);
  ASSERT_NE(screen.app.open_document(), nullptr);
  screen.press(ImGuiKey_Escape);
  EXPECT_TRUE(screen.app.feed(deadline_trace().substr(after_lines(9))))
      << "Escape selects nothing now; the load goes on";
}

} // namespace early_look_test
} // namespace cancelscope::ui
