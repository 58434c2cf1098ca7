#include "tests/trace-format/support.hpp"
#include "trace-format/jsonl_reader.hpp"

#include <gmock/gmock.h>

#include <string>

namespace cancelscope::trace::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string refusal_of(std::string_view bytes) {
  reading read;
  read_into(read, bytes);
  EXPECT_THAT(read.anomalies, IsEmpty());
  return read.refusal;
}

// ---- The header ----

TEST(Refusal, OfAnEmptyFileSaysThatItIsEmpty) {
  EXPECT_THAT(refusal_of(""), HasSubstr("it is empty"));
}

TEST(Refusal, OfBlankLinesSaysSo) {
  EXPECT_THAT(refusal_of("\n \r\n\n"), HasSubstr("blank"));
}

TEST(Refusal, OfAKnownKindOfFileNamesTheKind) {
  EXPECT_THAT(refusal_of(data_file("picture.png")), HasSubstr("a PNG picture"));
  EXPECT_THAT(refusal_of("\x1F\x8B\x08 zipped trace"), HasSubstr("unpack it first"));
  EXPECT_THAT(refusal_of(std::string("\xFF\xFE{\0\"\0", 6)), HasSubstr("UTF-16"));
}

TEST(Refusal, OfOtherTextSaysHowATraceBegins) {
  EXPECT_THAT(refusal_of("hello\n"),
              AllOf(HasSubstr("begins with `h`"), HasSubstr(R"({"ev":"trace")")));
  EXPECT_THAT(refusal_of("\x80\x81"), HasSubstr("the byte 0x80"));
}

TEST(Refusal, OfBinaryWithoutLinesDoesNotWaitForOne) {
  reading read;
  jsonl_reader reader{read};
  EXPECT_FALSE(reader.feed(std::string(64, '\x01')));
}

TEST(Refusal, OfJsonThatIsNoHeaderSaysSo) {
  EXPECT_THAT(refusal_of(data_file("chrome-trace.json")), HasSubstr("not a header"));
  EXPECT_THAT(refusal_of(R"({"ev":"trace","format":"other","version":1})"),
              HasSubstr("not a header"));
  EXPECT_THAT(refusal_of(R"({"ev":"end","t":1})"), HasSubstr("not a header"));
  EXPECT_THAT(refusal_of("{\n  \"ev\": \"trace\"\n}"), HasSubstr("not a header"));
}

TEST(Refusal, OfAnotherVersionNamesTheVersion) {
  EXPECT_THAT(refusal_of(data_file("newer-version.jsonl")), HasSubstr("version 2"));
  EXPECT_THAT(refusal_of(R"({"ev":"trace","format":"cancelscope"})"), HasSubstr("no version"));
  EXPECT_THAT(refusal_of(R"({"ev":"trace","format":"cancelscope","version":"1"})"),
              HasSubstr("\"1\""));
  EXPECT_THAT(refusal_of(R"({"ev":"trace","format":"cancelscope","version":1.0})"),
              HasSubstr("1.0"));
  EXPECT_THAT(refusal_of(R"({"ev":"trace","format":"cancelscope","version":0})"),
              HasSubstr("is 0"));
}

TEST(Refusal, OfAnEndlessFirstLineIsBounded) {
  reading read;
  read_into(read, "{\"ev\":\"trace\"," + std::string(200, ' '), 10, 100);
  EXPECT_THAT(read.refusal, HasSubstr("longer than 100 bytes"));
}

TEST(Header, StandsEvenWhenAnOptionalFieldIsWrong) {
  reading read;
  read_into(
      read,
      R"({"ev":"trace","format":"cancelscope","version":1,"clock":"wall","seed":7,"abi":"0x1"})");
  EXPECT_THAT(read.events,
              ElementsAre(R"({"ev":"trace","format":"cancelscope","version":1,"abi":"0x1"})"));
  EXPECT_THAT(read.anomalies, ElementsAre("1 bad-field", "1 bad-field", "1 cut-off"));
}

TEST(Header, MayStandAfterBlankLinesAndAByteOrderMark) {
  reading read;
  read_into(read, "\xEF\xBB\xBF\r\n\n" + std::string(header_line) + "{\"ev\":\"end\",\"t\":0}\n");
  EXPECT_THAT(read.anomalies, IsEmpty());
  EXPECT_EQ(read.summary.lines, 4U);
}

TEST(Header, StandsOnce) {
  reading read;
  read_body(read, std::string(header_line));
  EXPECT_THAT(read.anomalies, ElementsAre("2 bad-field"));
}

