// The sentences: every kind of cancel, what is not known left unsaid, cut chains said to be cut.
#include "inspector/summary/sentence.hpp"
#include "tests/inspector/support.hpp"

#include <gmock/gmock.h>

namespace cancelscope::inspector::testing {
namespace sentence_test {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view shop =
    R"({"ev":"region_open","t":0,"region":"r0.1","parent":null,"name":"shop"})";
constexpr std::string_view guard =
    R"({"ev":"task_spawn","t":0,"task":"t9.1","region":"r0.1","name":"guard"})";
constexpr std::string_view order =
    R"({"ev":"region_open","t":0,"region":"r1.1","parent":"r0.1","name":"order","budget":{"deadline":250000000}})";
constexpr std::string_view card =
    R"({"ev":"task_spawn","t":0,"task":"t1.1","region":"r1.1","name":"charge card"})";

/// What is said of the task after these events.
std::string said_of(std::string_view id, std::initializer_list<std::string_view> events,
                    bool ended = true) {
  std::string text = text_of({shop, guard, order, card});
  for (const std::string_view e : events)
    text += std::string(e) + "\n";
  if (ended)
    text += R"({"ev":"end","t":900000000})"
            "\n";
  const auto trace = load_text(text);
  EXPECT_TRUE(trace.anomalies().empty() || !ended) << trace.anomalies().front().what.message;
  return sentence(trace, explain(trace, trace.find(id)));
}

constexpr std::string_view on_card =
    R"({"ev":"cancel","t":250000000,"cancel":"c2","kind":"parent","target":"t1.1","cause":"c1","deadline":255000000})";
constexpr std::string_view drains =
    R"({"ev":"cancel_phase","t":250000100,"target":"t1.1","cancel":"c2","phase":"draining"})";
constexpr std::string_view ends =
    R"({"ev":"task_end","t":253100100,"task":"t1.1","outcome":"cancelled"})";

TEST(a_sentence, tells_a_timeout_as_a_person_would) {
  EXPECT_EQ(
      said_of(
          "t1.1",
          {R"({"ev":"cancel","t":250000000,"cancel":"c1","kind":"timeout","target":"r1.1","origin_task":"t9.1"})",
           on_card, drains, ends}),
      "`charge card` was cancelled by a timeout of 250 ms on region `order`, asked for by `guard`; "
      "it drained for "
      "3.1 ms of its 5 ms and ended *cancelled*.");
}

TEST(a_sentence, does_not_guess_the_length_of_a_timeout) {
  // Before the region's own deadline: some other clock ran out.
  const std::string said =
      said_of("t1.1", {R"({"ev":"cancel","t":100,"cancel":"c1","kind":"timeout","target":"r1.1"})",
                       on_card, ends});
  EXPECT_THAT(said, HasSubstr("by a timeout on region `order`;"));
}

TEST(a_sentence, has_words_for_every_kind) {
  const auto by = [](const std::string& kind) {
    const std::string c =
        R"({"ev":"cancel","t":100,"cancel":"c1","kind":")" + kind + R"(","target":"r1.1"})";
    return said_of("t1.1", {c, on_card, ends});
  };
  EXPECT_THAT(by("user"), HasSubstr("was cancelled by a request to cancel region `order`;"));
  EXPECT_THAT(by("budget"),
              HasSubstr("was cancelled because the budget of region `order` was used up;"));
  EXPECT_THAT(by("fail_fast"),
              HasSubstr("was cancelled because something in region `order` failed;"));
  EXPECT_THAT(by("race_lost"), HasSubstr("was cancelled because region `order` lost a race;"));
  EXPECT_THAT(
      by("parent"),
      HasSubstr("was cancelled because a region above region `order` was cancelled or closed;"));
  EXPECT_THAT(by("shutdown"), HasSubstr("was cancelled by the shutdown of region `order`;"));
  EXPECT_THAT(by("brownout"),
              HasSubstr("was cancelled by a cancel of kind “brownout” on region `order`;"));
}

TEST(a_sentence, leaves_out_a_message_that_says_nothing_new) {
  const auto by = [](const std::string& kind, const std::string& message) {
    const std::string c = R"({"ev":"cancel","t":100,"cancel":"c1","kind":")" + kind +
                          R"(","target":"r1.1","message":")" + message + "\"}";
    return said_of("t1.1", {c, on_card, ends});
  };
  EXPECT_THAT(by("timeout", "the deadline of 'order' passed"), Not(HasSubstr("deadline")));
  EXPECT_THAT(by("timeout", "context deadline exceeded"), Not(HasSubstr("context")));
  EXPECT_THAT(by("timeout", "the bank did not answer"), HasSubstr("(“the bank did not answer”)"));
  EXPECT_THAT(by("shutdown", "SIGTERM"), HasSubstr("(“SIGTERM”)"));
  EXPECT_THAT(by("shutdown", "Shutting down."), Not(HasSubstr("Shutting")));
  EXPECT_THAT(by("race_lost", "'price cache' was first"), HasSubstr("price cache"));
  EXPECT_THAT(by("user", "order 7 is not needed"), HasSubstr("(“order 7 is not needed”)"));
}

TEST(a_sentence, speaks_of_a_target_of_its_own_request) {
  const auto by = [](const std::string& kind, const std::string& more = "") {
    const std::string c = R"({"ev":"cancel","t":100,"cancel":"c1","kind":")" + kind +
                          R"(","target":"t1.1")" + more + "}";
    return said_of("t1.1", {c, R"({"ev":"task_end","t":100,"task":"t1.1","outcome":"cancelled"})"});
  };
  EXPECT_EQ(by("race_lost"),
            "`charge card` was cancelled because it lost a race; it ended *cancelled* at once.");
  EXPECT_EQ(by("user", R"(,"origin_task":"t9.1","message":"too late")"),
            "`charge card` was cancelled by a request of `guard` (“too late”); it ended "
            "*cancelled* at once.");
  EXPECT_EQ(by("user"), "`charge card` was cancelled by a request whose maker is not in the trace; "
                        "it ended *cancelled* at once.");
  EXPECT_THAT(by("timeout"), HasSubstr("by its own timeout;"));
  EXPECT_THAT(by("budget"), HasSubstr("because its budget was used up;"));
  EXPECT_THAT(by("shutdown"), HasSubstr("by a shutdown;"));
}

