// What a person writes on a trace: where it is shown, how it is kept, and what is never lost.
#include "tests/ui/headless.hpp"
#include "ui/app/remote.hpp"
#include "ui/view/notes_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace cancelscope::ui {
namespace notes_test {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class a_note : public testing::Test {
protected:
  void SetUp() override { ASSERT_EQ(screen.open("deadline.jsonl", deadline_trace()), ""); }

  bool put(std::string_view on, std::string_view text) {
    const bool done = screen.app.carry_out(intent::put_note{std::string(on), std::string(text)});
    screen.draw();
    return done;
  }
  [[nodiscard]] std::vector<std::string> listed() {
    screen.app.carry_out(intent::show_lower{"notes"});
    screen.draw();
    std::vector<std::string> found;
    for (const shown_item& row : screen.all("notes", "row"))
      found.push_back(row.id + " " + row.text);
    return found;
  }
  [[nodiscard]] std::string selected() const {
    return screen.app.open_document()->trace.id_of(screen.app.view().selected.who);
  }

  headless screen;
};

TEST_F(a_note, is_written_on_the_selection_by_key_changed_and_taken_away_again) {
  screen.press(ImGuiKey_T);
  ASSERT_THAT(screen.all("note", "text"), SizeIs(1));
  screen.type("the first to go");
  screen.press(ImGuiKey_Enter);
  EXPECT_THAT(screen.all("note", "text"), IsEmpty());
  EXPECT_THAT(listed(), ElementsAre("t1.1 the first to go"));
  EXPECT_EQ(screen.one("why", "note", "t1.1").text, "the first to go");
  screen.press(ImGuiKey_T);
  screen.type("gone");
  screen.press(ImGuiKey_Escape);
  EXPECT_THAT(listed(), ElementsAre("t1.1 the first to go")) << "Escape leaves it as it was";
  screen.press(ImGuiKey_T);
  screen.click(headless::middle_of(screen.one("note", "delete", "t1.1")));
  EXPECT_THAT(listed(), IsEmpty());
  EXPECT_THAT(screen.app.banner(), HasSubstr("the first to go")) << "says what is gone";
}

TEST_F(a_note, is_on_a_task_an_event_a_moment_a_stretch_of_time_or_a_slot_and_listed_in_order) {
  EXPECT_TRUE(put("slot:t1", "whose turn?"));
  EXPECT_TRUE(put("time:180", "late"));
  EXPECT_TRUE(put("time:120-140", "busy"));
  EXPECT_TRUE(put("event:7", "the cause"));
  EXPECT_TRUE(put("c2", "by way of the region"));
  EXPECT_TRUE(put("r0.1", "all of it"));
  EXPECT_THAT(listed(),
              ElementsAre("r0.1 all of it", "slot:t1 whose turn?", "event:7 the cause",
                          "c2 by way of the region", "time:120-140 busy", "time:180 late"));
  EXPECT_FALSE(put("t99.1", "nobody"));
  EXPECT_FALSE(put("event:9999", "never"));
  EXPECT_FALSE(put("time:140-120", "backwards"));
  EXPECT_FALSE(put("slot:x1", "no such kind"));
}

TEST_F(a_note, stands_in_the_strip_and_in_the_timeline_and_a_click_goes_there) {
  put("t2.1", "reserved in vain");
  put("time:180", "late");
  EXPECT_THAT(screen.all("timeline", "strip_note"), SizeIs(2));
  EXPECT_THAT(screen.one("timeline", "note_flag", "t2.1").text, HasSubstr("reserved in vain"));
  const shown_item lane = screen.one("timeline", "lane", "t2.1");
  const ImVec2 flag = headless::middle_of(screen.one("timeline", "note_flag", "t2.1"));
  EXPECT_GT(flag.y, lane.min.y);
  EXPECT_LT(flag.y, lane.max.y);
  screen.click(flag);
  EXPECT_EQ(selected(), "t2.1");
  screen.click(headless::middle_of(screen.one("timeline", "strip_note", "time:180")));
  EXPECT_EQ(screen.app.view().cursor_time, 180U);
}

TEST_F(a_note, of_a_time_out_of_view_has_no_flag_in_the_lanes) {
  put("time:180", "late");
  screen.app.carry_out(intent::show_window{{0, 100}});
  screen.draw();
  EXPECT_THAT(screen.all("timeline", "note_flag"), IsEmpty());
  EXPECT_THAT(screen.all("timeline", "strip_note"), SizeIs(1));
}

TEST_F(a_note, is_gone_to_from_the_list_by_key_and_by_its_words) {
  put("t2.1", "in vain");
  put("time:120-140", "busy");
  EXPECT_THAT(listed(), SizeIs(2));
  screen.click(headless::middle_of(screen.one("notes", "row", "t2.1")));
  EXPECT_EQ(selected(), "t2.1");
  screen.press(ImGuiKey_J);
  EXPECT_EQ(screen.app.view().marked, std::optional(time_range{120, 140}));
  screen.press(ImGuiKey_Escape);
  screen.app.carry_out(intent::show_finder{true});
  screen.draw();
  screen.type("busy");
  screen.press(ImGuiKey_Enter);
  EXPECT_EQ(screen.app.view().marked, std::optional(time_range{120, 140}));
}

TEST_F(a_note, goes_with_a_link_as_long_as_there_is_room) {
  put("t1.1", "größe & 100 %=~");
  const std::string link = screen.host.link;
  headless elsewhere;
  ASSERT_EQ(elsewhere.open("deadline.jsonl", deadline_trace()), "");
  ASSERT_TRUE(elsewhere.app.follow(link));
  ASSERT_THAT(elsewhere.app.notes(), SizeIs(1));
  EXPECT_EQ(elsewhere.app.notes()[0].what, (note{"t1.1", "größe & 100 %=~"}));
  put("t2.1", std::string(5000, 'x'));
  EXPECT_LT(screen.host.link.size(), 2500U) << "what is too long stays out";
  EXPECT_THAT(screen.host.link, HasSubstr("note=t1.1"));
}

TEST_F(a_note, goes_with_what_is_copied_as_markdown) {
  put("t1.1", "the first to go");
  const auto actions = actions_on(*screen.app.open_document(), screen.app.view(),
                                  screen.app.notes(), selected_subject(screen.app.view()));
  for (const action& one : actions)
    if (one.name == "Copy as Markdown") screen.app.carry_out(one.wanted.front());
  EXPECT_THAT(ImGui::GetClipboardText(),
              HasSubstr("> Note on charge card (t1.1): the first to go"));
}

// ---- Kept where the trace has no file ----

TEST_F(a_note, is_kept_under_what_the_trace_is_and_there_again_under_any_name) {
  put("t1.1", "the first to go");
  ASSERT_EQ(screen.open("calm.jsonl", read_data("asyncio.jsonl")), "");
  EXPECT_THAT(screen.app.notes(), IsEmpty());
  ASSERT_EQ(screen.open("renamed.jsonl", deadline_trace()), "");
  ASSERT_THAT(screen.app.notes(), SizeIs(1));
  EXPECT_EQ(screen.app.notes()[0].what.text, "the first to go");
  put("t1.1", "");
  ASSERT_EQ(screen.open("again.jsonl", deadline_trace()), "");
  EXPECT_THAT(screen.app.notes(), IsEmpty());
}

TEST_F(a_note, that_cannot_be_kept_says_so_and_stays_in_the_window) {
  screen.host.forgetful = true;
  put("t1.1", "the first to go");
  EXPECT_THAT(screen.app.banner(), HasSubstr("could not be kept"));
  EXPECT_THAT(screen.app.notes(), SizeIs(1));
}

TEST_F(a_note, is_handed_on_in_a_file_and_what_was_there_before_stays) {
  put("t1.1", "mine");
  ASSERT_TRUE(screen.app.carry_out(intent::export_notes{}));
  ASSERT_THAT(screen.host.saved, SizeIs(1));
  const std::string file = screen.host.saved.begin()->second;
  EXPECT_TRUE(screen.host.saved.begin()->first.ends_with(".notes.json"));
  put("t1.1", "changed");
  put("time:180", "late");
  ASSERT_TRUE(screen.app.carry_out(intent::import_notes{file}));
  EXPECT_THAT(listed(), ElementsAre("t1.1 changed / mine", "time:180 late"));
  ASSERT_TRUE(screen.app.carry_out(intent::import_notes{file}));
  EXPECT_THAT(listed(), SizeIs(2)) << "what is there already is not doubled";
  ASSERT_TRUE(screen.app.carry_out(intent::import_notes{R"({"picture":1})"}));
  EXPECT_THAT(screen.app.banner(), HasSubstr("is no file of notes"));
}

TEST_F(a_note, is_read_and_written_by_programs) {
  const auto ask = [this](const json& request) { return answer_request(screen.app, request); };
  EXPECT_EQ(ask({{"do", "note"}, {"on", "t1.1"}, {"text", "by a program"}})["done"], true);
  EXPECT_EQ(ask({{"do", "note"}, {"on", "t1.1"}, {"text", "by a program"}})["done"], false);
  EXPECT_EQ(
      ask({{"do", "notes"}}),
      (json{
          {{"on", "t1.1"}, {"text", "by a program"}, {"where", "charge card (t1.1)"}, {"t", 30}}}));
  EXPECT_THAT(ask({{"do", "note"}, {"on", "t99.1"}, {"text", "x"}}).at("error").get<std::string>(),
              HasSubstr("t99.1"));
  EXPECT_EQ(state_of(screen.app)["notes"], 1);
}

// ---- Beside the trace's file ----

class notes_beside_a_file : public testing::Test {
protected:
  void SetUp() override {
    folder =
        std::filesystem::path(testing::TempDir()) /
        ("notes-" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    trace = (folder / "deadline.jsonl").string();
    notes = trace + ".notes.json";
    write(trace, deadline_trace());
  }
  void TearDown() override { std::filesystem::remove_all(folder); }

  static void write(const std::string& path, std::string_view text) {
    std::ofstream(path, std::ios::binary) << text;
  }
  static std::string read(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static void open(headless& screen, const std::string& path) {
    ASSERT_FALSE(screen.app.open_file(path));
    while (screen.app.reads_file())
      screen.app.read_on(std::chrono::milliseconds{0});
    screen.draw();
  }

  std::filesystem::path folder;
  std::string trace;
  std::string notes;
};

TEST_F(notes_beside_a_file, are_there_again_when_it_is_opened_again) {
  {
    headless screen;
    open(screen, trace);
    screen.app.carry_out(intent::put_note{"t1.1", "the first to go"});
    EXPECT_EQ(screen.app.banner(), "");
  }
  headless again;
  open(again, trace);
  ASSERT_THAT(again.app.notes(), SizeIs(1));
  EXPECT_EQ(again.app.notes()[0].what, (note{"t1.1", "the first to go"}));
  EXPECT_TRUE(again.host.keeps.empty()) << "nowhere but beside the file";
  again.app.carry_out(intent::put_note{"t1.1", ""});
  EXPECT_FALSE(std::filesystem::exists(notes)) << "without notes there is no file of them";
}

class notes_that_cannot_be_read : public notes_beside_a_file,
                                  public testing::WithParamInterface<std::string_view> {};

TEST_P(notes_that_cannot_be_read, get_a_sentence_and_are_never_overwritten) {
  write(notes, GetParam());
  headless screen;
  open(screen, trace);
  EXPECT_THAT(screen.app.banner(), HasSubstr("deadline.jsonl.notes.json"));
  EXPECT_FALSE(screen.app.banner_is_error());
  EXPECT_THAT(screen.all("tree", "row"), Not(IsEmpty())) << "the trace is open all the same";
  screen.app.carry_out(intent::put_note{"t2.1", "another"});
  EXPECT_THAT(screen.app.banner(), HasSubstr("in this window only"));
  EXPECT_EQ(read(notes), GetParam());
}

INSTANTIATE_TEST_SUITE_P(
    bad, notes_that_cannot_be_read,
    testing::Values(
        "no JSON at all", "[1,2,3]", R"({"format":"cancelscope-notes","version":2,"notes":[]})",
        R"({"format":"cancelscope-notes","version":1})",
        R"({"format":"cancelscope-notes","version":1,"notes":[{"on":"t1.1","text":"good"},{"on":5}]})"));

TEST_F(notes_beside_a_file, that_are_good_are_shown_beside_bad_ones) {
  write(notes,
        R"({"format":"cancelscope-notes","version":1,"notes":[{"on":"t1.1","text":"good"},7]})");
  headless screen;
  open(screen, trace);
  ASSERT_THAT(screen.app.notes(), SizeIs(1));
  EXPECT_EQ(screen.app.notes()[0].what.text, "good");
}

TEST_F(notes_beside_a_file, that_somebody_else_has_changed_meanwhile_are_not_overwritten) {
  headless screen;
  open(screen, trace);
  const std::string theirs =
      R"({"format":"cancelscope-notes","version":1,"notes":[{"on":"t2.1","text":"theirs"}]})";
  write(notes, theirs);
  screen.app.carry_out(intent::put_note{"t1.1", "mine"});
  EXPECT_THAT(screen.app.banner(), HasSubstr("changed by somebody else"));
  EXPECT_EQ(read(notes), theirs);
}

TEST_F(notes_beside_a_file,
       of_another_recording_are_shown_with_a_word_and_those_out_of_place_listed) {
  write(notes, R"({"format":"cancelscope-notes","version":1,
    "trace":{"name":"deadline.jsonl","identity":"0000000000000000-1"},
    "notes":[{"on":"t77.1","text":"was here once"},{"on":"t1.1","text":"still here"}]})");
  headless screen;
  open(screen, trace);
  EXPECT_THAT(screen.app.banner(), HasSubstr("another recording"));
  screen.app.carry_out(intent::show_lower{"notes"});
  screen.draw();
  ASSERT_THAT(screen.all("notes", "row"), SizeIs(2));
  EXPECT_EQ(screen.all("notes", "row")[1].id, "t77.1") << "last, and not lost";
  screen.app.carry_out(intent::put_note{"t1.1", "changed"});
  EXPECT_THAT(read(notes), HasSubstr("was here once"));
}

TEST_F(notes_beside_a_file, come_in_when_their_file_is_opened) {
  const std::string file = (folder / "from-a-colleague.notes.json").string();
  write(file,
        R"({"format":"cancelscope-notes","version":1,"notes":[{"on":"c1","text":"theirs"}]})");
  headless screen;
  ASSERT_FALSE(screen.app.open_file(file));
  EXPECT_THAT(screen.app.banner(), HasSubstr("open the trace first"));
  open(screen, trace);
  ASSERT_FALSE(screen.app.open_file(file));
  ASSERT_THAT(screen.app.notes(), SizeIs(1));
  EXPECT_THAT(read(notes), HasSubstr("theirs")) << "and are kept beside the trace";
}

TEST(the_identity_of_a_trace, is_that_of_its_bytes_however_they_arrive) {
  const auto of = [](std::string_view bytes, std::size_t piece) {
    identity_taker taker;
    for (std::size_t at = 0; at < bytes.size(); at += piece)
      taker.take(bytes.substr(at, piece));
    return taker.identity();
  };
  const trace_identity whole = of(deadline_trace(), deadline_trace().size());
  for (const std::size_t piece : {1U, 3U, 7U, 8U, 9U, 64U, 1000U})
    EXPECT_EQ(of(deadline_trace(), piece), whole) << piece;
  std::string changed(deadline_trace());
  for (const std::size_t at : {std::size_t{0}, changed.size() / 2, changed.size() - 1}) {
    changed[at] ^= 1;
    EXPECT_NE(of(changed, 64), whole) << at;
    changed[at] ^= 1;
  }
  EXPECT_NE(of("a", 1), of(std::string_view("a\0", 2), 2)) << "a zero byte counts";
}

} // namespace notes_test
} // namespace cancelscope::ui