// ---- Lines ----

TEST(Lines, MayEndInCarriageReturnAndBeBlank) {
  reading read;
  read_into(read, data_file("windows.jsonl"));
  EXPECT_THAT(read.anomalies, IsEmpty());
  EXPECT_EQ(read.events.size(), 4U);
}

TEST(Lines, TheLastMayLackItsNewline) {
  reading read;
  read_into(read, std::string(header_line) + R"({"ev":"end","t":0})");
  EXPECT_TRUE(read.summary.ended);
  EXPECT_THAT(read.anomalies, IsEmpty());
}

TEST(Lines, ACutInTheMiddleIsABrokenLineAndACutOffTrace) {
  reading read;
  read_into(read, data_file("cut-off.jsonl"));
  EXPECT_EQ(read.events.size(), 5U);
  EXPECT_THAT(read.anomalies, ElementsAre("6 bad-json", "6 cut-off"));
  EXPECT_THAT(read.messages[0], HasSubstr("stops in the middle"));
}

TEST(Lines, ACutBetweenLinesIsACutOffTrace) {
  reading read;
  read_into(read, std::string(header_line) + "{\"ev\":\"mark\",\"t\":1,\"label\":\"x\"}\n");
  EXPECT_THAT(read.anomalies, ElementsAre("2 cut-off"));
}

TEST(Lines, ABrokenOneCostsOnlyItself) {
  reading read;
  read_into(read, data_file("broken-line.jsonl"));
  EXPECT_THAT(read.anomalies, ElementsAre("4 bad-json"));
  EXPECT_EQ(read.events.size(), 8U);
}

TEST(Lines, AfterTheEndAreAnomaliesWhateverTheyHold) {
  reading read;
  read_into(read, data_file("after-end.jsonl") + "\n{broken\n");
  EXPECT_EQ(read.events.size(), 4U);
  EXPECT_THAT(read.anomalies,
              ElementsAre("5 bad-transition", "6 bad-transition", "8 bad-transition"));
}

TEST(Lines, LongerThanTheLimitArePassedOverAndReadingGoesOn) {
  const std::string bytes = std::string(header_line) + "{\"ev\":\"mark\",\"t\":1,\"label\":\"" +
                            std::string(100, 'x') + "\"}\n{\"ev\":\"end\",\"t\":2}\n";
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, bytes.size()}) {
    reading read;
    read_into(read, bytes, piece, 100);
    EXPECT_THAT(read.anomalies, ElementsAre("2 bad-json"));
    EXPECT_EQ(read.events.size(), 2U);
  }
}

TEST(Lines, ExactlyAtTheLimitAreRead) {
  const std::string mark =
      R"({"ev":"mark","t":1,"label":"0123456789012345678901234567890123456789"})";
  for (const std::size_t piece : {std::size_t{1}, std::size_t{1000}}) {
    reading read;
    read_into(read, std::string(header_line) + mark + "\n", piece, mark.size());
    EXPECT_EQ(read.last_event(), mark);
  }
}

// ---- JSON ----

struct bad_line {
  std::string line;
  const char* why;
};

TEST(BadJson, IsWhateverIsNotOneObjectInUtf8) {
  const bad_line lines[] = {
      {R"({"ev":"mark")", "stops in the middle"},
      {R"({"ev":"mark","t":1,"label":"x)", "stops in the middle"},
      {R"({"ev":"mark","t":1,"label":"x"} {})", "breaks at byte 33"},
      {R"({"ev":"mark","t":1,"label":"x",})", "breaks at byte 32"},
      {R"({'ev':'mark'})", "breaks at byte 2"},
      {R"({"ev":"mark","t":01,"label":"x"})", "breaks"},
      {R"({"ev":"mark","t":NaN,"label":"x"})", "breaks"},
      {R"({"ev":"mark","t":1,"label":"\x"})", "breaks"},
      {R"({"ev":"mark","t":1,"label":"\ud800"})", "breaks"},
      {"{\"ev\":\"mark\",\"t\":1,\"label\":\"\xFF\"}", "0xFF"},
      {"{\"ev\":\"mark\",\"t\":1,\"label\":\"\xC0\xAF\"}", "0xC0"},
      {"{\"ev\":\"mark\",\"t\":1,\"label\":\"a\tb\"}", "0x09"},
      {std::string("{\"ev\":\"mark\",\"t\":1\0}", 20), "0x00"},
      {"\xEF\xBB\xBF{\"ev\":\"mark\",\"t\":1,\"label\":\"x\"}", "byte order mark"},
      {R"([{"ev":"mark"}])", "another kind"},
      {"42", "another kind"},
      {R"("mark")", "another kind"},
      {"null", "another kind"},
      {R"({"ev":"mark","t":1,"label":"x","big":1e999})", "too large"},
      {"// a comment", "breaks at byte 1"},
  };
  for (const auto& [line, why] : lines) {
    reading read;
    read_body(read, line);
    EXPECT_THAT(read.anomalies, ElementsAre("2 bad-json")) << line;
    EXPECT_THAT(read.last_message(), HasSubstr(why)) << line;
  }
}

