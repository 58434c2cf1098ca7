#include "tests/trace-format/support.hpp"
#include "trace-format/jsonl_writer.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace cancelscope::trace::testing {
namespace {

using ::testing::HasSubstr;

std::string line_of(const event& e) {
  std::string out;
  jsonl_writer{}.append(e, out);
  return out;
}

std::string label_as_written(text label) {
  const std::string line = line_of({.t = 0, .body = mark{.label = label}});
  const std::string before = R"({"ev":"mark","t":0,"label":)";
  return line.substr(before.size(), line.size() - before.size() - 2);
}

TEST(JsonlWriter, PutsTheNameAndTheTimeFirstAndTheFieldsAsTheTableListsThem) {
  EXPECT_EQ(line_of({.t = 1250,
                     .th = 3,
                     .src = "order.cpp:120",
                     .body = cancel_request{.cancel = {2},
                                            .kind = cancel_kind::parent,
                                            .target = task_id{3, 1},
                                            .cause = cancel_id{1},
                                            .origin_region = region_id{0, 1},
                                            .origin_task = task_id{0, 1},
                                            .message = "closed",
                                            .truncated = false,
                                            .effect = cancel_effect::strengthened,
                                            .deadline = 1500}}),
            R"({"ev":"cancel","t":1250,"cancel":"c2","kind":"parent","target":"t3.1","cause":"c1",)"
            R"("origin_region":"r0.1","origin_task":"t0.1","message":"closed","truncated":false,)"
            R"("effect":"strengthened","deadline":1500,"th":3,"src":"order.cpp:120"})"
            "\n");
}

TEST(JsonlWriter, LeavesOutWhatIsAbsentAndWritesTheNullOfARoot) {
  EXPECT_EQ(line_of({.t = 0, .body = region_open{.region = {0, 1}}}),
            "{\"ev\":\"region_open\",\"t\":0,\"region\":\"r0.1\",\"parent\":null}\n");
}

TEST(JsonlWriter, GivesTheHeaderNoTime) {
  EXPECT_EQ(line_of({.t = 77, .body = header{}}),
            "{\"ev\":\"trace\",\"format\":\"cancelscope\",\"version\":1}\n");
}

TEST(JsonlWriter, WritesABudgetWithWhatLimitsIt) {
  const auto budget_of = [](budget_limits limits) {
    return line_of(
        {.t = 0, .body = task_spawn{.task = {0, 1}, .region = {0, 1}, .budget = limits}});
  };
  EXPECT_THAT(budget_of({.deadline = 5, .cost = 0, .priority = 255}),
              HasSubstr(R"("budget":{"deadline":5,"cost":0,"priority":255}})"));
  EXPECT_THAT(budget_of({}), HasSubstr(R"("budget":{}})"));
}

TEST(JsonlWriter, WritesNumbersOf64Bits) {
  EXPECT_THAT(line_of({.t = 18446744073709551615U, .body = end_of_trace{}}),
              HasSubstr(R"("t":18446744073709551615})"));
}

TEST(JsonlWriter, EscapesWhatJsonWantsEscaped) {
  EXPECT_EQ(label_as_written("a\"b\\c\n\r\t\b\f/"), R"("a\"b\\c\n\r\t\b\f/")");
  EXPECT_EQ(label_as_written(text("\0\x01\x1f\x7f", 4)), "\"\\u0000\\u0001\\u001f\x7f\"");
  EXPECT_EQ(label_as_written(""), "\"\"");
}

TEST(JsonlWriter, EscapesAtEveryPlaceOfALongText) {
  for (std::size_t at = 0; at < 40; ++at) {
    std::string label(40, 'x');
    label[at] = '"';
    std::string expected = label;
    expected.insert(at, 1, '\\');
    EXPECT_EQ(label_as_written(label), "\"" + expected + "\"");
  }
}

TEST(JsonlWriter, LeavesUtf8AsItIs) {
  EXPECT_EQ(label_as_written("é€😀 naïve façade"), "\"é€😀 naïve façade\"");
}

TEST(JsonlWriter, MendsWhatIsNotUtf8SoThatTheLineCanBeRead) {
  const std::string mended = "\xEF\xBF\xBD";
  EXPECT_EQ(label_as_written("a\xFF"
                             "b"),
            "\"a" + mended + "b\"");
  EXPECT_EQ(label_as_written("\xC3"), "\"" + mended + "\"");              // begun, not ended
  EXPECT_EQ(label_as_written("\xC0\xAF"), "\"" + mended + mended + "\""); // overlong
  EXPECT_EQ(label_as_written("\xED\xA0\x80"),
            "\"" + mended + mended + mended + "\"");                             // a surrogate
  EXPECT_EQ(label_as_written("\xF4\x90\x80\x80").size(), 2 + 4 * mended.size()); // beyond U+10FFFF
}

TEST(JsonlWriter, WritesTextsLongerThanItsBuffer) {
  const std::string label(5000, 'x');
  EXPECT_EQ(label_as_written(label), "\"" + label + "\"");
}

TEST(JsonlWriter, WritesUnknownEventsAndFieldsBackAsTheyWere) {
  const extra_field extras[] = {{"by_type", R"({"row":0.75})"}, {"no\"te", "null"}};
  EXPECT_EQ(line_of({.t = 3, .body = unknown_event{.ev = "he\"ap"}, .extra = extras}),
            R"({"ev":"he\"ap","t":3,"by_type":{"row":0.75},"no\"te":null})"
            "\n");
}

TEST(JsonlWriter, WritesABudgetThatWasKeptWholeInsteadOfWhatItUnderstoodOfIt) {
  const extra_field whole{"budget", R"({"polls":3,"memory":9})"};
  const std::string line = line_of(
      {.t = 0,
       .body = task_spawn{.task = {0, 1}, .region = {0, 1}, .budget = budget_limits{.polls = 3}},
       .extra = {&whole, 1}});
  EXPECT_EQ(
      line,
      R"({"ev":"task_spawn","t":0,"task":"t0.1","region":"r0.1","budget":{"polls":3,"memory":9}})"
      "\n");
}

TEST(JsonlSink, HandsOverWhatItWasGiven) {
  std::string bytes;
  {
    jsonl_sink sink{std::make_unique<string_output>(bytes)};
    sink.write({.body = header{}});
    sink.write({.t = 4, .body = end_of_trace{}});
  }
  EXPECT_EQ(bytes, std::string(header_line) + "{\"ev\":\"end\",\"t\":4}\n");
}

TEST(JsonlSink, KeepsTheFirstFailureAndWritesNoMore) {
  class full_output final : public byte_output {
  public:
    explicit full_output(int& tries) : tries_(tries) {}
    std::optional<failure> write(std::string_view) override {
      return failure{"full, for the time " + std::to_string(++tries_)};
    }

  private:
    int& tries_;
  };
  int tries = 0;
  jsonl_sink sink{std::make_unique<full_output>(tries)};
  for (int i = 0; i < 3; ++i) {
    sink.write({.t = 1, .body = end_of_trace{}});
    sink.flush();
  }
  ASSERT_TRUE(sink.error());
  EXPECT_EQ(sink.error()->message, "full, for the time 1");
  EXPECT_EQ(tries, 1);
}

} // namespace
} // namespace cancelscope::trace::testing
