#include "ui/widgets/time_scale.hpp"

#include <gtest/gtest.h>

namespace cancelscope::ui {
namespace {

TEST(time_scale, pixels_and_moments_correspond) {
  const time_scale scale{{0, 1000}, 300, 800};
  EXPECT_FLOAT_EQ(scale.x_of(250), 500);
  EXPECT_DOUBLE_EQ(scale.time_at(500), 250);
}

TEST(time_scale, a_moment_far_outside_stays_a_number_a_screen_can_take) {
  const time_scale scale{{0, 1}, 0, 1000};
  EXPECT_LE(scale.x_of(1e18), 6000);
  EXPECT_GE(scale.x_of(-1e18), -6000);
}

TEST(time_scale, zooming_keeps_the_fixed_moment_where_it_is) {
  const time_range before{0, 1000};
  const time_range after = zoomed(before, 250, 0.5);
  EXPECT_DOUBLE_EQ(after.length(), 500);
  EXPECT_DOUBLE_EQ((250 - after.begin) / after.length(), 0.25);
}

TEST(time_scale, a_window_stays_within_the_trace) {
  const time_range far = confined({1e9, 2e9}, 1000);
  EXPECT_LE(far.end, 1050);
  EXPECT_GT(far.end, 1000);
  const time_range narrow = confined({500, 500.001}, 1000);
  EXPECT_GE(narrow.length(), 100);
  const time_range wide = confined({-1e9, 1e9}, 1000);
  EXPECT_LE(wide.length(), 1100);
}

TEST(time_scale, ticks_stand_at_round_numbers_with_one_unit) {
  std::vector<std::string> labels;
  for (const tick& one : ticks({{0, 4e6}, 0, 400}, 90)) {
    if (one.labelled) labels.push_back(one.label);
  }
  EXPECT_EQ(labels, (std::vector<std::string>{"0 ms", "1 ms", "2 ms", "3 ms", "4 ms"}));
}

TEST(time_scale, no_tick_is_labelled_minus_zero) {
  for (const tick& one : ticks({{-40, 1340}, 0, 500})) {
    EXPECT_EQ(one.label.find("-0"), std::string::npos) << one.label;
  }
}

TEST(time_scale, a_moment_has_as_many_digits_as_tell_it_from_its_neighbour) {
  EXPECT_EQ(format_moment(12'480'000, 1000), "12.480 ms");
  EXPECT_EQ(format_moment(870, 1), "870 ns");
}

} // namespace
} // namespace cancelscope::ui