TEST(Json, MayBeNestedAHundredThousandDeep) {
  const std::string brackets = std::string(100000, '[') + std::string(100000, ']');
  reading read;
  read_body(read, R"({"ev":"mark","t":1,"label":"x","deep":)" + brackets + "}");
  EXPECT_THAT(read.anomalies, IsEmpty());
  ASSERT_EQ(read.events.size(), 3U);
  EXPECT_EQ(read.events[1], R"({"ev":"mark","t":1,"label":"x","deep":)" + brackets + "}");
}

TEST(Json, NestedAndNeverClosedIsABrokenLine) {
  reading read;
  read_body(read, R"({"deep":)" + std::string(100000, '['));
  EXPECT_THAT(read.anomalies, ElementsAre("2 bad-json"));
}

TEST(Json, EscapesOfEveryKindAreRead) {
  reading read;
  read_body(read, R"({"ev":"mark","t":1,"label":"\u00e9\ud83d\ude00\/\"\\\b\f\n\r\t\u0000"})");
  ASSERT_EQ(read.events.size(), 3U);
  EXPECT_EQ(read.events[1], R"({"ev":"mark","t":1,"label":"é😀/\"\\\b\f\n\r\t\u0000"})");
}

// ---- Fields ----

TEST(BadField, NamesTheFieldWhatWasFoundAndWhatWasExpected) {
  const bad_line lines[] = {
      {R"({"t":1})", "no `ev`"},
      {R"({"ev":7,"t":1})", "`ev` is 7"},
      {R"({"ev":"mark","label":"x"})", "`mark` needs `t`"},
      {R"({"ev":"mark","t":null,"label":"x"})", "`t` of `mark` is null"},
      {R"({"ev":"mark","t":1.0,"label":"x"})", "`t` of `mark` is 1.0; expected an integer"},
      {R"({"ev":"mark","t":1e3,"label":"x"})", "is 1e3"},
      {R"({"ev":"mark","t":-1,"label":"x"})", "is -1"},
      {R"({"ev":"mark","t":-0,"label":"x"})", "is -0"},
      {R"({"ev":"mark","t":"1","label":"x"})", "is \"1\""},
      {R"({"ev":"mark","t":18446744073709551616,"label":"x"})", "is 18446744073709551616"},
      {R"({"ev":"mark","t":true,"label":"x"})", "is true"},
      {R"({"ev":"mark","t":[1],"label":"x"})", "is an array"},
      {R"({"ev":"mark","t":1})", "`mark` needs `label`"},
      {R"({"ev":"mark","t":1,"label":null})", "`label` of `mark` is null; expected a string"},
      {R"({"ev":"mark","t":1,"label":{}})", "is an object"},
      {R"({"ev":"mark","t":1,"label":"x","th":-2})", "`th` of `mark`"},
      {R"({"ev":"mark","t":1,"label":"x","src":3})", "`src` of `mark`"},
      {R"({"ev":"mark","t":1,"t":2,"label":"x"})", "`t` stands twice"},
      {R"({"ev":"mark","ev":"mark","t":1,"label":"x"})", "`ev` stands twice"},
      {R"({"ev":"mark","t":1,"label":"x","label":null})", "`label` stands twice"},
      {R"({"ev":"task_run","t":1,"task":"r0.1","dur":1})", "expected a task's id"},
      {R"({"ev":"task_run","t":1,"task":"t0.0","dur":1})", "is \"t0.0\""},
      {R"({"ev":"task_run","t":1,"task":3,"dur":1})", "is 3"},
      {R"({"ev":"region_open","t":1,"region":"r1.1"})", "`region_open` needs `parent`"},
      {R"({"ev":"region_open","t":1,"region":"r1.1","parent":"t0.1"})",
       "a region's id such as \"r3.1\", or null"},
      {R"({"ev":"region_state","t":1,"region":"r1.1","state":"open"})",
       "\"closing\", \"draining\""},
      {R"({"ev":"region_state","t":1,"region":"r1.1","state":"asleep"})", "is \"asleep\""},
      {R"({"ev":"task_end","t":1,"task":"t1.1","outcome":"fine"})",
       "expected one of \"ok\", \"err\""},
      {R"({"ev":"task_wait","t":1,"task":"t1.1","on":"luck"})", "`on` of `task_wait`"},
      {R"({"ev":"task_wait","t":1,"task":"t1.1","on":"join","what":7})", "`what` of `task_wait`"},
      {R"({"ev":"cancel","t":1,"cancel":"1","kind":"user","target":"t1.1"})", "a cancel's id"},
      {R"({"ev":"cancel","t":1,"cancel":"c1","kind":9,"target":"t1.1"})",
       "`kind` of `cancel` is 9"},
      {R"({"ev":"cancel","t":1,"cancel":"c1","kind":"user","target":"o1.1"})",
       "a region or a task"},
      {R"({"ev":"cancel","t":1,"cancel":"c1","kind":"user","target":"t1.1","truncated":1})",
       "expected true or false"},
      {R"({"ev":"cancel","t":1,"cancel":"c1","kind":"user","target":"t1.1","effect":"odd"})",
       "`effect` of `cancel`"},
      {R"({"ev":"cancel_phase","t":1,"target":"t1.1","cancel":"c1","phase":"requested"})",
       "`phase` of `cancel_phase`"},
      {R"({"ev":"task_join","t":1,"task":"t1.1","by":"o1.1"})", "`by` of `task_join`"},
      {R"({"ev":"finalizer","t":1})", "needs `region` or `task`"},
      {R"({"ev":"dropped","t":1,"count":-3})", "`count` of `dropped`"},
      {R"({"ev":"task_spawn","t":1,"task":"t1.1","region":"r1.1","budget":5})",
       "expected an object"},
      {R"({"ev":"task_spawn","t":1,"task":"t1.1","region":"r1.1","budget":{"priority":256}})",
       "`budget.priority`"},
      {R"({"ev":"task_spawn","t":1,"task":"t1.1","region":"r1.1","budget":{"polls":1,"polls":2}})",
       "`budget.polls` stands twice"},
      {R"({"ev":"heap"})", "`heap` needs `t`"},
  };
  for (const auto& [line, why] : lines) {
    reading read;
    read_body(read, line);
    EXPECT_THAT(read.anomalies, ElementsAre("2 bad-field")) << line;
    EXPECT_THAT(read.last_message(), HasSubstr(why)) << line;
  }
}

