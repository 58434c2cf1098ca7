// Motion: what is looked at changes at once, the timeline follows within 150 ms of the shell's time.
#include "tests/ui/headless.hpp"
#include "ui/app/remote.hpp"
#include "ui/view/motion.hpp"

#include <gtest/gtest.h>

namespace cancelscope::ui {
namespace motion_test {

constexpr double frame_seconds = 1.0 / 60;

// ---- The way itself ----

TEST(the_way, leads_from_what_was_shown_to_what_is_looked_at) {
  timeline_motion way;
  const time_range from{0, 1000};
  const time_range there{400, 500};
  way.leave(from);
  EXPECT_NEAR(way.towards(there).begin, from.begin, 1e-6);
  EXPECT_NEAR(way.towards(there).end, from.end, 1e-6);
  double last = from.length();
  while (way.on_the_way()) {
    way.advance(frame_seconds);
    const time_range now = way.towards(there);
    EXPECT_LT(now.length(), last) << "nearer with every frame";
    EXPECT_LE(from.begin, now.begin);
    EXPECT_LE(now.begin, there.begin + 1e-6);
    last = now.length();
  }
  EXPECT_EQ(way.towards(there), there);
}

TEST(the_way, to_a_window_of_the_same_length_keeps_the_length) {
  timeline_motion way;
  way.leave({0, 100});
  way.advance(frame_seconds);
  way.advance(frame_seconds);
  const time_range now = way.towards({1000, 1100});
  EXPECT_GT(now.begin, 0);
  EXPECT_LT(now.begin, 1000);
  EXPECT_NEAR(now.length(), 100, 1e-6);
}

TEST(the_way, that_begins_after_a_rest_does_not_count_the_rest) {
  timeline_motion way;
  way.leave({0, 100});
  way.advance(3600);
  EXPECT_TRUE(way.on_the_way());
  way.advance(3600);
  EXPECT_FALSE(way.on_the_way());
}

TEST(the_way, that_is_left_for_another_goes_on_from_what_is_shown) {
  timeline_motion way;
  way.leave({0, 100});
  way.advance(frame_seconds);
  way.advance(frame_seconds);
  const time_range passing = way.towards({1000, 1100});
  way.leave(passing);
  EXPECT_NEAR(way.towards({0, 500}).begin, passing.begin, 1e-6);
  EXPECT_NEAR(way.towards({0, 500}).end, passing.end, 1e-6);
}

// ---- In the window ----

class a_step : public testing::Test {
protected:
  void SetUp() override {
    ASSERT_EQ(screen.open("deadline.jsonl", deadline_trace()), "");
    screen.app.carry_out(intent::show_window{{0, 60}});
    screen.draw();
    screen.app.let_move(true);
  }
  void draw_one() { screen.draw(1); }
  /// What is looked at.
  [[nodiscard]] time_range window() const { return screen.app.view().window; }
  int frames_to_rest() {
    int frames = 0;
    do {
      draw_one();
      ++frames;
    } while (screen.app.animating() && frames < 1000);
    return frames;
  }

  headless screen;
};

TEST_F(a_step, is_on_its_way_and_at_rest_within_150_milliseconds) {
  EXPECT_FALSE(screen.app.animating());
  screen.app.carry_out(intent::step{step_direction::cause});
  ASSERT_GT(window().begin, 0) << "the request at 100 was out of view";
  EXPECT_TRUE(screen.app.moving());
  const int frames = frames_to_rest();
  EXPECT_GE(frames, 4);
  EXPECT_LE(frames * frame_seconds, 0.15 + 2 * frame_seconds)
      << "the frame that is there counts, too";
  EXPECT_FALSE(screen.app.moving());
}

TEST_F(a_step, shows_what_it_passes_and_then_its_end) {
  screen.app.carry_out(intent::seek{150});
  draw_one();
  const auto marks = [&] { return screen.all("timeline", "cursor"); };
  ASSERT_TRUE(marks().empty()) << "the moment is not in view yet";
  frames_to_rest();
  ASSERT_EQ(marks().size(), 1U);
  const shown_item lane = screen.one("timeline", "lane", "t1.1");
  EXPECT_GT(marks().front().min.x, lane.min.x);
  EXPECT_LT(marks().front().max.x, lane.max.x);
}

TEST_F(a_step, gives_the_link_and_the_state_of_its_end_while_on_the_way) {
  screen.app.carry_out(intent::step{step_direction::cause});
  draw_one();
  const std::string link = screen.host.link;
  const auto state = state_of(screen.app);
  EXPECT_EQ(state["moving"], true);
  EXPECT_EQ(state["window"]["from"], window().begin);
  frames_to_rest();
  draw_one();
  EXPECT_EQ(screen.host.link, link);
  EXPECT_EQ(state_of(screen.app)["window"], state["window"]);
  EXPECT_EQ(state_of(screen.app)["moving"], false);
}

TEST_F(a_step, is_there_at_once_for_those_who_want_no_motion) {
  screen.app.carry_out(intent::switch_motion{false});
  EXPECT_EQ(screen.host.kept("motion"), "reduced");
  screen.app.carry_out(intent::step{step_direction::cause});
  EXPECT_FALSE(screen.app.moving());
  draw_one();
  EXPECT_FALSE(screen.app.animating());
}

TEST_F(a_step, gives_way_to_the_hand_that_drags) {
  screen.app.carry_out(intent::step{step_direction::cause});
  draw_one();
  screen.app.carry_out(intent::show_window{{20, 80}});
  EXPECT_FALSE(screen.app.moving());
}

} // namespace motion_test
} // namespace cancelscope::ui
