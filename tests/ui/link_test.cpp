// Links: the view as text, and back; and the way back to where one was.
#include "inspector/store/loader.hpp"
#include "tests/ui/headless.hpp"
#include "ui/view/link.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cancelscope::ui {
namespace {

using testing::HasSubstr;

class a_link : public testing::Test {
protected:
  a_link() : open(make_document(*inspector::load_bytes("deadline.jsonl", deadline_trace()))) {}

  /// What somebody sees who opens a link to this view.
  [[nodiscard]] view_state seen(const view_state& view) const {
    const followed_link followed = follow_link(open, link_of(open, view));
    EXPECT_EQ(followed.complaint, "");
    return followed.view;
  }

  document open;
};

TEST_F(a_link, shows_the_same_moment_selection_and_stretch_of_time) {
  view_state view;
  view.cursor = inspector::moment::before(open.trace.events_of(open.trace.find("c2"))[0]);
  view.cursor_time = 100;
  view.selected = {open.trace.find("c1"), inspector::event_index{7}};
  view.subject = open.trace.find("t1.1");
  view.window = {12.25, 400.0 / 3};
  const view_state there = seen(view);
  EXPECT_EQ(there.cursor, view.cursor) << "between two events of equal time";
  EXPECT_EQ(there.cursor_time, view.cursor_time);
  EXPECT_EQ(there.selected, view.selected);
  EXPECT_EQ(there.subject, view.subject);
  EXPECT_EQ(there.window, view.window) << "to the last bit";
}

TEST_F(a_link, shows_the_same_filters_folds_and_panels) {
  view_state view;
  view.filter = {.text = "größe & 100 %=", .only_cancelled = true, .only_alive = true};
  view.event_filter = "kind = timeout and not name ~ \"a&b\"";
  const auto region = open.trace.find("r1.1").as<inspector::region_index>();
  view.folded_branches = {region};
  view.folded_lanes = {region, open.trace.find("r0.1").as<inspector::region_index>()};
  view.lower = "events";
  view.slots = slot_kind::regions;
  view.sizes = {200, 300, 150};
  const view_state there = seen(view);
  EXPECT_EQ(there.filter, view.filter);
  EXPECT_EQ(there.event_filter, view.event_filter);
  EXPECT_EQ(there.folded_branches, view.folded_branches);
  EXPECT_EQ(there.folded_lanes, view.folded_lanes);
  EXPECT_EQ(there.lower, view.lower);
  EXPECT_EQ(there.slots, view.slots);
  EXPECT_EQ(there.sizes, view.sizes);
}

TEST_F(a_link, may_be_written_by_hand) {
  const followed_link followed = follow_link(open, "t=105&sel=t1.1");
  EXPECT_EQ(followed.complaint, "");
  EXPECT_EQ(followed.view.cursor, inspector::moment_at(open.trace, 105));
  EXPECT_EQ(followed.view.cursor_time, 105U);
  EXPECT_EQ(followed.view.subject, open.trace.find("t1.1"));
}

TEST_F(a_link, says_what_the_trace_does_not_have_and_shows_the_rest) {
  const followed_link followed = follow_link(open, "event=3&sel=t99.1");
  EXPECT_THAT(followed.complaint, HasSubstr("no “t99.1”"));
  EXPECT_EQ(followed.view.cursor, inspector::moment::after(inspector::event_index{2}));
  EXPECT_THAT(follow_link(open, "event=999").complaint, HasSubstr("only 21 events"));
}

TEST_F(a_link, that_is_broken_is_said_to_be) {
  for (const char* broken :
       {"zoom=5", "zoom=9,3", "zoom=nan,4", "event=x", "t=-1", "slots=cars", "only=dead", "tree=%4",
        "tree=%zz", "sizes=1,2", "colour=red", "=", "selevent=4000000000"})
    EXPECT_NE(follow_link(open, broken).complaint, "") << broken;
  EXPECT_EQ(follow_link(open, "&&").complaint, "");
}

TEST(the_address, follows_what_is_looked_at) {
  headless screen;
  ASSERT_EQ(screen.open("deadline.jsonl", deadline_trace()), "");
  screen.press(ImGuiKey_Home);
  EXPECT_THAT(screen.host.link, HasSubstr("event=0&"));
  const std::string before = screen.host.link;
  screen.press(ImGuiKey_End);
  EXPECT_NE(screen.host.link, before);
  EXPECT_TRUE(screen.app.follow(before));
  screen.draw();
  EXPECT_EQ(screen.host.link, before);
  EXPECT_TRUE(screen.app.follow("sel=t99.1"));
  EXPECT_THAT(screen.app.banner(), HasSubstr("t99.1"));
}

// ---- Back and forth ----

class the_way_back : public testing::Test {
protected:
  void SetUp() override { ASSERT_EQ(screen.open("deadline.jsonl", deadline_trace()), ""); }