TEST(BadField, QuotesTheBeginningOfALongValueAndNoHalfCharacter) {
  reading read;
  std::string value(59, 'x');
  value += "é and so on";
  read_body(read, R"({"ev":"task_run","t":1,"task":")" + value + R"(","dur":1})");
  EXPECT_THAT(read.last_message(), HasSubstr("is \"" + std::string(59, 'x') + "\"…;"));
}

TEST(Fields, ThatAreNullAreAbsent) {
  reading read;
  read_body(
      read,
      R"({"ev":"cancel","t":1,"cancel":"c1","kind":"user","target":"t1.1","cause":null,"origin_region":null,"origin_task":null,"message":null,"truncated":null,"effect":null,"deadline":null,"th":null,"src":null})");
  EXPECT_THAT(read.anomalies, IsEmpty());
  EXPECT_EQ(read.events[1], R"({"ev":"cancel","t":1,"cancel":"c1","kind":"user","target":"t1.1"})");
}

TEST(Fields, OfABudgetThatAreNullAreUnlimited) {
  reading read;
  read_body(
      read,
      R"({"ev":"region_open","t":1,"region":"r1.1","parent":null,"budget":{"deadline":null,"polls":null,"cost":3,"priority":null}})");
  EXPECT_THAT(read.anomalies, IsEmpty());
  EXPECT_EQ(read.events[1],
            R"({"ev":"region_open","t":1,"region":"r1.1","parent":null,"budget":{"cost":3}})");
}

TEST(Fields, MayStandInAnyOrder) {
  reading read;
  read_body(read, R"({ "dur" : 5 , "task" : "t1.1" , "t" : 9 , "ev" : "task_run" })");
  EXPECT_EQ(read.events[1], R"({"ev":"task_run","t":9,"task":"t1.1","dur":5})");
}