TEST(a_sentence, names_the_failure_that_made_a_region_fail_fast) {
  const std::string said = said_of(
      "t1.1",
      {R"({"ev":"task_spawn","t":1,"task":"t2.1","region":"r1.1","name":"reserve"})",
       R"({"ev":"task_end","t":50,"task":"t2.1","outcome":"err","error":"out of stock"})",
       R"({"ev":"cancel","t":60,"cancel":"c1","kind":"fail_fast","target":"r1.1","origin_task":"t2.1"})",
       on_card, ends});
  EXPECT_THAT(
      said, HasSubstr("because `reserve` failed (“out of stock”) and region `order` fails fast;"));
}

TEST(a_sentence, names_the_way_of_a_short_chain_and_counts_a_long_one) {
  const std::string short_way = said_of(
      "t1.1",
      {R"({"ev":"cancel","t":5,"cancel":"c1","kind":"shutdown","target":"r0.1"})",
       R"({"ev":"cancel","t":5,"cancel":"c3","kind":"parent","target":"r1.1","cause":"c1"})",
       R"({"ev":"cancel","t":5,"cancel":"c4","kind":"parent","target":"t1.1","cause":"c3"})",
       ends});
  EXPECT_THAT(short_way, HasSubstr("by the shutdown of region `shop`, by way of region `order`;"));
}

TEST(a_sentence, says_when_a_task_ended_otherwise) {
  const std::string said =
      said_of("t1.1", {R"({"ev":"cancel","t":100,"cancel":"c1","kind":"shutdown","target":"r1.1"})",
                       on_card, R"({"ev":"task_end","t":251000000,"task":"t1.1","outcome":"ok"})"});
  EXPECT_EQ(said, "`charge card` was asked to stop by the shutdown of region `order`; it ended "
                  "*ok* 1 ms later, all the same.");
}

TEST(a_sentence, says_when_a_clean_up_overran) {
  const std::string said =
      said_of("t1.1", {R"({"ev":"cancel","t":100,"cancel":"c1","kind":"shutdown","target":"r1.1"})",
                       on_card, drains,
                       R"({"ev":"task_end","t":258000100,"task":"t1.1","outcome":"cancelled"})"});
  EXPECT_THAT(said,
              HasSubstr("; it drained for 8 ms, 3 ms past its deadline, and ended *cancelled*."));
}

TEST(a_sentence, says_when_a_clean_up_budget_was_exhausted) {
  const std::string said = said_of(
      "t1.1",
      {R"({"ev":"cancel","t":100,"cancel":"c1","kind":"shutdown","target":"r1.1"})", on_card,
       drains,
       R"({"ev":"budget","t":255000000,"target":"t1.1","resource":"deadline","left":0,"exhausted":true})",
       R"({"ev":"task_end","t":255000000,"task":"t1.1","outcome":"panicked"})"});
  EXPECT_THAT(said,
              HasSubstr("; its clean-up budget of 5 ms was exhausted, and it ended *panicked*."));
}

