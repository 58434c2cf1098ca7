// What happens when a trace is opened, and when it cannot be.
#include "tests/ui/headless.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cancelscope::ui {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

TEST(opening, before_the_first_trace_the_window_says_how_to_open_one) {
  headless screen;
  screen.draw();
  const shown_item button = screen.one("welcome", "open", "");
  screen.click(headless::middle_of(button));
  EXPECT_EQ(screen.host.choices_asked, 1);
}

TEST(opening, the_most_telling_cancelled_task_is_selected_at_once) {
  headless screen;
  ASSERT_EQ(screen.open("deadline.jsonl", deadline_trace()), "");
  const document& open = *screen.app.open_document();
  EXPECT_EQ(screen.app.view().selected.who, open.trace.find("t1.1"));
  EXPECT_THAT(screen.one("why", "sentence", "t1.1").text, HasSubstr("charge card was cancelled"));
  EXPECT_EQ(screen.one("why", "root_cause", "c1").id, "c1");
  EXPECT_EQ(screen.host.title, "deadline.jsonl · Cancelscope");
  EXPECT_THAT(screen.host.announced, HasSubstr("charge card was cancelled"));
}

TEST(opening, only_the_last_part_of_a_path_is_the_name) {
  headless screen;
  ASSERT_EQ(screen.open("some/folder/deadline.jsonl", deadline_trace()), "");
  EXPECT_EQ(screen.app.open_document()->name, "deadline.jsonl");
}

TEST(opening, a_trace_that_arrives_in_pieces_is_the_same_trace) {
  headless screen;
  screen.app.begin_open("deadline.jsonl", deadline_trace().size());
  for (std::size_t at = 0; at < deadline_trace().size(); at += 7) {
    ASSERT_TRUE(screen.app.feed(deadline_trace().substr(at, 7)));
    screen.draw(1);
  }
  EXPECT_EQ(screen.app.load_state().bytes, deadline_trace().size());
  ASSERT_FALSE(screen.app.finish_open());
  EXPECT_EQ(screen.app.open_document()->trace.event_count(), 21U);
  EXPECT_EQ(screen.app.load_state().name, "");
}

class refused : public testing::TestWithParam<const char*> {};

TEST_P(refused, bytes_are_answered_with_a_sentence_and_what_was_open_stays) {
  headless screen;
  ASSERT_EQ(screen.open("deadline.jsonl", deadline_trace()), "");
  const std::string sentence = screen.open_data(GetParam());
  EXPECT_THAT(sentence, HasSubstr(GetParam()));
  EXPECT_EQ(screen.one("banner", "error", "").text, sentence);
  EXPECT_EQ(screen.app.open_document()->name, "deadline.jsonl");
  EXPECT_THAT(screen.all("tree", "row"), Not(testing::IsEmpty()));
  EXPECT_EQ(screen.host.announced, sentence);
}

INSTANTIATE_TEST_SUITE_P(opening, refused,
                         testing::Values("empty.jsonl", "picture.png", "newer-version.jsonl",
                                         "chrome-trace.json"),
                         [](const auto& one) {
                           std::string name = one.param;
                           for (char& c : name)
                             c = std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
                           return name;
                         });

TEST(opening, more_bytes_after_a_refusal_are_declined) {
  headless screen;
  screen.app.begin_open("picture.png", {});
  const std::string picture = read_data("picture.png");
  screen.app.feed(picture);
  EXPECT_FALSE(screen.app.feed(picture));
}

TEST(opening, a_long_one_shows_how_far_it_is_and_what_was_open_stays_when_it_is_cancelled) {
  headless screen;
  ASSERT_EQ(screen.open("deadline.jsonl", deadline_trace()), "");
  screen.app.begin_open("long.jsonl", 2 * deadline_trace().size());
  ASSERT_TRUE(screen.app.feed(deadline_trace()));
  screen.draw(6);
  EXPECT_THAT(screen.one("loading", "progress", "").text, HasSubstr("21 events"));
  EXPECT_THAT(screen.one("loading", "progress", "").text, HasSubstr(" of "));
  screen.click(headless::middle_of(screen.one("loading", "cancel", "")));
  EXPECT_FALSE(screen.app.feed("more")) << "nobody wants more of it";
  EXPECT_TRUE(screen.app.finish_open());
  screen.draw();
  EXPECT_THAT(screen.one("banner", "notice", "").text, HasSubstr("long.jsonl was not loaded"));
  EXPECT_EQ(screen.app.open_document()->name, "deadline.jsonl");
  EXPECT_THAT(screen.all("loading", "progress"), SizeIs(0));
}

TEST(opening, escape_cancels_it_and_leaves_the_selection) {
  headless screen;
  ASSERT_EQ(screen.open("deadline.jsonl", deadline_trace()), "");
  const selection before = screen.app.view().selected;
  screen.app.begin_open("long.jsonl", {});
  screen.press(ImGuiKey_Escape);
  EXPECT_FALSE(screen.app.feed(deadline_trace()));
  EXPECT_EQ(screen.app.view().selected, before);
}

