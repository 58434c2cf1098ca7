// One trace, one store: however its bytes were cut, whether it was looked at meanwhile, in whichever encoding.
#include "tests/inspector/support.hpp"
#include "tests/inspector/whole_store.hpp"
#include "tests/trace-format/event_maker.hpp"
#include "trace-format/binary/binary_writer.hpp"
#include "trace-format/jsonl_writer.hpp"

namespace cancelscope::inspector::testing {
namespace loading_ways_test {
namespace {

struct both_encodings {
  std::string lines;
  std::string binary;
};

/// Events that speak of few ids, so that many can be used, and many are refused for every reason there is.
both_encodings random_trace(std::uint64_t seed, int events) {
  both_encodings made;
  trace::jsonl_writer as_lines;
  trace::binary_writer as_binary({.events_in_block = 100, .events_between_snapshots = 300});
  const auto append = [&](const trace::event& e) {
    as_lines.append(e, made.lines);
    as_binary.append(e, made.binary);
  };
  append({.body = trace::header{}});
  const auto some = static_cast<std::size_t>(seed);
  trace::testing::event_maker maker(
      seed, {.slots = 1 + some % 5, .generations = 1 + some % 3 * 20, .cancels = 1 + some % 60});
  for (int i = 0; i < events; ++i) {
    trace::event e = maker.make();
    if (std::holds_alternative<trace::end_of_trace>(e.body)) continue;
    // Mostly forward: a time that is random is soon as late as times can be.
    if (e.t > 1000) e.t = static_cast<std::uint64_t>(i) * 500;
    append(e);
  }
  append({.t = static_cast<std::uint64_t>(events) * 500, .body = trace::end_of_trace{}});
  as_binary.finish(made.binary);
  return made;
}

std::string whole_of(std::string_view bytes) {
  return whole(load_text(bytes));
}

/// Fed in pieces, with a question about it after each.
std::string whole_in_pieces(std::string_view bytes, std::size_t piece, bool looked_at) {
  loader reading("test.jsonl");
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    if (!reading.feed(bytes.substr(at, piece))) break;
    if (looked_at && !reading.so_far().tasks().empty()) {
      const trace_store& so_far = reading.so_far();
      const task_index last{static_cast<std::uint32_t>(so_far.tasks().size() - 1)};
      EXPECT_EQ(so_far.events_of(last).front(), so_far[last].spawned);
    }
  }
  auto loaded = reading.finish();
  return loaded ? whole(*loaded) : loaded.error().message;
}

TEST(a_trace, is_the_same_store_in_either_encoding) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const both_encodings made = random_trace(seed, 600);
    ASSERT_EQ(whole_of(made.binary), whole_of(made.lines)) << "seed " << seed;
  }
}

TEST(a_trace, is_the_same_store_in_pieces_and_looked_at_meanwhile) {
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    const both_encodings made = random_trace(seed, 300);
    const std::string expected = whole_of(made.lines);
    for (const std::size_t piece : {1U, 13U, 100U, 1000U, 10000U}) {
      ASSERT_EQ(whole_in_pieces(made.lines, piece, false), expected) << seed << " " << piece;
      ASSERT_EQ(whole_in_pieces(made.lines, piece, true), expected) << seed << " " << piece;
      ASSERT_EQ(whole_in_pieces(made.binary, piece, true), expected) << seed << " " << piece;
    }
  }
}

/// What has arrived answers as a trace that ends there.
TEST(a_trace, that_still_arrives_answers_for_what_is_there) {
  for (std::uint64_t seed = 100; seed < 104; ++seed) {
    const both_encodings made = random_trace(seed, 200);
    loader reading("test.jsonl");
    std::size_t line_end = 0;
    for (std::size_t from = 0; from < made.lines.size(); from = line_end) {
      line_end = made.lines.find('\n', from) + 1;
      ASSERT_TRUE(reading.feed(std::string_view(made.lines).substr(from, line_end - from)));
      if (line_end % 16 != 0) continue; // now and then
      loader until_there("test.jsonl");
      ASSERT_TRUE(until_there.feed(std::string_view(made.lines).substr(0, line_end)));
      ASSERT_EQ(whole(reading.so_far()), whole(until_there.so_far())) << seed << " " << line_end;
    }
  }
}

} // namespace
} // namespace loading_ways_test
} // namespace cancelscope::inspector::testing