TEST(Fields, AndEventsThatNobodyKnowsAreKept) {
  reading read;
  read_into(read, data_file("unknown.jsonl"));
  EXPECT_THAT(read.anomalies, IsEmpty());
  EXPECT_THAT(
      read.events,
      ::testing::IsSupersetOf(
          {R"({"ev":"trace","format":"cancelscope","version":1,"hostname":"db-3","producer":{"name":"nightly","commit":"1f2e3d"}})",
           R"({"ev":"heap","t":30,"bytes":52428800,"by_type":{"row":0.75,"index":0.25}})",
           R"({"ev":"gc","t":60,"pause":1.5e3,"note":null})",
           R"({"ev":"task_spawn","t":20,"task":"t0.1","region":"r0.1","name":"import","budget":{"deadline":900,"memory":1048576}})",
           R"({"ev":"cancel","t":50,"cancel":"c1","kind":"memory_pressure","target":"r0.1","origin_region":"r0.1","message":"above 50 MiB","watermark":0.9})",
           R"({"ev":"end","t":110,"checksum":"none"})"}));
}

TEST(Fields, ThatNobodyKnowsMayStandTwice) {
  reading read;
  read_body(read, R"({"ev":"heap","t":1,"x":1,"x":"two"})");
  EXPECT_EQ(read.events[1], R"({"ev":"heap","t":1,"x":1,"x":"two"})");
}

TEST(Fields, OfUnknownKindOfCancelKeepItsName) {
  struct kinds final : trace_handler {
    std::vector<std::pair<cancel_kind, std::string>> seen;
    void on_event(const event& e, std::uint64_t) override {
      if (const auto* cancel = std::get_if<cancel_request>(&e.body))
        seen.emplace_back(cancel->kind, kind_name(*cancel));
    }
    void on_anomaly(const anomaly&) override {}
  } read;
  jsonl_reader reader{read};
  reader.feed(header_line);
  for (const text kind : {"race_lost", "quota", "other"})
    reader.feed(R"({"ev":"cancel","t":1,"cancel":"c1","target":"t1.1","kind":")" +
                std::string(kind) + "\"}\n");
  ASSERT_TRUE(reader.finish());
  EXPECT_THAT(read.seen, ElementsAre(std::pair{cancel_kind::race_lost, "race_lost"},
                                     std::pair{cancel_kind::other, "quota"},
                                     std::pair{cancel_kind::other, "other"}));
}

// ---- Pieces ----

TEST(Pieces, OfAnySizeGiveTheSameReading) {
  for (const char* name : {"anomalies.jsonl", "asyncio.jsonl", "after-end.jsonl",
                           "broken-line.jsonl", "cut-off.jsonl", "every-event.jsonl", "picture.png",
                           "unknown.jsonl", "windows.jsonl", "chrome-trace.json"}) {
    const std::string bytes = data_file(name);
    reading whole;
    read_into(whole, bytes);
    for (const std::size_t piece : {1, 2, 3, 7, 64, 1000}) {
      reading read;
      read_into(read, bytes, piece);
      EXPECT_EQ(read.events, whole.events) << name << " in pieces of " << piece;
      EXPECT_EQ(read.anomalies, whole.anomalies) << name;
      EXPECT_EQ(read.messages, whole.messages) << name;
      EXPECT_EQ(read.refusal, whole.refusal) << name;
    }
  }
}

TEST(Specification, ItsWorkedExampleIsATraceWithoutAnomalies) {
  const std::string page = slurp(std::string(CANCELSCOPE_SOURCE_DIR) + "/trace-format/SPEC.md");
  const std::string fence = "```json\n";
  const std::size_t begin = page.find(fence) + fence.size();
  reading read;
  read_into(read, page.substr(begin, page.find("```", begin) - begin));
  EXPECT_THAT(read.refusal, IsEmpty());
  EXPECT_THAT(read.anomalies, IsEmpty());
  EXPECT_EQ(read.events.size(), 12U);
}

TEST(Summary, CountsLinesEventsAndAnomalies) {
  reading read;
  read_into(read, data_file("anomalies.jsonl"));
  EXPECT_EQ(read.summary.lines, 20U);
  EXPECT_EQ(read.summary.events, 18U);
  EXPECT_EQ(read.summary.anomalies, 3U);
  EXPECT_FALSE(read.summary.ended);
  EXPECT_THAT(read.anomalies, ElementsAre("4 bad-json", "5 bad-field", "20 cut-off"));
}

} // namespace
} // namespace cancelscope::trace::testing
