// What only a memory of the trace can find wrong, and what becomes of such a line.
#include "inspector/attribution/chain.hpp"
#include "tests/inspector/support.hpp"

#include <gmock/gmock.h>

namespace cancelscope::inspector::testing {
namespace tracker_test {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::string_view root = R"({"ev":"region_open","t":0,"region":"r0.1","parent":null})";
constexpr std::string_view spawn = R"({"ev":"task_spawn","t":1,"task":"t0.1","region":"r0.1"})";
constexpr std::string_view end = R"({"ev":"end","t":1000})";

TEST(time_that_goes_back, keeps_the_event_at_its_place_and_as_it_was_written) {
  const auto trace = load_lines({root, R"({"ev":"mark","t":50,"label":"a"})",
                                 R"({"ev":"mark","t":20,"label":"b"})",
                                 R"({"ev":"mark","t":50,"label":"c"})", end});
  EXPECT_THAT(anomalies_of(trace), ElementsAre("4 time-went-back"));
  EXPECT_EQ(trace.event_count(), 5U);
  EXPECT_EQ(trace.time_of(event_index{2}), 50U);
  std::vector<trace::extra_field> extra;
  EXPECT_EQ(trace.event_at(event_index{2}, extra).t, 20U);
}

TEST(an_unknown_id, makes_a_line_that_needs_it_useless) {
  const auto trace =
      load_lines({root, R"({"ev":"task_spawn","t":1,"task":"t0.1","region":"r7.1"})",
                  R"({"ev":"task_end","t":2,"task":"t0.1","outcome":"ok"})",
                  R"({"ev":"cancel","t":3,"cancel":"c1","kind":"user","target":"t5.1"})",
                  R"({"ev":"cancel_phase","t":3,"target":"r0.1","cancel":"c1","phase":"draining"})",
                  R"({"ev":"release","t":4,"id":"o1.1"})", end});
  EXPECT_THAT(anomalies_of(trace), ElementsAre("3 unknown-id", "4 unknown-id", "5 unknown-id",
                                               "6 unknown-id", "7 unknown-id"));
  EXPECT_EQ(trace.event_count(), 2U);
  EXPECT_TRUE(trace.tasks().empty());
  EXPECT_TRUE(trace.cancels().empty());
}

TEST(an_unknown_id, that_is_only_optional_is_noticed_and_the_rest_of_the_line_counts) {
  const auto trace = load_lines(
      {root, R"({"ev":"task_spawn","t":1,"task":"t0.1","region":"r0.1","by":"t9.1"})",
       R"({"ev":"task_wait","t":2,"task":"t0.1","on":"join","what":"t8.1"})",
       R"({"ev":"cancel","t":3,"cancel":"c1","kind":"user","target":"t0.1","origin_region":"r5.1","origin_task":"t6.1"})",
       R"({"ev":"task_end","t":4,"task":"t0.1","outcome":"cancelled","cancel":"c9"})",
       R"({"ev":"task_join","t":5,"task":"t0.1","by":"r4.1"})", end});
  EXPECT_THAT(anomalies_of(trace), ElementsAre("3 unknown-id", "4 unknown-id", "5 unknown-id",
                                               "5 unknown-id", "6 unknown-id", "7 unknown-id"));
  EXPECT_EQ(trace.event_count(), 7U);
  const task_row& row = trace[task(trace, "t0.1")];
  EXPECT_FALSE(row.spawned_by);
  EXPECT_TRUE(row.ended);
  EXPECT_TRUE(row.joined);
  EXPECT_FALSE(row.joined_by);
  EXPECT_FALSE(trace[cancel(trace, "c1")].origin_region);
  EXPECT_FALSE(trace[cancel(trace, "c1")].origin_task);
}

TEST(an_optional_reference, may_be_to_a_past_life) {
  const auto trace = load_lines(
      {root, spawn, R"({"ev":"task_end","t":2,"task":"t0.1","outcome":"ok"})",
       R"({"ev":"release","t":3,"id":"t0.1"})",
       R"({"ev":"task_spawn","t":4,"task":"t0.2","region":"r0.1","by":"t0.1"})",
       R"({"ev":"cancel","t":5,"cancel":"c1","kind":"user","target":"t0.2","origin_task":"t0.1"})",
       end});
  EXPECT_THAT(anomalies_of(trace), IsEmpty());
  EXPECT_EQ(trace[cancel(trace, "c1")].origin_task, task(trace, "t0.1"));
}

TEST(a_stale_id, is_one_of_an_earlier_life_of_its_slot) {
  const auto trace = load_lines(
      {root, spawn, R"({"ev":"task_end","t":2,"task":"t0.1","outcome":"ok"})",
       R"({"ev":"release","t":3,"id":"t0.1"})", R"({"ev":"task_join","t":4,"task":"t0.1"})",
       R"({"ev":"task_spawn","t":5,"task":"t0.2","region":"r0.1"})",
       R"({"ev":"task_wait","t":6,"task":"t0.1","on":"timer"})",
       R"({"ev":"task_spawn","t":7,"task":"t0.1","region":"r0.1"})", end});
  EXPECT_THAT(anomalies_of(trace), ElementsAre("6 stale-id", "8 stale-id", "9 reused-id"));
  EXPECT_FALSE(trace[task(trace, "t0.1")].joined);
  EXPECT_TRUE(trace.waits().empty());
}

TEST(a_stale_event, carries_a_stale_id_by_nature) {
  const auto trace = load_lines({root, spawn, R"({"ev":"stale","t":2,"id":"t0.7","live":1})",
                                 R"({"ev":"stale","t":2,"id":"t44.1","live":0,"op":"join"})", end});
  EXPECT_THAT(anomalies_of(trace), IsEmpty());
}

TEST(an_id, cannot_be_introduced_twice) {
  const auto trace = load_lines(
      {root, root, spawn, spawn, R"({"ev":"obligation","t":2,"obligation":"o0.1","kind":"lease"})",
       R"({"ev":"obligation","t":3,"obligation":"o0.1","kind":"ack"})",
       R"({"ev":"cancel","t":4,"cancel":"c1","kind":"user","target":"t0.1"})",
       R"({"ev":"cancel","t":5,"cancel":"c1","kind":"shutdown","target":"r0.1"})", end});
  EXPECT_THAT(anomalies_of(trace),
              ElementsAre("3 reused-id", "5 reused-id", "7 reused-id", "9 reused-id"));
  EXPECT_EQ(trace.regions().size(), 1U);
  EXPECT_EQ(trace[cancel(trace, "c1")].kind, trace::cancel_kind::user);
}

TEST(a_new_tenant, needs_a_slot_that_was_released) {
  const auto trace =
      load_lines({root, spawn, R"({"ev":"task_spawn","t":9,"task":"t0.2","region":"r0.1"})", end});
  EXPECT_THAT(anomalies_of(trace), ElementsAre("4 reused-id"));
  EXPECT_EQ(trace.tasks().size(), 1U);
}

TEST(a_new_tenant, ends_the_tenancy_before_it_where_the_release_may_have_been_lost) {
  const auto trace =
      load_lines({root, spawn, R"({"ev":"task_wait","t":2,"task":"t0.1","on":"timer"})",
                  R"({"ev":"dropped","t":3,"count":1})",
                  R"({"ev":"task_spawn","t":9,"task":"t0.2","region":"r0.1"})", end});
  EXPECT_TRUE(trace.waits()[0].ended);
  EXPECT_THAT(anomalies_of(trace), IsEmpty());
  EXPECT_EQ(trace[task(trace, "t0.1")].released, trace[task(trace, "t0.2")].spawned);
  EXPECT_EQ(trace[task(trace, "t0.2")].previous_tenant, task(trace, "t0.1"));
}

TEST(a_region, only_goes_forward) {
  const auto trace =
      load_lines({root, R"({"ev":"region_state","t":1,"region":"r0.1","state":"draining"})",
                  R"({"ev":"region_state","t":2,"region":"r0.1","state":"closing"})",
                  R"({"ev":"region_state","t":3,"region":"r0.1","state":"draining"})",
                  R"({"ev":"region_state","t":4,"region":"r0.1","state":"closed"})",
                  R"({"ev":"region_state","t":5,"region":"r0.1","state":"closed"})",
                  R"({"ev":"region_state","t":6,"region":"r0.1","state":"finalizing"})", end});
  EXPECT_THAT(anomalies_of(trace),
              ElementsAre("4 bad-transition", "7 bad-transition", "8 bad-transition"));
  EXPECT_EQ(trace.time_of(trace[region(trace, "r0.1")].reached(trace::region_state::draining)), 1U);
}

TEST(a_task, only_goes_forward) {
  const auto trace = load_lines(
      {root, spawn, R"({"ev":"cancel","t":2,"cancel":"c1","kind":"user","target":"t0.1"})",
       R"({"ev":"cancel_phase","t":3,"target":"t0.1","cancel":"c1","phase":"finalizing"})",
       R"({"ev":"cancel_phase","t":4,"target":"t0.1","cancel":"c1","phase":"draining"})",
       R"({"ev":"task_end","t":5,"task":"t0.1","outcome":"cancelled"})",
       R"({"ev":"cancel_phase","t":6,"target":"t0.1","cancel":"c1","phase":"completed"})",
       R"({"ev":"cancel_phase","t":7,"target":"t0.1","cancel":"c1","phase":"completed"})",
       R"({"ev":"task_end","t":8,"task":"t0.1","outcome":"ok"})",
       R"({"ev":"task_wait","t":9,"task":"t0.1","on":"timer"})",
       R"({"ev":"task_run","t":9,"task":"t0.1","dur":1})",
       R"({"ev":"cancel","t":9,"cancel":"c2","kind":"shutdown","target":"t0.1"})",
       R"({"ev":"cancel","t":9,"cancel":"c3","kind":"shutdown","target":"t0.1","effect":"absorbed"})",
       end});
  EXPECT_THAT(anomalies_of(trace),
              ElementsAre("6 bad-transition", "9 bad-transition", "10 bad-transition",
                          "11 bad-transition", "12 bad-transition", "13 bad-transition"));
  EXPECT_EQ(trace[task(trace, "t0.1")].outcome, trace::outcome_kind::cancelled);
  EXPECT_FALSE(trace.find("c2"));
  EXPECT_TRUE(trace.find("c3"));
}

TEST(a_run, may_be_written_after_the_end_that_it_led_to) {
  const auto trace =
      load_lines({root, spawn, R"({"ev":"task_end","t":5,"task":"t0.1","outcome":"ok"})",
                  R"({"ev":"task_run","t":5,"task":"t0.1","dur":3})", end});
  EXPECT_THAT(anomalies_of(trace), IsEmpty());
}

TEST(an_obligation, ends_once) {
  const auto trace = load_lines(
      {root, R"({"ev":"obligation","t":2,"obligation":"o0.1","kind":"lease","region":"r0.1"})",
       R"({"ev":"obligation_end","t":3,"obligation":"o0.1","how":"committed"})",
       R"({"ev":"obligation_end","t":4,"obligation":"o0.1","how":"leaked"})", end});
  EXPECT_THAT(anomalies_of(trace), ElementsAre("5 bad-transition"));
  EXPECT_EQ(trace.obligations()[0].fate, trace::obligation_fate::committed);
}

TEST(a_cause, that_leads_back_is_cut_where_it_closes_the_circle) {
  const auto trace = load_lines(
      {root, spawn,
       R"({"ev":"cancel","t":2,"cancel":"c1","kind":"parent","target":"t0.1","cause":"c3"})",
       R"({"ev":"cancel","t":3,"cancel":"c2","kind":"parent","target":"t0.1","cause":"c1"})",
       R"({"ev":"cancel","t":4,"cancel":"c3","kind":"parent","target":"t0.1","cause":"c2"})",
       R"({"ev":"cancel","t":5,"cancel":"c4","kind":"parent","target":"t0.1","cause":"c4"})", end});
  EXPECT_THAT(anomalies_of(trace), ElementsAre("6 cause-cycle", "7 cause-cycle"));
  const cause_chain chain = chain_from(trace, cancel(trace, "c2"));
  EXPECT_THAT(chain.links,
              ElementsAre(cancel(trace, "c2"), cancel(trace, "c1"), cancel(trace, "c3")));
  EXPECT_EQ(chain.cut, chain_cut::cause_cycle);
  EXPECT_EQ(chain.truncated_at(), cancel(trace, "c3"));
  EXPECT_EQ(chain_from(trace, cancel(trace, "c4")).truncated_at(), cancel(trace, "c4"));
}

TEST(a_cause, that_comes_later_is_linked_when_it_comes) {
  const auto trace = load_lines(
      {root, spawn,
       R"({"ev":"cancel","t":2,"cancel":"c2","kind":"parent","target":"t0.1","cause":"c1"})",
       R"({"ev":"cancel","t":3,"cancel":"c1","kind":"user","target":"r0.1"})", end});
  EXPECT_THAT(anomalies_of(trace), IsEmpty());
  EXPECT_EQ(chain_from(trace, cancel(trace, "c2")).root_cause(), cancel(trace, "c1"));
  EXPECT_THAT(trace.effects_of(cancel(trace, "c1")), ElementsAre(cancel(trace, "c2")));
}

TEST(a_cause, that_is_not_in_the_trace_is_no_anomaly) {
  const auto trace = load_lines(
      {root, spawn,
       R"({"ev":"cancel","t":2,"cancel":"c2","kind":"parent","target":"t0.1","cause":"c1"})", end});
  EXPECT_THAT(anomalies_of(trace), IsEmpty());
  EXPECT_EQ(chain_from(trace, cancel(trace, "c2")).cut, chain_cut::cause_missing);
}

TEST(ids_and_times, may_be_as_large_as_64_bits) {
  const auto trace = load_lines(
      {R"({"ev":"region_open","t":9007199254740993,"region":"r18446744073709551615.18446744073709551615","parent":null})",
       R"({"ev":"end","t":18446744073709551615})"});
  EXPECT_THAT(anomalies_of(trace), IsEmpty());
  EXPECT_EQ(trace.time_of(event_index{0}), 9007199254740993U);
  EXPECT_EQ(trace.id_of(region_index{0}), "r18446744073709551615.18446744073709551615");
}

} // namespace tracker_test
} // namespace cancelscope::inspector::testing
