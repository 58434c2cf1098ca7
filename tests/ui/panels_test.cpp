// What the panels intend when they are clicked, dragged and turned, seen through the whole window.
#include "inspector/timeline/state.hpp"
#include "tests/ui/headless.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cancelscope::ui {
namespace {

using testing::Contains;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class panels : public testing::Test {
protected:
  void SetUp() override { ASSERT_EQ(screen.open("deadline.jsonl", deadline_trace()), ""); }

  [[nodiscard]] const inspector::trace_store& trace() const {
    return screen.app.open_document()->trace;
  }
  [[nodiscard]] std::string selected() const {
    return trace().id_of(screen.app.view().selected.who);
  }

  headless screen;
};

TEST_F(panels, a_click_in_the_tree_selects_and_why_answers) {
  screen.click(headless::middle_of(screen.one("tree", "row", "t2.1")));
  EXPECT_EQ(selected(), "t2.1");
  EXPECT_THAT(screen.all("why", "root_cause"), IsEmpty());
  screen.click(headless::middle_of(screen.one("tree", "row", "t1.1")));
  EXPECT_EQ(selected(), "t1.1");
  EXPECT_THAT(screen.one("why", "root_cause", "c1").text, HasSubstr("timeout"));
}

TEST_F(panels, a_click_on_the_triangle_folds_the_branch) {
  const shown_item row = screen.one("tree", "row", "r1.1");
  screen.click({row.min.x + 8 + 14 + 3, headless::middle_of(row).y});
  EXPECT_THAT(screen.all("tree", "row"), Not(Contains(Field(&shown_item::id, "t1.1"))));
  screen.click({row.min.x + 8 + 14 + 3, headless::middle_of(row).y});
  EXPECT_THAT(screen.all("tree", "row"), Contains(Field(&shown_item::id, "t1.1")));
}

TEST_F(panels, the_tree_is_that_of_the_cursor_not_of_the_end) {
  screen.app.carry_out(intent::seek{15});
  screen.draw();
  EXPECT_THAT(screen.all("tree", "row"), Contains(Field(&shown_item::id, "t0.1")));
  EXPECT_THAT(screen.all("tree", "row"), Not(Contains(Field(&shown_item::id, "t1.1"))));
}

TEST_F(panels, a_click_on_a_cause_goes_to_its_moment_and_why_stays_with_its_subject) {
  screen.click(headless::middle_of(screen.one("why", "root_cause", "c1")));
  EXPECT_EQ(selected(), "c1");
  EXPECT_EQ(trace().id_of(screen.app.view().subject), "t1.1");
  EXPECT_EQ(screen.app.view().cursor_time, 100U);
}

TEST_F(panels, a_click_in_a_lane_selects_it_and_puts_the_cursor_there) {
  const shown_item lane = screen.one("timeline", "lane", "t2.1");
  screen.click({lane.min.x + (lane.max.x - lane.min.x) * 0.4F, headless::middle_of(lane).y});
  EXPECT_EQ(selected(), "t2.1");
  const std::uint64_t t = screen.app.view().cursor_time;
  EXPECT_GT(t, 0U);
  EXPECT_LT(t, 100U);
}

TEST_F(panels, the_wheel_zooms_at_the_mouse) {
  const shown_item lane = screen.one("timeline", "lane", "t2.1");
  const time_range before = screen.app.view().window;
  const ImVec2 at{lane.min.x + (lane.max.x - lane.min.x) * 0.7F, headless::middle_of(lane).y};
  screen.wheel(at, 1);
  const time_range after = screen.app.view().window;
  EXPECT_LT(after.length(), before.length());
  EXPECT_GE(after.begin, before.begin);
  EXPECT_LE(after.end, before.end);
}

TEST_F(panels, dragging_the_lanes_moves_time_with_the_mouse_and_selects_nothing) {
  screen.app.carry_out(intent::show_window{{40, 160}});
  screen.draw();
  const shown_item lane = screen.one("timeline", "lane", "t0.1");
  const std::string before = selected();
  const ImVec2 from{lane.max.x - 100, headless::middle_of(lane).y};
  screen.drag(from, {from.x - 60, from.y});
  EXPECT_GT(screen.app.view().window.begin, 40);
  EXPECT_EQ(selected(), before);
}

TEST_F(panels, keys_step_along_the_chain_and_back) {
  screen.press(ImGuiKey_UpArrow);
  EXPECT_EQ(selected(), "c2");
  screen.press(ImGuiKey_UpArrow);
  EXPECT_EQ(selected(), "c1");
  screen.press(ImGuiKey_UpArrow);
  EXPECT_EQ(selected(), "c1") << "the root cause has no cause";
  screen.press(ImGuiKey_DownArrow);
  screen.press(ImGuiKey_DownArrow);
  EXPECT_EQ(selected(), "t1.1");
}

TEST_F(panels, escape_selects_nothing_and_shows_the_trace_at_a_glance) {
  screen.press(ImGuiKey_Escape);
  EXPECT_EQ(selected(), "");
  EXPECT_THAT(screen.one("why", "root", "c1").text, HasSubstr("timeout"));
}

TEST_F(panels, f_fits_the_whole_trace_and_z_zooms_to_the_selection) {
  screen.app.carry_out(intent::show_window{{40, 60}});
  screen.press(ImGuiKey_F);
  EXPECT_LE(screen.app.view().window.begin, 0);
  EXPECT_GE(screen.app.view().window.end, 200);
  screen.app.carry_out(intent::select{{trace().find("c1"), {}}});
  screen.press(ImGuiKey_Z);
  EXPECT_LT(screen.app.view().window.length(), 205);
}

TEST_F(panels, the_lower_tabs_change_what_is_below) {
  screen.app.carry_out(intent::show_lower{"slots"});
  screen.draw();
  EXPECT_THAT(screen.all("slots", "row"), Contains(Field(&shown_item::id, "t1")));
  screen.app.carry_out(intent::show_lower{"events"});
  screen.draw();
  EXPECT_THAT(screen.all("events", "row"), Not(IsEmpty()));
}

TEST_F(panels, a_click_on_an_event_selects_whom_it_concerns_and_goes_there) {
  screen.app.carry_out(intent::show_lower{"events"});
  screen.app.carry_out(intent::step{step_direction::first});
  screen.draw();
  const shown_item row = screen.all("events", "row").at(1);
  ASSERT_EQ(row.id, "t0.1");
  screen.click(headless::middle_of(row));
  EXPECT_EQ(selected(), "t0.1");
  EXPECT_EQ(screen.app.view().cursor_time, 10U);
}

TEST_F(panels, a_finding_goes_to_whom_and_when_it_concerns) {
  ASSERT_EQ(screen.open_data("every-event.jsonl"), "");
  const auto findings = screen.all("findings", "finding");
  ASSERT_FALSE(findings.empty());
  screen.click(headless::middle_of(findings.back()));
  screen.click(headless::middle_of(findings.front()));
  const inspector::finding& worst = screen.app.open_document()->findings.front();
  EXPECT_EQ(screen.app.view().selected.who, worst.target);
  EXPECT_EQ(screen.app.view().cursor, worst.at);
}

TEST_F(panels, a_window_at_rest_wants_no_further_frame) {
  screen.draw(5);
  screen.host.frame_requested = false;
  screen.draw(5);
  EXPECT_FALSE(screen.host.frame_requested);
  EXPECT_FALSE(screen.app.animating());
}

TEST_F(panels, every_panel_fits_a_small_window) {
  headless small({900, 600});
  ASSERT_EQ(small.open("deadline.jsonl", deadline_trace()), "");
  for (const shown_item& item : small.app.shown().items()) {
    EXPECT_GE(item.min.x, 0) << item.panel << ' ' << item.role;
    EXPECT_LE(item.min.x, 900) << item.panel << ' ' << item.role;
    EXPECT_LE(item.max.x, 901) << item.panel << ' ' << item.role << ' ' << item.id;
  }
}

// ---- Nothing selected ----

TEST(an_overview, tells_no_request_from_a_request_that_ended_nothing) {
  headless screen;
  ASSERT_EQ(screen.open_data("cut-off.jsonl"), "");
  EXPECT_EQ(screen.one("why", "overview", "").text, "No task ended cancelled");
  ASSERT_EQ(screen.open("calm.jsonl", R"({"ev":"trace","format":"cancelscope","version":1}
{"ev":"region_open","t":0,"region":"r1.1","parent":null,"name":"calm"}
{"ev":"region_state","t":5,"region":"r1.1","state":"closed","outcome":"ok"}
{"ev":"end","t":5}
)"),
            "");
  EXPECT_EQ(screen.one("why", "overview", "").text, "Nothing was cancelled");
}

// ---- More than can be drawn ----

// A region whose cancellation reaches that many tasks at once.
std::string storm_of(int tasks) {
  std::string text = R"({"ev":"trace","format":"cancelscope","version":1}
{"ev":"region_open","t":0,"region":"r1.1","parent":null,"name":"storm"}
)";
  for (int i = 1; i <= tasks; ++i)
    text +=
        R"({"ev":"task_spawn","t":1,"task":"t)" + std::to_string(i) + ".1\",\"region\":\"r1.1\"}\n";
  text += "{\"ev\":\"cancel\",\"t\":100,\"cancel\":\"c1\",\"kind\":\"user\",\"target\":\"r1.1\"}\n";
  for (int i = 1; i <= tasks; ++i) {
    text += R"({"ev":"cancel","t":100,"cancel":"c)" + std::to_string(i + 1) +
            R"(","kind":"parent","cause":"c1","target":"t)" + std::to_string(i) + ".1\"}\n";
  }
  return text + R"({"ev":"end","t":200})" + "\n";
}

