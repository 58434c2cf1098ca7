// The language of the event filter.
#include "inspector/query/query.hpp"
#include "tests/inspector/support.hpp"

#include <gmock/gmock.h>

namespace cancelscope::inspector::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class queries : public ::testing::Test {
protected:
  std::vector<std::uint64_t> lines(std::string_view text) const {
    const auto asked = query::parse(text);
    if (!asked) {
      ADD_FAILURE() << asked.error().message;
      return {};
    }
    std::vector<std::uint64_t> found;
    for (const event_index e : asked->matches_in(trace))
      found.push_back(trace.line_of(e));
    return found;
  }

  trace_store trace = load_text(read_file(data_path("every-event.jsonl")));
};

TEST_F(queries, without_words_match_everything) {
  EXPECT_EQ(lines("").size(), trace.event_count());
  EXPECT_EQ(lines("  \t ").size(), trace.event_count());
  EXPECT_TRUE(query().matches_everything());
}

TEST_F(queries, find_words_in_names_and_texts_whatever_their_case) {
  EXPECT_THAT(lines("\"No Printer\""), ElementsAre(47));
  EXPECT_THAT(lines("REPORT ev:task_spawn"), ElementsAre(43));
}

TEST_F(queries, ask_for_kinds_states_phases_and_outcomes) {
  EXPECT_THAT(lines("kind:timeout"), ElementsAre(19));
  EXPECT_THAT(lines("kind:lease"), ElementsAre(10));
  EXPECT_THAT(lines("state:closed"), ElementsAre(41, 54));
  EXPECT_THAT(lines("phase:draining"), ElementsAre(24, 25));
  EXPECT_THAT(lines("outcome:panicked"), ElementsAre(32, 41));
  EXPECT_THAT(lines("on:timer"), ElementsAre(13));
  EXPECT_THAT(lines("how:leaked"), ElementsAre(49));
  EXPECT_THAT(lines("effect:absorbed"), IsEmpty());
  EXPECT_THAT(lines("th:2"), ElementsAre(43));
}

TEST_F(queries, ask_whom_an_event_names) {
  EXPECT_THAT(lines("cancel:c3"), ElementsAre(21, 25, 32));
  EXPECT_THAT(lines("id:o1.1"), ElementsAre(11, 12, 15, 16));
  EXPECT_THAT(lines("task:report"), ElementsAre(43, 45, 47, 48));
  EXPECT_THAT(lines("id:t77.1"), IsEmpty());
}

TEST_F(queries, ask_for_a_region_or_all_that_is_under_it) {
  EXPECT_THAT(lines("region:r1.1 ev:task_end"), ElementsAre(30, 32));
  EXPECT_THAT(lines("under:r0.1 ev:task_end"), ElementsAre(30, 32, 47, 50));
  EXPECT_THAT(lines("under:\"request 7\" ev:task_end"), ElementsAre(30, 32));
}

TEST_F(queries, ask_for_times_and_lines) {
  EXPECT_THAT(lines("t:1000"), ElementsAre(19, 20, 21));
  EXPECT_THAT(lines("t:1.3us.."), ElementsAre(53, 54, 55, 56));
  EXPECT_THAT(lines("t:..20ns"), ElementsAre(2, 3, 4, 5));
  EXPECT_THAT(lines("line:7..8"), ElementsAre(7, 8));
}

TEST_F(queries, can_ask_for_the_opposite) {
  EXPECT_THAT(lines("t:1000 -kind:timeout"), ElementsAre(20, 21));
  EXPECT_THAT(lines("t:1000 -\"charge card\""), ElementsAre(19, 20));
}

TEST(a_query_that_is_none, is_refused_at_the_place) {
  const auto why = [](std::string_view text) {
    const auto parsed = query::parse(text);
    return parsed ? std::string("parsed") : parsed.error().message;
  };
  EXPECT_THAT(why("charge kidn:timeout"),
              HasSubstr("There is no key `kidn`, at character 8; the keys are ev, id,"));
  EXPECT_EQ(why("é \"open"), "The quote that opens at character 3 is not closed.");
  EXPECT_EQ(why("kind: x"), "`kind:` has no value at character 6.");
  EXPECT_EQ(
      why("outcome:fine"),
      "`outcome:` cannot be “fine”, at character 9: expected one of ok, err, cancelled, panicked.");
  EXPECT_EQ(why("t:soon"),
            "`t:` cannot be “soon”, at character 3: expected a time such as 1250, 1.5ms or 3s.");
}

} // namespace
} // namespace cancelscope::inspector::testing
