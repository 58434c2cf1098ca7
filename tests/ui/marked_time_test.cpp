// A stretch of time that is marked in the timeline, and hits of the tree's filter one after the other.
#include "tests/ui/headless.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cancelscope::ui {
namespace marked_time_test {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class marking : public testing::Test {
protected:
  void SetUp() override {
    ASSERT_EQ(screen.open("deadline.jsonl", deadline_trace()), "");
    screen.app.carry_out(intent::fit_window{});
    screen.app.carry_out(intent::show_lower{"events"});
    screen.draw();
  }

  /// Over the stretch of time between two shares of the tracks, with Shift held.
  void mark(float from, float to) {
    const shown_item lane = screen.one("timeline", "lane", "t1.1");
    const float width = lane.max.x - lane.min.x;
    ImGui::GetIO().AddKeyEvent(ImGuiMod_Shift, true);
    screen.drag({lane.min.x + width * from, lane.min.y + 4},
                {lane.min.x + width * to, lane.min.y + 4});
    ImGui::GetIO().AddKeyEvent(ImGuiMod_Shift, false);
    screen.draw();
  }

  headless screen;
};

TEST_F(marking, measures_it_and_counts_what_happened_in_it) {
  const time_range window = screen.app.view().window;
  mark(0.5F, 0.9F);
  ASSERT_TRUE(screen.app.view().marked);
  EXPECT_EQ(screen.app.view().window, window) << "the timeline does not move";
  const time_range& marked = *screen.app.view().marked;
  EXPECT_GT(marked.length(), 50);
  const auto& trace = screen.app.open_document()->trace;
  std::size_t within = 0;
  for (std::uint32_t e = 0; e < trace.event_count(); ++e)
    within +=
        marked.contains(static_cast<double>(trace.time_of(inspector::event_index{e}))) ? 1U : 0U;
  EXPECT_LT(within, trace.event_count());
  EXPECT_THAT(screen.one("timeline", "marked", "").text,
              HasSubstr("  ·  " + std::to_string(within) + " events"));
}

TEST_F(marking, rescopes_findings_and_events_to_exactly_that_time) {
  screen.app.carry_out(intent::mark_time{time_range{100, 110}});
  screen.draw();
  EXPECT_THAT(screen.all("events", "row"), SizeIs(4)) << "three at 100, one at 110";
  EXPECT_THAT(screen.one("timeline", "marked", "").text, HasSubstr("10 ns"));
  EXPECT_THAT(screen.one("timeline", "marked", "").text, HasSubstr("4 events"));
  screen.app.carry_out(intent::filter_events{"ev = cancel"});
  screen.draw();
  EXPECT_THAT(screen.all("events", "row"), SizeIs(2));
  screen.app.carry_out(intent::show_lower{"findings"});
  screen.draw();
  EXPECT_THAT(screen.all("findings", "finding"), IsEmpty());
}

TEST_F(marking, ends_with_escape_which_leaves_the_selection) {
  const selection before = screen.app.view().selected;
  screen.app.carry_out(intent::mark_time{time_range{100, 110}});
  screen.press(ImGuiKey_Escape);
  EXPECT_FALSE(screen.app.view().marked);
  EXPECT_EQ(screen.app.view().selected, before);
}

TEST_F(marking, stands_in_the_link_and_is_what_z_zooms_to) {
  screen.app.carry_out(intent::mark_time{time_range{50, 170}});
  screen.draw();
  const std::string link = screen.host.link;
  screen.press(ImGuiKey_Escape);
  ASSERT_TRUE(screen.app.follow(link));
  EXPECT_EQ(screen.app.view().marked, std::optional(time_range{50, 170}));
  screen.press(ImGuiKey_Z);
  EXPECT_EQ(screen.app.view().window, (time_range{50, 170}));
}

TEST(the_filter_of_the_tree, goes_from_hit_to_hit_with_enter) {
  headless screen;
  ASSERT_EQ(screen.open("deadline.jsonl", deadline_trace()), "");
  screen.app.carry_out(intent::seek{105});
  screen.app.carry_out(intent::filter_tree{{.text = "re"}});
  screen.app.carry_out(intent::select{});
  screen.draw();
  const shown_item row = screen.all("tree", "row").front();
  screen.click({row.min.x + 40, row.min.y - 26});
  ASSERT_TRUE(ImGui::GetIO().WantTextInput) << "the field above the rows";
  const auto selected = [&screen] {
    return screen.app.open_document()->trace.id_of(screen.app.view().selected.who);
  };
  screen.press(ImGuiKey_Enter);
  EXPECT_EQ(selected(), "r1.1") << "`request`";
  screen.press(ImGuiKey_Enter);
  EXPECT_EQ(selected(), "t2.1") << "`reserve stock`";
  screen.press(ImGuiKey_Enter);
  EXPECT_EQ(selected(), "r1.1") << "after the last comes the first";
}

} // namespace marked_time_test
} // namespace cancelscope::ui
