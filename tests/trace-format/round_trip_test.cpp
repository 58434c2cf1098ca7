// What was written is what is read: over the traces written by hand, and over random events.
#include "tests/trace-format/event_maker.hpp"
#include "tests/trace-format/support.hpp"
#include "trace-format/canonical_line.hpp"
#include "trace-format/line_decoder.hpp"
#include "trace-format/recorder.hpp"
#include "trace-format/recording/record.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <random>

namespace cancelscope::trace::testing {
namespace {

using ::testing::IsEmpty;

TEST(RoundTrip, OfRandomEventsLosesNothing) {
  event_maker maker{20260101};
  for (int i = 0; i < 3000; ++i) {
    std::string line;
    jsonl_writer{}.append(maker.make(), line);
    reading read;
    read_into(read, std::string(header_line) + line);
    ASSERT_EQ(read.events.size(), 2U) << line << read.last_message();
    ASSERT_EQ(read.events[1] + "\n", line);
  }
}

/// What a decoder makes of a line: the event written again, or its faults.
std::string decoded(line_decoder& decoder, std::string_view line) {
  std::string said;
  if (const event* e = decoder.decode(line)) jsonl_writer{}.append(*e, said);
  for (const line_fault& fault : decoder.faults())
    said += std::string(to_string(fault.code)) + " " + fault.message;
  return said;
}

TEST(ALine, GivesTheSameEventWhicheverWayItIsRead) {
  event_maker maker{4711};
  std::mt19937_64 random{4711};
  line_decoder usual;
  line_decoder slow = line_decoder::without_shortcut();
  std::size_t canonical = 0;
  for (int i = 0; i < 5000; ++i) {
    std::string line;
    jsonl_writer{}.append(maker.make(), line);
    line.pop_back();
    event e;
    canonical += read_canonical_line(line, e) ? 1 : 0;
    ASSERT_EQ(decoded(usual, line), decoded(slow, line)) << line;
    // The same with a byte changed, taken out, or put in.
    constexpr std::string_view bytes = "\"{}:,.01tcro\\ \xC3\x80";
    const std::size_t at = random() % line.size();
    const char byte = bytes[random() % bytes.size()];
    for (const std::string& changed :
         {line.substr(0, at) + byte + line.substr(at + 1), line.substr(0, at) + line.substr(at + 1),
          line.substr(0, at) + byte + line.substr(at)})
      ASSERT_EQ(decoded(usual, changed), decoded(slow, changed)) << changed;
  }
  EXPECT_GT(canonical, 500U); // many have escapes, or fields that nobody knows
}

TEST(ALine, AsOurWriterWritesItIsReadTheQuickWay) {
  const std::string text = data_file("every-event.jsonl");
  std::size_t canonical = 0;
  std::size_t lines = 0;
  for (std::size_t at = 0; at < text.size(); ++lines) {
    const std::size_t end = text.find('\n', at);
    const std::string line = text.substr(at, end - at); // the event borrows from it
    std::string again;
    line_decoder decoder;
    if (const event* e = decoder.decode(line)) {
      jsonl_writer{}.append(*e, again);
      again.pop_back();
    }
    event e;
    canonical += read_canonical_line(again, e) ? 1 : 0;
    at = end + 1;
  }
  EXPECT_GE(canonical, lines - 5); // the header, and what has fields that nobody knows
}

TEST(RoundTrip, OfARecordFitsIntoTheRoomThatWasReserved) {
  event_maker maker{31};
  std::vector<extra_field> extras;
  for (int i = 0; i < 3000; ++i) {
    const event e = maker.make();
    std::visit(
        [&](const auto& body) {
          std::vector<std::byte> record(record_bound(e, body));
          const std::uint64_t lost = i % 2 == 0 ? 0 : 5;
          const std::size_t size =
              put_record(record.data(), e, body, lost); // beyond the room: AddressSanitizer
          ASSERT_LE(size, record.size()) << body.ev;
          EXPECT_EQ(lost_of(record.data()), lost);
          std::string before;
          std::string after;
          jsonl_writer{}.append(e, before);
          jsonl_writer{}.append(event_of(record.data(), extras), after);
          EXPECT_EQ(before, after);
        },
        e.body);
  }
}

TEST(RoundTrip, ThroughTheRecorderIsTheSame) {
  event_maker maker{7};
  std::string direct(header_line);
  std::string recorded;
  recorder trace{std::make_unique<string_output>(recorded),
                 std::make_unique<jsonl_writer>(),
                 {.background = false}};
  for (std::uint64_t t = 1; t <= 1000; ++t) {
    event e = maker.make();
    if (std::holds_alternative<end_of_trace>(e.body)) continue;
    e.t = t;
    jsonl_writer{}.append(e, direct);
    trace.write(e);
  }
  trace.flush();
  EXPECT_EQ(recorded, direct);
}

TEST(RoundTrip, OfTracesWrittenByHandChangesNothing) {
  for (const char* name : {"asyncio.jsonl", "go-context.jsonl", "unknown.jsonl",
                           "every-event.jsonl", "strengthening.jsonl"}) {
    const std::string written = data_file(name);
    reading once;
    read_into(once, written);
    EXPECT_THAT(once.anomalies, IsEmpty()) << name;
    std::size_t line = 0;
    for (std::size_t at = 0; at < written.size();) {
      const std::size_t end = written.find('\n', at);
      auto before = nlohmann::json::parse(written.substr(at, end - at));
      const auto after = nlohmann::json::parse(once.events.at(line++));
      // A field that is null is a field that is absent; where the model knows it, that is how it is written back.
      for (auto field = before.begin(); field != before.end();) {
        if (field->is_object() && field.key() == "budget") {
          for (auto limit = field->begin(); limit != field->end();)
            limit = limit->is_null() || *limit == 0 ? field->erase(limit) : std::next(limit);
        }
        if (field->is_object() && field.key() == "producer") {
          for (auto part = field->begin(); part != field->end();)
            part = part->is_null() ? field->erase(part) : std::next(part);
        }
        field = field->is_null() && !after.contains(field.key()) ? before.erase(field)
                                                                 : std::next(field);
      }
      EXPECT_EQ(before, after) << name << " line " << line;
      at = end + 1;
    }
    EXPECT_EQ(line, once.events.size()) << name;
  }
}

} // namespace
} // namespace cancelscope::trace::testing