TEST(a_timeline_of_a_storm, says_how_many_requests_have_no_arrow) {
  headless screen;
  ASSERT_EQ(screen.open("storm.jsonl", storm_of(1300)), "");
  EXPECT_THAT(screen.one("timeline", "note", "").text, HasSubstr("1301 requests in view"));
}

TEST(a_timeline_of_a_storm, says_nothing_where_all_arrows_are_drawn) {
  headless screen;
  ASSERT_EQ(screen.open("storm.jsonl", storm_of(100)), "");
  EXPECT_THAT(screen.all("timeline", "note"), IsEmpty());
}

TEST(a_folded_lane, says_when_it_draws_fewer_tasks_than_there_are) {
  headless screen;
  ASSERT_EQ(screen.open("storm.jsonl", storm_of(4100)), "");
  const auto region = screen.app.open_document()->trace.find("r1.1").as<inspector::region_index>();
  screen.app.carry_out(intent::fold_lanes{region, true});
  screen.draw();
  EXPECT_THAT(screen.one("timeline", "note", "r1.1").text, HasSubstr("+4100, 4000 drawn"));
}

TEST_F(panels, the_theme_is_kept_by_the_platform_and_stays_when_another_trace_is_opened) {
  EXPECT_TRUE(screen.app.carry_out(intent::switch_theme{theme::light}));
  EXPECT_EQ(screen.host.keeps["theme"], "light");
  EXPECT_FALSE(screen.app.carry_out(intent::switch_theme{theme::light}));
  const ImU32 on_light = colors().background;
  ASSERT_EQ(screen.open("again.jsonl", deadline_trace()), "");
  EXPECT_EQ(screen.app.view().shown_theme, theme::light);
  EXPECT_EQ(colors().background, on_light);
  screen.app.carry_out(intent::switch_theme{theme::dark});
  EXPECT_NE(colors().background, on_light);
}

