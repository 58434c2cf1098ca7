#include "tests/trace-format/support.hpp"
#include "trace-format/recorder.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <cstdio>
#include <map>
#include <mutex>
#include <thread>

#ifndef __EMSCRIPTEN__
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#endif

namespace cancelscope::trace::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr recorder_options by_hand{.background = false};

std::unique_ptr<recorder> recorder_into(std::string& bytes, recorder_options options = by_hand) {
  return std::make_unique<recorder>(std::make_unique<string_output>(bytes),
                                    std::make_unique<jsonl_writer>(), options);
}

event mark_at(std::uint64_t t, text label) {
  return {.t = t, .body = mark{.label = label}};
}

std::uint64_t number_after(const std::string& line, const std::string& key) {
  const std::size_t at = line.find("\"" + key + "\":");
  return at == std::string::npos ? 0 : std::stoull(line.substr(at + key.size() + 3));
}

TEST(Recorder, WritesWhatItWasGivenAndAnEnd) {
  std::string bytes;
  const auto trace = recorder_into(bytes);
  trace->write({.body = header{.clock = clock_kind::virtual_time,
                               .producer = producer_info{.name = "test"}}});
  trace->write({.t = 5, .body = region_open{.region = {0, 1}, .name = "root"}});
  EXPECT_EQ(trace->close(), std::nullopt);
  reading read;
  read_into(read, bytes);
  EXPECT_THAT(
      read.events,
      ElementsAre(
          R"({"ev":"trace","format":"cancelscope","version":1,"clock":"virtual","producer":{"name":"test"}})",
          R"({"ev":"region_open","t":5,"region":"r0.1","parent":null,"name":"root"})",
          R"({"ev":"end","t":5})"));
  EXPECT_THAT(read.anomalies, IsEmpty());
}

TEST(Recorder, KeepsEveryPartOfAnEvent) {
  std::string bytes;
  const auto trace = recorder_into(bytes);
  const extra_field extras[] = {{"alpha", "[1,2]"}, {"beta", "\"x\""}};
  trace->write({.t = 7,
                .th = 3,
                .src = "a.cpp:9",
                .body = cancel_request{.cancel = {1},
                                       .kind = cancel_kind::other,
                                       .kind_name = "quota",
                                       .target = task_id{4, 2},
                                       .message = "too much"},
                .extra = extras});
  trace->write({.t = 8, .body = unknown_event{.ev = "heap"}, .extra = extras});
  trace->flush();
  reading read;
  read_into(read, bytes);
  ASSERT_EQ(read.events.size(), 3U);
  EXPECT_EQ(
      read.events[1],
      R"({"ev":"cancel","t":7,"cancel":"c1","kind":"quota","target":"t4.2","message":"too much","th":3,"src":"a.cpp:9","alpha":[1,2],"beta":"x"})");
  EXPECT_EQ(read.events[2], R"({"ev":"heap","t":8,"alpha":[1,2],"beta":"x"})");
}

TEST(Recorder, WritesTheBinaryEncodingIntoAFileOfThatExtension) {
  const std::string path = ::testing::TempDir() + "/recorded.cst";
  auto trace = recorder::create(path, by_hand);
  ASSERT_TRUE(trace);
  (*trace)->write(mark_at(3, "a"));
  (*trace)->flush();
  reading cut;
  read_binary_into(cut, slurp(path)); // what was flushed is there, whatever comes later
  EXPECT_EQ(cut.last_event(), R"({"ev":"mark","t":3,"label":"a"})");
  EXPECT_EQ((*trace)->close(), std::nullopt);
  reading read;
  read_binary_into(read, slurp(path));
  EXPECT_EQ(read.last_event(), R"({"ev":"end","t":3})");
  EXPECT_THAT(read.anomalies, IsEmpty());
  std::remove(path.c_str());
}

TEST(Recorder, CopiesTextBeforeWriteReturns) {
  std::string bytes;
  const auto trace = recorder_into(bytes);
  std::string label = "first";
  trace->write(mark_at(1, label));
  label = "other";
  trace->close();
  EXPECT_THAT(bytes, HasSubstr("first"));
}

TEST(Recorder, WithoutAHeaderWritesAPlainOne) {
  std::string bytes;
  const auto trace = recorder_into(bytes);
  trace->write(mark_at(1, "a"));
  trace->close();
  EXPECT_TRUE(bytes.starts_with(header_line)) << bytes;
}

TEST(Recorder, AnEmptyRecordingIsATrace) {
  std::string bytes;
  recorder_into(bytes)->close();
  reading read;
  read_into(read, bytes);
  EXPECT_TRUE(read.summary.ended) << bytes;
}

TEST(Recorder, TheFirstHeaderStands) {
  std::string bytes;
  const auto trace = recorder_into(bytes);
  trace->write({.body = header{.seed = "0x1"}});
  trace->write({.body = header{.seed = "0x2"}});
  trace->close();
  EXPECT_THAT(bytes, HasSubstr("0x1"));
  EXPECT_EQ(bytes.find("0x2"), std::string::npos);
}

