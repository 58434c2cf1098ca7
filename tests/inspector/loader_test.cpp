// Loading: in pieces of any size, looked at meanwhile, given up, refused.
#include "inspector/text/describe.hpp"
#include "tests/inspector/support.hpp"
#include "trace-format/jsonl_reader.hpp"
#include "trace-format/jsonl_writer.hpp"

#include <gmock/gmock.h>

namespace cancelscope::inspector::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// Every line of a trace as the format's own writer puts it, without passing through the store.
class rewritten final : public trace::trace_handler {
public:
  void on_event(const trace::event& e, std::uint64_t) override {
    if (std::holds_alternative<trace::header>(e.body)) return;
    std::string line;
    trace::jsonl_writer{}.append(e, line);
    line.pop_back();
    lines.push_back(line);
  }
  void on_anomaly(const trace::anomaly&) override {}

  std::vector<std::string> lines;
};

std::vector<std::string> lines_of(const trace_store& trace) {
  std::vector<std::string> lines;
  for (std::uint32_t i = 0; i < trace.event_count(); ++i)
    lines.push_back(json_line(trace, event_index{i}));
  return lines;
}

class a_trace_in_the_store : public ::testing::TestWithParam<const char*> {};

TEST_P(a_trace_in_the_store, gives_every_event_back_as_it_was_written) {
  const std::string text = read_file(data_path(GetParam()));
  rewritten expected;
  trace::jsonl_reader reader{expected};
  reader.feed(text);
  ASSERT_TRUE(reader.finish());
  EXPECT_EQ(lines_of(load_text(text)), expected.lines);
}

INSTANTIATE_TEST_SUITE_P(
    whole, a_trace_in_the_store,
    ::testing::Values("every-event.jsonl", "unknown.jsonl", "asyncio.jsonl", "go-context.jsonl",
                      "strengthening.jsonl", "windows.jsonl"),
    [](const auto& wanted) {
      std::string name = wanted.param;
      std::replace_if(name.begin(), name.end(), [](char c) { return c == '-' || c == '.'; }, '_');
      return name;
    });

TEST(a_loader, gives_the_same_trace_however_the_bytes_are_cut) {
  const std::string text = read_file(data_path("anomalies.jsonl"));
  const auto whole = load_text(text);
  for (const std::size_t size : {1U, 7U, 64U}) {
    loader reading("test.jsonl");
    for (std::size_t at = 0; at < text.size(); at += size)
      ASSERT_TRUE(reading.feed(std::string_view(text).substr(at, size)));
    const auto loaded = reading.finish();
    ASSERT_TRUE(loaded);
    EXPECT_EQ(lines_of(*loaded), lines_of(whole));
    EXPECT_EQ(anomalies_of(*loaded), anomalies_of(whole));
  }
}

TEST(a_loader, shows_what_has_arrived) {
  loader reading("live.jsonl");
  ASSERT_TRUE(
      reading.feed(text_of({R"({"ev":"region_open","t":0,"region":"r0.1","parent":null})"})));
  EXPECT_EQ(reading.so_far().event_count(), 1U);
  EXPECT_EQ(reading.so_far().regions().size(), 1U);
  ASSERT_TRUE(reading.feed(R"({"ev":"task_spawn","t":5,"task":"t0.1","region":"r0.1"})"));
  EXPECT_EQ(reading.so_far().event_count(), 1U) << "the line is not over yet";
  ASSERT_TRUE(reading.feed("\n"));
  EXPECT_EQ(reading.so_far().tasks_of(region_index{0}).size(), 1U);
  EXPECT_EQ(reading.progress().events, 2U);
  EXPECT_FALSE(reading.so_far().ended_in_order());
}

