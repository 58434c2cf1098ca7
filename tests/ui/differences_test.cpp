// Two traces, one beside the other.
#include "tests/ui/headless.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace cancelscope::ui {
namespace differences_test {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// The deadline passed, but nobody was cancelled by it.
std::string run_without_cancellation() {
  std::string text;
  std::string_view rest = deadline_trace();
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n') + 1;
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end);
    if (line.find(R"("ev":"cancel)") != std::string_view::npos) continue;
    std::string kept(line);
    for (const std::string_view gone : {R"(,"cancel":"c1")", R"(,"cancel":"c2")"})
      if (const std::size_t at = kept.find(gone); at != std::string::npos)
        kept.erase(at, gone.size());
    for (std::size_t at; (at = kept.find("\"cancelled\"")) != std::string::npos;)
      kept.replace(at, 11, "\"ok\"");
    text += kept;
  }
  return text;
}

class comparing : public testing::Test {
protected:
  void SetUp() override {
    ASSERT_EQ(screen.open("failed.jsonl", deadline_trace()), "");
    const std::string well = run_without_cancellation();
    screen.app.begin_open("well.jsonl", well.size(), true);
    screen.app.feed(well);
    ASSERT_FALSE(screen.app.finish_open());
    screen.draw();
  }

  headless screen;
};

TEST_F(comparing, says_where_they_part_ways_and_what_was_cancelled_in_one_only) {
  EXPECT_EQ(screen.app.open_document()->name, "failed.jsonl");
  EXPECT_THAT(screen.one("differences", "parting", "").text, HasSubstr("request"));
  bool told = false;
  for (const shown_item& row : screen.all("differences", "row"))
    told |= row.id.find("charge card") != std::string::npos &&
            row.text.find("was never cancelled") != std::string::npos;
  EXPECT_TRUE(told);
}

TEST_F(comparing, selects_in_the_open_trace_by_its_id) {
  screen.app.carry_out(intent::select{});
  screen.draw();
  screen.click(headless::middle_of(screen.one("differences", "a", "t1.1")));
  EXPECT_EQ(screen.app.view().selected.who, screen.app.open_document()->trace.find("t1.1"));
}

TEST_F(comparing, brings_the_other_to_the_front_by_its_id_and_keeps_this_one_beside_it) {
  screen.click(headless::middle_of(screen.one("differences", "b", "t1.1")));
  EXPECT_EQ(screen.app.open_document()->name, "well.jsonl");
  EXPECT_EQ(screen.app.view().selected.who, screen.app.open_document()->trace.find("t1.1"));
  ASSERT_NE(screen.app.beside(), nullptr);
  EXPECT_EQ(screen.app.beside()->other.name, "failed.jsonl");
  EXPECT_THAT(screen.one("why", "sentence", "t1.1").text, HasSubstr("was never cancelled"));
  EXPECT_THAT(screen.all("differences", "row"), Not(IsEmpty()));
}

TEST_F(comparing, ends_when_another_trace_is_opened) {
  ASSERT_EQ(screen.open("again.jsonl", deadline_trace()), "");
  EXPECT_EQ(screen.app.beside(), nullptr);
  screen.app.carry_out(intent::show_lower{"differences"});
  screen.draw();
  EXPECT_THAT(screen.one("differences", "choose", "").text, HasSubstr("Compare"));
}

TEST_F(comparing, of_the_same_run_says_that_nothing_differs) {
  screen.app.begin_open("same.jsonl", {}, true);
  screen.app.feed(deadline_trace());
  ASSERT_FALSE(screen.app.finish_open());
  screen.draw();
  EXPECT_TRUE(screen.app.beside()->found.same());
  EXPECT_THAT(screen.all("differences", "row"), IsEmpty());
}

TEST(the_panel_of_differences, makes_the_next_trace_stand_beside) {
  headless screen;
  ASSERT_EQ(screen.open("failed.jsonl", deadline_trace()), "");
  screen.app.carry_out(intent::show_lower{"differences"});
  screen.draw();
  screen.click(headless::middle_of(screen.one("differences", "choose", "")));
  EXPECT_EQ(screen.host.choices_asked, 1);
  ASSERT_EQ(screen.open("well.jsonl", run_without_cancellation()), "");
  EXPECT_EQ(screen.app.open_document()->name, "failed.jsonl");
  EXPECT_EQ(screen.app.beside()->other.name, "well.jsonl");
}

} // namespace differences_test
} // namespace cancelscope::ui