TEST(Recorder, AnEndThatWasWrittenStandsLastAndOnce) {
  std::string bytes;
  const auto trace = recorder_into(bytes);
  trace->write({.t = 9, .body = end_of_trace{}});
  trace->write(mark_at(4, "after all"));
  trace->close();
  reading read;
  read_into(read, bytes);
  EXPECT_THAT(read.anomalies, IsEmpty());
  EXPECT_EQ(read.last_event(), R"({"ev":"end","t":9})");
}

TEST(Recorder, TheDestructorCloses) {
  std::string bytes;
  recorder_into(bytes)->write(mark_at(1, "a"));
  EXPECT_TRUE(bytes.ends_with("{\"ev\":\"end\",\"t\":1}\n")) << bytes;
}

TEST(Recorder, IgnoresWhatComesAfterClose) {
  std::string bytes;
  const auto trace = recorder_into(bytes);
  trace->close();
  const std::string closed = bytes;
  trace->write(mark_at(1, "late"));
  trace->write({.body = header{}});
  trace->flush();
  EXPECT_EQ(trace->close(), std::nullopt);
  EXPECT_EQ(bytes, closed);
}

TEST(Recorder, AFullBufferCostsEventsAndSaysSoAtTheirPlace) {
  std::string bytes;
  // Nobody collects: the background thread sleeps for an hour, and one wake-up is all that a filling buffer gives it.
  class stuck_output final : public byte_output {
  public:
    stuck_output(std::string& out, std::mutex& gate) : out_(out), gate_(gate) {}
    std::optional<failure> write(std::string_view written) override {
      const std::lock_guard lock{gate_};
      out_.append(written);
      return std::nullopt;
    }

  private:
    std::string& out_;
    std::mutex& gate_;
  };
  if (!threads_available) GTEST_SKIP() << "without threads a full buffer is written at once";
  std::mutex gate;
  std::unique_lock closed_gate{gate};
  recorder trace{std::make_unique<stuck_output>(bytes, gate),
                 std::make_unique<jsonl_writer>(),
                 {.buffer_bytes = 4096, .interval = std::chrono::milliseconds{1}}};
  std::thread header_writer{
      [&] { trace.write({.body = header{}}); }}; // holds the writer up at the gate
  std::uint64_t written = 0;
  while (trace.dropped() == 0)
    trace.write(mark_at(++written, "x"));
  trace.write(mark_at(++written, "x"));
  closed_gate.unlock();
  header_writer.join();
  trace.flush();
  trace.write(mark_at(++written, "after"));
  EXPECT_EQ(trace.close(), std::nullopt);

  reading read;
  read_into(read, bytes);
  EXPECT_THAT(read.anomalies, IsEmpty());
  std::uint64_t marks = 0;
  std::uint64_t dropped = 0;
  for (const std::string& line : read.events) {
    if (line.starts_with(R"({"ev":"mark")")) {
      // Every mark has its number as its time: what is missing before it was said to be missing before it.
      EXPECT_EQ(number_after(line, "t"), ++marks + dropped) << line;
    }
    if (line.starts_with(R"({"ev":"dropped")")) dropped += number_after(line, "count");
  }
  EXPECT_GE(dropped, 1U);
  EXPECT_EQ(marks + dropped, written);
  EXPECT_EQ(dropped, trace.dropped());
}

TEST(Recorder, AnEventTooLargeForTheBufferIsDroppedAndCounted) {
  std::string bytes;
  const auto trace = recorder_into(bytes, {.buffer_bytes = 1024, .background = false});
  trace->write(mark_at(1, std::string(5000, 'x')));
  trace->write(mark_at(2, "small"));
  trace->close();
  reading read;
  read_into(read, bytes);
  EXPECT_EQ(trace->dropped(), 1U);
  ASSERT_EQ(read.events.size(), 4U);
  EXPECT_EQ(read.events[1], R"({"ev":"dropped","t":0,"count":1})");
}

TEST(Recorder, WithoutThreadsNothingIsLostHoweverSmallTheBuffer) {
  std::string bytes;
  const auto trace = recorder_into(bytes, {.buffer_bytes = 1024, .background = false});
  for (std::uint64_t t = 1; t <= 3000; ++t)
    trace->write(mark_at(t, "x"));
  trace->close();
  reading read;
  read_into(read, bytes);
  EXPECT_EQ(trace->dropped(), 0U);
  EXPECT_EQ(read.events.size(), 3002U);
}

TEST(Recorder, AFileThatCannotBeCreatedIsAFailureThatNamesIt) {
  const auto trace = recorder::create("/nonexistent/run.jsonl");
  ASSERT_FALSE(trace);
  EXPECT_THAT(trace.error().message, HasSubstr("/nonexistent/run.jsonl"));
}

#ifndef __EMSCRIPTEN__