TEST(a_loader, keeps_what_the_header_says) {
  loader reading("x");
  ASSERT_TRUE(reading.feed(
      R"({"ev":"trace","format":"cancelscope","version":1,"clock":"virtual","producer":{"name":"checkout"},"seed":"0x2a"})"
      "\n"));
  const auto loaded = reading.finish();
  ASSERT_TRUE(loaded);
  ASSERT_TRUE(loaded->header());
  EXPECT_EQ(loaded->header()->producer->name, "checkout");
  EXPECT_EQ(loaded->header()->seed, "0x2a");
  EXPECT_EQ(loaded->event_count(), 0U);
  EXPECT_EQ(loaded->last_time(), 0U);
}

TEST(a_loader, refuses_with_a_sentence_that_names_the_file_and_stays_with_it) {
  loader reading("shot.png");
  const auto refused = reading.feed("\x89PNG\r\n\x1a\n and more that is no trace at all");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "shot.png is not a Cancelscope trace: it is a PNG picture.");
  const auto again = reading.feed(text_of({}));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().message, refused.error().message);
  EXPECT_FALSE(reading.finish());
}

TEST(loading, can_be_given_up) {
  const std::string text = text_of({R"({"ev":"end","t":1})"});
  const auto bytes = memory_source("big.jsonl", text);
  const auto loaded = load(*bytes, [](const load_progress& p) {
    EXPECT_EQ(p.total_bytes, p.bytes);
    return false;
  });
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().message, "big.jsonl was not loaded: cancelled.");
}

TEST(loading, says_what_is_wrong_with_a_file) {
  const auto why = [](const std::string& path) {
    const auto loaded = load_file(path);
    return loaded ? std::string("loaded") : loaded.error().message;
  };
  EXPECT_EQ(why("no/such/trace.jsonl"), "no/such/trace.jsonl does not exist.");
  EXPECT_EQ(why("tests/data"), "tests/data is a directory, not a trace file.");
  EXPECT_EQ(why("tests/data/empty.jsonl"),
            "tests/data/empty.jsonl is not a Cancelscope trace: it is empty.");
  EXPECT_EQ(why("tests/data/picture.png"),
            "tests/data/picture.png is not a Cancelscope trace: it is a PNG picture.");
  EXPECT_THAT(why("tests/data/chrome-trace.json"),
              HasSubstr("tests/data/chrome-trace.json is not a Cancelscope trace: "));
  EXPECT_THAT(why("tests/data/newer-version.jsonl"),
              HasSubstr("newer-version.jsonl: this trace is of version 2"));
}

TEST(a_store, knows_the_line_of_every_event) {
  const auto trace = load_text(read_file(data_path("windows.jsonl")));
  std::vector<std::uint64_t> lines;
  for (std::uint32_t i = 0; i < trace.event_count(); ++i)
    lines.push_back(trace.line_of(event_index{i}));
  EXPECT_THAT(lines, ElementsAre(3, 5, 6));
}

TEST(a_store, lists_every_event_that_names_an_entity) {
  const auto trace = load_text(read_file(data_path("go-context.jsonl")));
  std::vector<std::uint64_t> lines;
  for (const event_index e : trace.events_of(trace.find("t3.1")))
    lines.push_back(trace.line_of(e));
  // Spawned; opened r3.1 and spawned t4.1; waits; cancelled; joined t4.1; drains, ends, is joined.
  EXPECT_THAT(lines, ElementsAre(6, 7, 8, 11, 17, 26, 28, 29, 32));
}

TEST(a_store, finds_by_id_and_by_name) {
  const auto trace = load_text(read_file(data_path("every-event.jsonl")));
  EXPECT_EQ(trace.name_of(trace.find("t1.2")), "report");
  EXPECT_FALSE(trace.find("t1.3"));
  EXPECT_FALSE(trace.find("report"));
  EXPECT_THAT(trace.find_named("report"), ElementsAre(trace.find("t1.2")));
  EXPECT_THAT(trace.find_named("stock of item 12"), ElementsAre(trace.find("o0.1")));
  EXPECT_TRUE(trace.find_named("nobody").empty());
  EXPECT_EQ(trace.limits_of(trace.find("r1.1"))->priority, 9);
}

} // namespace
} // namespace cancelscope::inspector::testing
