// Where steps lead.
#include "inspector/store/loader.hpp"
#include "tests/ui/headless.hpp"
#include "ui/view/stepping.hpp"

#include <gtest/gtest.h>

namespace cancelscope::ui {
namespace {

class stepping : public testing::Test {
protected:
  stepping() : open(make_document(*inspector::load_bytes("deadline.jsonl", deadline_trace()))) {
    view.selected.who = view.subject = open.trace.find("t1.1");
  }

  bool step(step_direction direction) {
    const auto target = step_from(open, view, direction);
    if (!target) return false;
    view.cursor = target->cursor;
    view.cursor_time = target->time;
    view.selected = target->selected;
    return true;
  }
  [[nodiscard]] std::string selected() const { return open.trace.id_of(view.selected.who); }

  document open;
  view_state view;
};

TEST_F(stepping, next_and_previous_stop_at_each_event_of_the_selection) {
  std::vector<std::uint64_t> forward;
  while (step(step_direction::next))
    forward.push_back(view.cursor_time);
  EXPECT_EQ(forward, (std::vector<std::uint64_t>{30, 100, 110, 150, 150, 160, 170}));
  std::vector<std::uint64_t> back;
  while (step(step_direction::previous) && view.selected.event)
    back.push_back(view.cursor_time);
  EXPECT_EQ(back, (std::vector<std::uint64_t>{160, 150, 150, 110, 100, 30}));
}

TEST_F(stepping, any_event_selects_whom_it_concerns) {
  ASSERT_TRUE(step(step_direction::next_any));
  EXPECT_EQ(selected(), "r0.1");
  ASSERT_TRUE(step(step_direction::next_any));
  EXPECT_EQ(selected(), "t0.1");
  ASSERT_TRUE(step(step_direction::previous_any));
  EXPECT_EQ(selected(), "r0.1");
}

TEST_F(stepping, events_of_one_moment_are_steps_of_their_own) {
  view.cursor = inspector::moment_at(open.trace, 70);
  ASSERT_TRUE(step(step_direction::next_any));
  EXPECT_EQ(view.cursor_time, 100U);
  const auto first = view.cursor;
  ASSERT_TRUE(step(step_direction::next_any));
  EXPECT_EQ(view.cursor_time, 100U);
  EXPECT_GT(view.cursor, first);
}

TEST_F(stepping, the_chain_leads_from_the_task_to_the_root_cause_and_back) {
  ASSERT_TRUE(step(step_direction::cause));
  EXPECT_EQ(selected(), "c2");
  ASSERT_TRUE(step(step_direction::cause));
  EXPECT_EQ(selected(), "c1");
  EXPECT_FALSE(step(step_direction::cause));
  ASSERT_TRUE(step(step_direction::effect));
  EXPECT_EQ(selected(), "c2");
  ASSERT_TRUE(step(step_direction::effect));
  EXPECT_EQ(selected(), "t1.1");
  EXPECT_FALSE(step(step_direction::effect));
}

TEST_F(stepping, from_a_root_cause_the_effect_is_what_it_caused) {
  view.selected.who = view.subject = open.trace.find("c1");
  ASSERT_TRUE(step(step_direction::effect));
  EXPECT_EQ(selected(), "c2");
}

TEST_F(stepping, home_and_end_are_before_the_first_event_and_after_the_last) {
  ASSERT_TRUE(step(step_direction::last));
  EXPECT_EQ(view.cursor_time, 200U);
  ASSERT_TRUE(step(step_direction::first));
  EXPECT_EQ(view.cursor, inspector::moment{});
  EXPECT_FALSE(step(step_direction::previous_any));
}

} // namespace
} // namespace cancelscope::ui