TEST(Recorder, AFullDiskIsAFailureTheCallerCanAskFor) {
  auto trace = recorder::create("/dev/full");
  ASSERT_TRUE(trace);
  (*trace)->write(mark_at(1, "a"));
  (*trace)->flush();
  ASSERT_TRUE((*trace)->error());
  EXPECT_THAT((*trace)->error()->message, HasSubstr("No space left"));
  (*trace)->write(mark_at(2, "b"));
  EXPECT_TRUE((*trace)->close());
}

TEST(Recorder, EventsOfManyThreadsComeOutInOneOrderAndNoneIsLost) {
  constexpr std::uint64_t threads = 4;
  constexpr std::uint64_t each = 5000;
  std::string bytes;
  std::atomic<std::uint64_t> clock = 0;
  {
    const auto trace = recorder_into(bytes, {.interval = std::chrono::milliseconds{2}});
    trace->write({.body = header{}});
    std::vector<std::thread> running;
    for (std::uint64_t number = 0; number < threads; ++number) {
      running.emplace_back([&, number] {
        for (std::uint64_t i = 0; i < each; ++i)
          trace->write(
              {.t = ++clock, .th = number, .body = task_run{.task = {number, 1}, .dur = i}});
      });
    }
    for (std::thread& thread : running)
      thread.join();
    EXPECT_EQ(trace->close(), std::nullopt);
    EXPECT_EQ(trace->dropped(), 0U);
  }
  reading read;
  read_into(read, bytes);
  EXPECT_THAT(read.anomalies, IsEmpty());
  ASSERT_EQ(read.events.size(), threads * each + 2);
  std::map<std::uint64_t, std::uint64_t> next;
  std::uint64_t last_t = 0;
  for (std::size_t i = 1; i + 1 < read.events.size(); ++i) {
    const std::string& line = read.events[i];
    EXPECT_GE(number_after(line, "t"), last_t) << line;
    last_t = number_after(line, "t");
    EXPECT_EQ(number_after(line, "dur"), next[number_after(line, "th")]++) << line;
  }
}

TEST(Recorder, EventsOfThreadsThatAreGoneAreKept) {
  std::string bytes;
  const auto trace = recorder_into(bytes, {.interval = std::chrono::milliseconds{1}});
  for (std::uint64_t t = 1; t <= 50; ++t)
    std::thread{[&] { trace->write(mark_at(t, "from a short life")); }}.join();
  trace->close();
  reading read;
  read_into(read, bytes);
  EXPECT_EQ(read.events.size(), 52U);
}

TEST(Recorder, AThreadMayWriteWhileItsThreadLocalsDie) {
  std::string bytes;
  const auto trace = recorder_into(bytes);
  struct last_words {
    recorder* trace = nullptr;
    ~last_words() { trace->write(mark_at(9, "last words")); }
  };
  std::thread{[&] {
    thread_local last_words words;
    words.trace = trace.get();
    trace->write(mark_at(1, "first words"));
  }}.join();
  trace->close();
  EXPECT_THAT(bytes, HasSubstr("last words"));
}

TEST(Recorder, OneThreadMayWriteToSeveralRecorders) {
  std::string first_bytes;
  std::string second_bytes;
  const auto first = recorder_into(first_bytes);
  const auto second = recorder_into(second_bytes);
  for (std::uint64_t t = 1; t <= 3; ++t) {
    first->write(mark_at(t, "one"));
    second->write(mark_at(t, "two"));
  }
  first->close();
  second->close();
  EXPECT_EQ(first_bytes.find("two"), std::string::npos);
  EXPECT_EQ(second_bytes.find("one"), std::string::npos);
}

/// Runs `program` in a child until the file at `path` holds `text`, then kills the child on the spot.
template <class Program>
void run_until_written_then_kill(const std::string& path, const std::string& text,
                                 Program program) {
  const pid_t child = fork();
  ASSERT_NE(child, -1);
  if (child == 0) {
    program();
    pause();
    _exit(0);
  }
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{60};
  while (std::chrono::steady_clock::now() < deadline) {
    std::ifstream file(path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    if (bytes.find(text) != std::string::npos) break;
    std::this_thread::yield();
  }
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
}

TEST(Recorder, AKilledProgramLeavesWhatIsOlderThanTheIntervalAndATraceThatSaysItWasCutOff) {
  const std::string path = ::testing::TempDir() + "/killed-" + std::to_string(getpid()) + ".jsonl";
  run_until_written_then_kill(path, "\"t\":1000,", [&path] {
    // Never flushed, never closed.
    static auto trace = recorder::create(path, {.interval = std::chrono::milliseconds{2}});
    (*trace)->write({.body = header{}});
    for (std::uint64_t t = 1; t <= 1000; ++t)
      (*trace)->write(mark_at(t, "before the end"));
  });
  reading read;
  read_into(read, slurp(path));
  std::remove(path.c_str());
  EXPECT_EQ(read.events.size(), 1001U);
  EXPECT_THAT(read.anomalies, ElementsAre("1001 cut-off"));
}

#endif

} // namespace
} // namespace cancelscope::trace::testing