TEST_F(panels, a_hint_for_the_first_time_goes_with_the_first_step_and_is_kept_as_read) {
  EXPECT_THAT(screen.all("hint", "text"), IsEmpty());
  screen.app.show_hint();
  screen.draw();
  ASSERT_THAT(screen.all("hint", "text"), SizeIs(1));
  screen.press(ImGuiKey_RightArrow);
  EXPECT_THAT(screen.all("hint", "text"), IsEmpty());
  EXPECT_EQ(screen.host.keeps["hint"], "read");
}

TEST_F(panels, what_a_frame_costs_is_shown_on_demand) {
  screen.app.carry_out(intent::show_costs{true});
  screen.draw();
  EXPECT_THAT(screen.one("costs", "frame", "").text, HasSubstr("vertices"));
  screen.app.carry_out(intent::show_costs{false});
  screen.draw();
  EXPECT_THAT(screen.all("costs", "frame"), IsEmpty());
}

// ---- Events that are missing ----

TEST(after_a_loss, a_state_is_drawn_as_unknown_and_never_as_still_running) {
  headless screen;
  ASSERT_EQ(screen.open("lossy.jsonl", R"({"ev":"trace","format":"cancelscope","version":1}
{"t":0,"ev":"region_open","region":"r0.1","parent":null,"name":"service"}
{"t":10,"ev":"task_spawn","task":"t0.1","region":"r0.1","name":"guard"}
{"t":20,"ev":"task_spawn","task":"t1.1","region":"r0.1","name":"seen again"}
{"t":100,"ev":"dropped","count":7}
{"t":150,"ev":"task_wait","task":"t1.1","on":"timer"}
{"t":200,"ev":"end"}
)"),
            "");
  screen.press(ImGuiKey_End);
  const shown_item lane = screen.one("timeline", "lane", "t0.1");
  const auto unknown = [&](std::string_view id) {
    const shown_item stretch = screen.one("timeline", "unknown", id);
    return stretch.max.x - stretch.min.x;
  };
  EXPECT_GT(lane.max.x - lane.min.x, unknown("t0.1"));
  EXPECT_NEAR(unknown("t1.1"), unknown("t0.1") / 2, 3) << "from 100 to 150, and from 100 to 200";
}

} // namespace
} // namespace cancelscope::ui