  bool select(std::string_view id) {
    return screen.app.carry_out(intent::select{{screen.app.open_document()->trace.find(id), {}}});
  }
  bool go(bool back) { return screen.app.carry_out(intent::go{back}); }
  [[nodiscard]] std::string selected() const {
    return screen.app.open_document()->trace.id_of(screen.app.view().selected.who);
  }

  headless screen;
};

TEST_F(the_way_back, leads_through_what_was_selected) {
  EXPECT_FALSE(go(true)) << "one has just come";
  ASSERT_EQ(selected(), "t1.1");
  select("t2.1");
  select("c1");
  ASSERT_TRUE(go(true));
  EXPECT_EQ(selected(), "t2.1");
  ASSERT_TRUE(go(true));
  EXPECT_EQ(selected(), "t1.1");
  EXPECT_FALSE(go(true));
  ASSERT_TRUE(go(false));
  ASSERT_TRUE(go(false));
  EXPECT_EQ(selected(), "c1");
  EXPECT_FALSE(go(false));
}

TEST_F(the_way_back, forgets_what_lay_ahead_once_one_turns_elsewhere) {
  select("t2.1");
  select("c1");
  go(true);
  select("r1.1");
  EXPECT_FALSE(go(false));
  ASSERT_TRUE(go(true));
  EXPECT_EQ(selected(), "t2.1");
}

TEST_F(the_way_back, brings_the_zoom_and_the_moment_back) {
  select("t2.1");
  const view_state before = screen.app.view();
  screen.app.carry_out(intent::zoom_to_selection{});
  screen.app.carry_out(intent::seek{60});
  select("c1");
  ASSERT_TRUE(go(true));
  ASSERT_TRUE(go(true));
  EXPECT_EQ(screen.app.view().window, before.window);
  EXPECT_EQ(screen.app.view().cursor, before.cursor);
}

TEST_F(the_way_back, takes_a_turn_of_the_wheel_as_one_step_however_many_notches_it_has) {
  const time_range whole = screen.app.view().window;
  const shown_item lane = screen.one("timeline", "lane", "t1.1");
  const ImVec2 at{lane.max.x - 200, headless::middle_of(lane).y};
  for (int notch = 0; notch < 5; ++notch)
    screen.wheel(at, 1);
  const time_range near = screen.app.view().window;
  screen.draw(60); // a second's rest
  screen.wheel(at, 1);
  ASSERT_TRUE(go(true));
  EXPECT_EQ(screen.app.view().window, near);
  ASSERT_TRUE(go(true));
  EXPECT_EQ(screen.app.view().window, whole);
}

TEST_F(the_way_back, is_walked_with_alt_and_the_arrows) {
  select("t2.1");
  ImGui::GetIO().AddKeyEvent(ImGuiMod_Alt, true);
  screen.press(ImGuiKey_LeftArrow);
  EXPECT_EQ(selected(), "t1.1");
  screen.press(ImGuiKey_RightArrow);
  EXPECT_EQ(selected(), "t2.1");
  ImGui::GetIO().AddKeyEvent(ImGuiMod_Alt, false);
}

} // namespace
} // namespace cancelscope::ui
