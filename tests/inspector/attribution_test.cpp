// Chains back to the root cause, and forward to all that it led to.
#include "inspector/answers/answers.hpp"
#include "inspector/attribution/effects.hpp"
#include "inspector/attribution/explain.hpp"
#include "inspector/summary/sentence.hpp"
#include "tests/inspector/support.hpp"

#include <gmock/gmock.h>

namespace cancelscope::inspector::testing {
namespace attribution_test {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::IsEmpty;

constexpr std::string_view root = R"({"ev":"region_open","t":0,"region":"r0.1","parent":null})";
constexpr std::string_view spawn = R"({"ev":"task_spawn","t":1,"task":"t0.1","region":"r0.1"})";

TEST(an_explanation, begins_at_the_cancel_that_last_took_effect) {
  const auto trace = load_text(read_file(data_path("strengthening.jsonl")));
  const explanation why = explain(trace, trace.find("t1.1"));
  EXPECT_EQ(why.chain.links.front(), cancel(trace, "c5"));
  EXPECT_THAT(why.superseded, ElementsAre(cancel(trace, "c1")))
      << "c2 was absorbed and never in effect";
  EXPECT_EQ(trace.time_of(why.phases.requested), 100U) << "the first request that took effect";
}

TEST(an_explanation, of_a_cancel_begins_at_that_cancel) {
  const auto trace = load_text(read_file(data_path("strengthening.jsonl")));
  const explanation why = explain(trace, trace.find("c2"));
  EXPECT_THAT(why.chain.links, ElementsAre(cancel(trace, "c2")));
  EXPECT_EQ(why.target, trace.find("t1.1"));
}

TEST(an_explanation, of_an_absorbed_cancel_says_that_it_changed_nothing) {
  const auto trace = load_text(read_file(data_path("strengthening.jsonl")));
  const explanation why = explain(trace, trace.find("c2"));
  EXPECT_EQ(why.absorbed_by, cancel(trace, "c1"));
  EXPECT_THAT(why.superseded, IsEmpty());
  EXPECT_FALSE(why.superseded_by);
  EXPECT_THAT(why.absorbed, IsEmpty()) << "it is the one asked about";
  EXPECT_EQ(sentence(trace, why),
            "c2 changed nothing: `worker` was asked to stop by a request of `operator` (“asked "
            "twice”) and was under c1 (user) already; it drained for 190 ns and ended "
            "*cancelled*.");
}

TEST(an_explanation, of_a_cancel_that_came_too_late_says_so) {
  const auto trace = load_lines(
      {root, spawn, R"({"ev":"task_end","t":2,"task":"t0.1","outcome":"ok"})",
       R"({"ev":"cancel","t":3,"cancel":"c1","kind":"shutdown","target":"t0.1","effect":"absorbed"})",
       R"({"ev":"end","t":4})"});
  EXPECT_EQ(sentence(trace, explain(trace, trace.find("c1"))),
            "c1 changed nothing: t0.1 was asked to stop by a shutdown when it was over already.");
}

TEST(an_explanation, of_a_superseded_cancel_says_what_took_over) {
  const auto trace = load_text(read_file(data_path("strengthening.jsonl")));
  const explanation why = explain(trace, trace.find("c1"));
  EXPECT_EQ(why.superseded_by, cancel(trace, "c5"));
  EXPECT_FALSE(why.absorbed_by);
  EXPECT_THAT(sentence(trace, why), EndsWith("*cancelled*. c5 (parent) took over at 200 ns."));
  EXPECT_FALSE(explain(trace, trace.find("t1.1")).superseded_by);
}

TEST(an_explanation, of_an_obligation_is_about_its_owner) {
  const auto trace = load_text(read_file(data_path("go-context.jsonl")));
  const explanation why = explain(trace, trace.find("o1.1"));
  EXPECT_EQ(why.target, trace.find("t4.1"));
  EXPECT_EQ(why.chain.root_cause(), cancel(trace, "c1"));
}

TEST(an_explanation, of_a_region_takes_its_phases_from_its_states) {
  const auto trace = load_text(read_file(data_path("asyncio.jsonl")));
  const explanation why = explain(trace, trace.find("r2.1"));
  EXPECT_EQ(trace.time_of(why.phases.draining), 250024300U);
  EXPECT_EQ(trace.time_of(why.phases.completed), 254027000U);
  EXPECT_EQ(why.region, trace.find("r1.1"));
}

TEST(open_obligations, are_those_open_at_the_time_of_the_request) {
  const auto trace = load_lines(
      {root, spawn, R"({"ev":"obligation","t":2,"obligation":"o0.1","kind":"lease","task":"t0.1"})",
       R"({"ev":"obligation","t":2,"obligation":"o1.1","kind":"lease","task":"t0.1"})",
       R"({"ev":"obligation_end","t":3,"obligation":"o0.1","how":"committed"})",
       R"({"ev":"cancel","t":4,"cancel":"c1","kind":"user","target":"t0.1"})",
       R"({"ev":"obligation","t":5,"obligation":"o2.1","kind":"lease","task":"t0.1"})",
       R"({"ev":"obligation_end","t":6,"obligation":"o1.1","how":"aborted"})",
       R"({"ev":"end","t":9})"});
  const explanation why = explain(trace, trace.find("t0.1"));
  EXPECT_THAT(why.open_obligations, ElementsAre(trace.find("o1.1").as<obligation_index>()));
  EXPECT_THAT(why.leaked_obligations, ElementsAre(trace.find("o2.1").as<obligation_index>()));
}

TEST(a_chain, marked_truncated_is_cut_there_even_where_it_names_a_cause) {
  const auto trace = load_lines(
      {root, spawn, R"({"ev":"cancel","t":2,"cancel":"c1","kind":"user","target":"r0.1"})",
       R"({"ev":"cancel","t":3,"cancel":"c2","kind":"parent","target":"t0.1","cause":"c1","truncated":true})",
       R"({"ev":"end","t":9})"});
  const cause_chain chain = chain_from(trace, cancel(trace, "c2"));
  EXPECT_FALSE(chain.complete());
  EXPECT_FALSE(chain.root_cause());
  EXPECT_EQ(chain.truncated_at(), cancel(trace, "c2"));
}

TEST(a_chain, of_none_is_empty_and_complete) {
  const auto trace = load_lines({root});
  const cause_chain chain = chain_from(trace, {});
  EXPECT_THAT(chain.links, IsEmpty());
  EXPECT_TRUE(chain.complete());
  EXPECT_FALSE(chain.root_cause());
}

std::string long_chain(int links, bool backwards) {
  std::string text = text_of({root, spawn});
  for (int i = 1; i <= links; ++i) {
    // Backwards, every cause comes after its effect.
    const int cause = backwards ? i + 1 : i - 1;
    text +=
        R"({"ev":"cancel","t":2,"kind":"parent","target":"t0.1","effect":"strengthened","cancel":"c)" +
        std::to_string(i) + '"';
    if (cause >= 1 && cause <= links) text += R"(,"cause":"c)" + std::to_string(cause) + '"';
    text += "}\n";
  }
  return text;
}