TEST(a_sentence, says_what_is_not_over) {
  const std::string_view stop =
      R"({"ev":"cancel","t":100,"cancel":"c1","kind":"shutdown","target":"r1.1"})";
  EXPECT_THAT(said_of("t1.1", {stop, on_card}),
              HasSubstr("; it had not reacted when the trace ended, 650 ms after the request."));
  EXPECT_THAT(said_of("t1.1", {stop, on_card, drains}),
              HasSubstr("; it was still draining when the trace ended, 650 ms after the request."));
  EXPECT_THAT(said_of("t1.1", {stop, on_card, drains}, false),
              HasSubstr("; it was still draining when the trace was cut off,"));
  EXPECT_EQ(said_of("t1.1", {}),
            "`charge card` was never cancelled; it was not over when the trace ended.");
}

TEST(a_sentence, says_when_a_task_only_handed_a_cancellation_on) {
  const std::string said = said_of(
      "t9.1", {R"({"ev":"cancel","t":100,"cancel":"c2","kind":"shutdown","target":"t1.1"})",
               R"({"ev":"task_end","t":110,"task":"t1.1","outcome":"cancelled"})",
               R"({"ev":"task_end","t":120,"task":"t9.1","outcome":"cancelled","cancel":"c2"})"});
  EXPECT_EQ(said, "`guard` was never cancelled itself; it ended *cancelled*, handing on the "
                  "cancellation of `charge card` (c2).");
}

TEST(a_sentence, does_not_measure_a_drain_that_took_no_time) {
  const std::string said = said_of(
      "t1.1", {R"({"ev":"cancel","t":100,"cancel":"c2","kind":"shutdown","target":"t1.1"})",
               R"({"ev":"cancel_phase","t":100,"target":"t1.1","cancel":"c2","phase":"draining"})",
               R"({"ev":"task_end","t":100,"task":"t1.1","outcome":"cancelled"})"});
  EXPECT_EQ(said,
            "`charge card` was cancelled by a shutdown; it drained at once and ended *cancelled*.");
}

TEST(a_sentence, says_what_was_left_behind) {
  const std::string said = said_of(
      "t1.1",
      {R"({"ev":"obligation","t":1,"obligation":"o1.1","kind":"lease","task":"t1.1","label":"stock lease 12"})",
       R"({"ev":"cancel","t":100,"cancel":"c1","kind":"shutdown","target":"r1.1"})", on_card, ends,
       R"({"ev":"obligation_end","t":260000000,"obligation":"o1.1","how":"leaked"})"});
  EXPECT_THAT(
      said,
      HasSubstr(" ended *cancelled* 3.1 ms later. It left 1 lease behind: `stock lease 12`."));
}

TEST(a_sentence, does_not_name_a_root_cause_where_the_chain_is_cut) {
  const std::string said = said_of(
      "t1.1",
      {R"({"ev":"cancel","t":100,"cancel":"c2","kind":"parent","target":"t1.1","cause":"c1"})",
       ends});
  EXPECT_THAT(said, HasSubstr("because a region above it was cancelled or closed;"));
  EXPECT_THAT(
      said,
      HasSubstr("What led to it is not known: c2 was caused by c1, which is not in the trace."));
}

TEST(a_sentence, about_a_cancel_that_caused_itself_names_it_once) {
  const auto trace = load_lines(
      {shop, guard,
       R"({"ev":"cancel","t":5,"cancel":"c3","kind":"user","target":"t9.1","cause":"c3"})"});
  EXPECT_THAT(sentence(trace, explain(trace, trace.find("t9.1"))),
              HasSubstr("the trace says that c3 caused itself."));
}

TEST(a_sentence, about_a_region_says_that_it_closed) {
  const std::string said = said_of(
      "r1.1",
      {R"({"ev":"cancel","t":250000000,"cancel":"c1","kind":"timeout","target":"r1.1"})",
       R"({"ev":"region_state","t":250000000,"region":"r1.1","state":"draining"})",
       R"({"ev":"region_state","t":250040000,"region":"r1.1","state":"closed","outcome":"cancelled"})"});
  EXPECT_EQ(said, "Region `order` was cancelled by its own timeout of 250 ms; it drained for 40 µs "
                  "and closed *cancelled*.");
}

TEST(a_card, says_what_one_request_was) {
  const auto trace = load_text(read_file(data_path("go-context.jsonl")));
  EXPECT_EQ(sentence(trace, cancel(trace, "c1")),
            "a request of `main` to cancel region `context.Background` (“interrupt”)");
  EXPECT_EQ(sentence(trace, cancel(trace, "c3")),
            "region `WithTimeout(100ms) <checkout>` was cancelled or closed");
  EXPECT_EQ(effects_sentence(trace, cancel(trace, "c1")),
            "It led to 5 more requests and took effect on 3 regions and 3 tasks.");
  EXPECT_EQ(effects_sentence(trace, cancel(trace, "c6")), "");
}

TEST(plain_text, has_no_marks_but_those_in_names_and_quotes) {
  EXPECT_EQ(plain("`a*b` ended *ok* (“c`*`d”)."), "a*b ended ok (“c`*`d”).");
}

} // namespace sentence_test
} // namespace cancelscope::inspector::testing