TEST(opening, a_file_is_read_a_little_at_a_time) {
  headless screen;
  const std::string path = std::string(CANCELSCOPE_SOURCE_DIR) + "/tests/data/anomalies.jsonl";
  ASSERT_FALSE(screen.app.open_file(path));
  EXPECT_TRUE(screen.app.reads_file());
  EXPECT_EQ(screen.app.open_document(), nullptr);
  while (screen.app.reads_file())
    EXPECT_FALSE(screen.app.read_on(std::chrono::milliseconds{0}));
  ASSERT_NE(screen.app.open_document(), nullptr);
  EXPECT_EQ(screen.app.open_document()->name, "anomalies.jsonl");
  EXPECT_TRUE(screen.app.open_file("no/such/file.jsonl"));
  EXPECT_THAT(screen.app.banner(), HasSubstr("no/such/file.jsonl"));
}

// ---- Pasting ----

class pasting : public testing::Test {
protected:
  void paste(std::string_view text) {
    ImGui::SetClipboardText(std::string(text).c_str());
    ImGui::GetIO().AddKeyEvent(ImGuiMod_Ctrl, true);
    screen.press(ImGuiKey_V);
    ImGui::GetIO().AddKeyEvent(ImGuiMod_Ctrl, false);
    screen.draw();
  }

  headless screen;
};

TEST_F(pasting, the_text_of_a_trace_opens_it) {
  paste("\n" + std::string(deadline_trace()));
  ASSERT_NE(screen.app.open_document(), nullptr);
  EXPECT_EQ(screen.app.open_document()->name, "pasted text");
  EXPECT_EQ(screen.app.open_document()->trace.event_count(), 21U);
}

TEST_F(pasting, a_path_opens_the_file_as_does_one_in_quotes_or_as_an_address) {
  const std::string path = std::string(CANCELSCOPE_SOURCE_DIR) + "/tests/data/asyncio.jsonl";
  for (const std::string& text : {path, "\"" + path + "\"\n", "file://" + path}) {
    paste(text);
    EXPECT_TRUE(screen.app.reads_file()) << text;
    while (screen.app.reads_file())
      EXPECT_FALSE(screen.app.read_on(std::chrono::milliseconds{0}));
    EXPECT_EQ(screen.app.open_document()->name, "asyncio.jsonl");
  }
}

TEST_F(pasting, an_address_is_left_to_the_platform_that_can_fetch_it) {
  screen.host.fetches = true;
  paste("https://example.org/trace.jsonl");
  EXPECT_EQ(screen.host.fetched, "https://example.org/trace.jsonl");
}

TEST_F(pasting, anything_else_gets_a_sentence_and_what_was_open_stays) {
  ASSERT_EQ(screen.open("deadline.jsonl", deadline_trace()), "");
  paste("a shopping list\nwith milk");
  EXPECT_THAT(screen.app.banner(), HasSubstr("neither a trace nor where one is"));
  paste("{\"no\": \"trace\"}");
  EXPECT_TRUE(screen.app.banner_is_error());
  EXPECT_EQ(screen.app.open_document()->name, "deadline.jsonl");
}

TEST_F(pasting, into_a_field_is_left_to_the_field) {
  ASSERT_EQ(screen.open("deadline.jsonl", deadline_trace()), "");
  screen.app.carry_out(intent::show_finder{true});
  screen.draw();
  paste("stock");
  EXPECT_EQ(screen.app.banner(), "");
  EXPECT_THAT(screen.all("finder", "hit"), SizeIs(1));
}

TEST(opening, the_banner_goes_when_the_next_trace_is_opened) {
  headless screen;
  screen.open_data("empty.jsonl");
  ASSERT_THAT(screen.all("banner", "error"), SizeIs(1));
  ASSERT_EQ(screen.open("deadline.jsonl", deadline_trace()), "");
  EXPECT_THAT(screen.all("banner", "error"), SizeIs(0));
}

TEST(opening, lines_that_cannot_be_used_are_counted_in_the_bar_and_listed) {
  headless screen;
  ASSERT_EQ(screen.open_data("anomalies.jsonl"), "");
  EXPECT_EQ(screen.one("bar", "anomalies", "").text, "10 anomalies");
  EXPECT_THAT(screen.one("findings", "anomaly", "line 4").text, HasSubstr("Line 4"));
}

TEST(opening, a_trace_without_fault_says_so) {
  headless screen;
  ASSERT_EQ(screen.open("deadline.jsonl", deadline_trace()), "");
  EXPECT_THAT(screen.all("bar", "anomalies"), SizeIs(0));
  EXPECT_THAT(screen.all("bar", "findings"), SizeIs(1));
}

} // namespace
} // namespace cancelscope::ui