TEST(a_chain, may_be_longer_than_any_stack) {
  constexpr int links = 100'000;
  const auto trace = load_text(long_chain(links, false));
  const explanation why = explain(trace, trace.find("t0.1"));
  EXPECT_EQ(why.chain.links.size(), static_cast<std::size_t>(links));
  EXPECT_EQ(why.chain.root_cause(), cancel(trace, "c1"));
  EXPECT_EQ(count_effects(trace, cancel(trace, "c1")).requests,
            static_cast<std::uint32_t>(links - 1));
  EXPECT_EQ(chain_ends(trace).back(), cancel(trace, "c1"));
}

TEST(a_chain, whose_causes_all_come_after_their_effects_is_whole) {
  constexpr int links = 20'000;
  const auto trace = load_text(long_chain(links, true));
  const cause_chain chain = chain_from(trace, cancel(trace, "c1"));
  EXPECT_EQ(chain.links.size(), static_cast<std::size_t>(links));
  EXPECT_TRUE(chain.complete());
  EXPECT_EQ(chain_ends(trace).front(), chain.root_cause());
}

TEST(effects, come_depth_first_causes_before_what_they_caused) {
  const auto trace = load_text(read_file(data_path("go-context.jsonl")));
  std::vector<std::string> found;
  for (const effect& e : effects_from(trace, cancel(trace, "c1")))
    found.push_back(std::to_string(e.depth) + " " + trace.id_of(e.cancel));
  EXPECT_THAT(found, ElementsAre("1 c2", "2 c3", "2 c4", "2 c5", "3 c6"));
}

TEST(effects, are_counted_by_whom_they_reached) {
  const auto trace = load_text(read_file(data_path("go-context.jsonl")));
  const effect_counts counts = count_effects(trace, cancel(trace, "c1"));
  EXPECT_EQ(counts.requests, 5U);
  EXPECT_EQ(counts.regions, 3U);
  EXPECT_EQ(counts.tasks, 3U);
  EXPECT_EQ(counts.not_done, 0U);
}

} // namespace attribution_test
} // namespace cancelscope::inspector::testing
