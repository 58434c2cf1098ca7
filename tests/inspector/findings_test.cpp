// Each finding where it is due, and none where it is not.
#include "inspector/findings/finding.hpp"
#include "tests/inspector/support.hpp"

#include <gmock/gmock.h>

namespace cancelscope::inspector::testing {
namespace findings_test {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr std::string_view root =
    R"({"ev":"region_open","t":0,"region":"r0.1","parent":null,"name":"root"})";
constexpr std::string_view inner =
    R"({"ev":"region_open","t":0,"region":"r1.1","parent":"r0.1","name":"inner"})";
constexpr std::string_view spawn =
    R"({"ev":"task_spawn","t":1,"task":"t0.1","region":"r1.1","name":"work"})";
constexpr std::string_view ends = R"({"ev":"task_end","t":50,"task":"t0.1","outcome":"ok"})";
constexpr std::string_view joined = R"({"ev":"task_join","t":51,"task":"t0.1","by":"t9.1"})";
constexpr std::string_view other =
    R"({"ev":"task_spawn","t":0,"task":"t9.1","region":"r0.1","name":"main"})";

/// "unjoined-task t3.1 at 1950" for each finding.
std::vector<std::string> found_in(const std::string& text, const finding_limits& limits = {}) {
  const auto trace = load_text(text);
  std::vector<std::string> found;
  for (const finding& f : find_all(trace, limits))
    found.push_back(std::string(to_string(f.code)) + (f.target_id.empty() ? "" : " ") +
                    f.target_id + " at " + std::to_string(f.t));
  return found;
}

/// Between an opening that is always there and a healthy end of everything.
std::string within(std::initializer_list<std::string_view> events, bool healthy_end = true) {
  std::string text = text_of({root, other, inner});
  for (const std::string_view e : events)
    text += std::string(e) + "\n";
  if (healthy_end)
    text += R"({"ev":"region_state","t":900,"region":"r1.1","state":"closed"})"
            "\n"
            R"({"ev":"task_end","t":910,"task":"t9.1","outcome":"ok"})"
            "\n"
            R"({"ev":"task_join","t":920,"task":"t9.1"})"
            "\n"
            R"({"ev":"region_state","t":930,"region":"r0.1","state":"closed"})"
            "\n"
            R"({"ev":"end","t":1000})"
            "\n";
  return text;
}

TEST(a_healthy_trace, has_no_findings) {
  EXPECT_THAT(found_in(within({spawn, ends, joined})), IsEmpty());
  EXPECT_THAT(
      found_in(within(
          {spawn,
           R"({"ev":"cancel","t":10,"cancel":"c1","kind":"timeout","target":"r1.1","deadline":60})",
           R"({"ev":"cancel","t":10,"cancel":"c2","kind":"parent","target":"t0.1","cause":"c1","deadline":60})",
           R"({"ev":"cancel_phase","t":11,"target":"t0.1","cancel":"c2","phase":"draining"})",
           R"({"ev":"budget","t":12,"target":"t0.1","resource":"polls","left":3})", ends, joined,
           R"({"ev":"release","t":60,"id":"t0.1"})",
           R"({"ev":"task_spawn","t":61,"task":"t0.2","region":"r1.1"})",
           R"({"ev":"task_end","t":62,"task":"t0.2","outcome":"ok"})",
           R"({"ev":"task_join","t":63,"task":"t0.2","by":"t9.1"})"})),
      IsEmpty());
}

TEST(findings, stand_worst_first) {
  const auto found =
      found_in(within({spawn, R"({"ev":"stale","t":5,"id":"t5.1","live":2})",
                       R"({"ev":"violation","t":40,"oracle":"quiescence","message":"not quiet"})",
                       ends, joined, R"({"ev":"dropped","t":51,"count":1})"}));
  EXPECT_THAT(found,
              ElementsAre("violation at 40", "stale-handle t5.1 at 5", "events-missing at 51"));
}

TEST(orphan_task, is_one_not_completed_when_its_region_is_closed) {
  EXPECT_THAT(found_in(within({spawn})), Contains("orphan-task t0.1 at 900"));
  EXPECT_THAT(found_in(within({spawn, ends, joined})), IsEmpty());
  EXPECT_THAT(found_in(within({R"({"ev":"region_state","t":2,"region":"r1.1","state":"closed"})",
                               R"({"ev":"task_spawn","t":3,"task":"t0.1","region":"r1.1"})"},
                              false)),
              Contains("orphan-task t0.1 at 3"))
      << "spawned where nothing may be any more";
}

TEST(what_did_not_happen, may_just_have_been_lost) {
  const auto found = found_in(within(
      {spawn, R"({"ev":"obligation","t":2,"obligation":"o0.1","kind":"lease","task":"t0.1"})",
       R"({"ev":"dropped","t":30,"count":7})"}));
  EXPECT_THAT(found, ElementsAre("events-missing at 30"));
}

TEST(leaked_obligation, is_one_found_leaked_or_open_at_the_close_or_at_an_orderly_end) {
  constexpr std::string_view lease =
      R"({"ev":"obligation","t":2,"obligation":"o0.1","kind":"lease","task":"t0.1"})";
  EXPECT_THAT(found_in(within({spawn, lease, ends, joined})),
              ElementsAre("leaked-obligation o0.1 at 900"));
  EXPECT_THAT(
      found_in(within({spawn, lease,
                       R"({"ev":"obligation_end","t":40,"obligation":"o0.1","how":"leaked"})", ends,
                       joined})),
      ElementsAre("leaked-obligation o0.1 at 40"));
  EXPECT_THAT(
      found_in(within({spawn, lease,
                       R"({"ev":"obligation_end","t":40,"obligation":"o0.1","how":"aborted"})",
                       ends, joined})),
      IsEmpty());
  EXPECT_THAT(found_in(within({R"({"ev":"obligation","t":2,"obligation":"o0.1","kind":"io"})"})),
              ElementsAre("leaked-obligation o0.1 at 1000"));
  EXPECT_THAT(found_in(within({spawn, lease}, false)), ElementsAre("cut-off at 2"))
      << "it may still be resolved";
}

TEST(illegal_transition, is_a_state_that_went_back) {
  EXPECT_THAT(found_in(within({spawn, ends, joined,
                               R"({"ev":"task_end","t":60,"task":"t0.1","outcome":"err"})"})),
              ElementsAre("illegal-transition t0.1 at 60"));
}

TEST(region_never_closed, is_only_said_of_a_trace_that_ended_in_order) {
  EXPECT_THAT(found_in(within({R"({"ev":"end","t":5})"}, false)),
              ElementsAre("region-never-closed r0.1 at 5", "region-never-closed r1.1 at 5"));
  EXPECT_THAT(found_in(within({}, false)), ElementsAre("cut-off at 0"));
}

TEST(sibling_effect, is_a_cancellation_that_did_not_go_down) {
  constexpr std::string_view sibling =
      R"({"ev":"region_open","t":0,"region":"r2.1","parent":"r0.1"})";
  constexpr std::string_view cause =
      R"({"ev":"cancel","t":10,"cancel":"c1","kind":"user","target":"r2.1"})";
  constexpr std::string_view closes =
      R"({"ev":"region_state","t":800,"region":"r2.1","state":"closed"})";
  const auto spread = [&](const char* kind, const char* target, const char* effect = "applied") {
    const std::string line =
        std::string(R"({"ev":"cancel","t":20,"cancel":"c2","cause":"c1","kind":")") + kind +
        R"(","target":")" + target + R"(","effect":")" + effect + "\"}";
    return found_in(within({sibling, cause, spawn, line, ends, joined, closes}));
  };
  EXPECT_THAT(spread("parent", "t0.1"), ElementsAre("sibling-effect t0.1 at 20"));
  EXPECT_THAT(spread("parent", "r0.1"), ElementsAre("sibling-effect r0.1 at 20"));
  EXPECT_THAT(spread("user", "t0.1"), IsEmpty()) << "somebody's own act";
}

TEST(sibling_effect, is_not_said_of_what_is_under_the_cause) {
  EXPECT_THAT(
      found_in(within(
          {R"({"ev":"cancel","t":10,"cancel":"c1","kind":"user","target":"r0.1"})", spawn,
           R"({"ev":"cancel","t":10,"cancel":"c2","cause":"c1","kind":"parent","target":"r1.1"})",
           R"({"ev":"cancel","t":10,"cancel":"c3","cause":"c2","kind":"parent","target":"t0.1"})",
           ends, joined})),
      IsEmpty());
  EXPECT_THAT(
      found_in(within(
          {R"({"ev":"region_open","t":1,"region":"r3.1","parent":"r1.1","by":"t9.1"})",
           R"({"ev":"cancel","t":10,"cancel":"c1","kind":"user","target":"t9.1"})",
           R"({"ev":"cancel","t":10,"cancel":"c2","cause":"c1","kind":"parent","target":"r3.1"})",
           R"({"ev":"region_state","t":12,"region":"r3.1","state":"closed"})"})),
      IsEmpty())
      << "a region is under the task that opened it";
}

TEST(unjoined_task, is_one_that_nobody_joined_but_its_region) {
  EXPECT_THAT(found_in(within({spawn, ends})), ElementsAre("unjoined-task t0.1 at 900"));
  EXPECT_THAT(
      found_in(within({spawn, ends, R"({"ev":"task_join","t":51,"task":"t0.1","by":"r1.1"})"})),
      ElementsAre("unjoined-task t0.1 at 900"));
  EXPECT_THAT(found_in(within({spawn, ends, R"({"ev":"release","t":55,"id":"t0.1"})"})),
              ElementsAre("unjoined-task t0.1 at 55"));
  EXPECT_THAT(found_in(within({spawn, ends, R"({"ev":"task_join","t":51,"task":"t0.1"})"})),
              IsEmpty())
      << "somebody did, whoever it was";
  EXPECT_THAT(found_in(within({spawn, ends}, false)), ElementsAre("cut-off at 50"))
      << "it may still be joined";
}

constexpr std::string_view request =
    R"({"ev":"cancel","t":10,"cancel":"c1","kind":"user","target":"t0.1","deadline":30})";
constexpr std::string_view drains =
    R"({"ev":"cancel_phase","t":11,"target":"t0.1","cancel":"c1","phase":"draining"})";

TEST(over_budget, is_a_drain_past_its_deadline_or_an_exhausted_budget) {
  EXPECT_THAT(found_in(within({spawn, request, drains, ends, joined})),
              ElementsAre("over-budget t0.1 at 30"));
  EXPECT_THAT(
      found_in(within(
          {spawn, request, drains,
           R"({"ev":"cancel_phase","t":25,"target":"t0.1","cancel":"c1","phase":"finalizing"})",
           ends, joined})),
      IsEmpty())
      << "draining was over in time";
  EXPECT_THAT(
      found_in(within(
          {spawn, request, drains,
           R"({"ev":"budget","t":20,"target":"t0.1","resource":"polls","left":0,"exhausted":true})",
           ends, joined})),
      ElementsAre("over-budget t0.1 at 20"));
  EXPECT_THAT(
      found_in(within(
          {spawn,
           R"({"ev":"budget","t":5,"target":"t0.1","resource":"polls","left":0,"exhausted":true})",
           R"({"ev":"cancel","t":10,"cancel":"c1","kind":"budget","target":"t0.1"})", drains, ends,
           joined})),
      IsEmpty())
      << "the budget for the work itself, not for cleaning up";
}

TEST(slow_drain, is_said_of_the_innermost) {
  const finding_limits limits{.slow_drain_ns = 20};
  const std::string text = within(
      {spawn, R"({"ev":"cancel","t":10,"cancel":"c1","kind":"user","target":"r1.1"})",
       R"({"ev":"region_state","t":10,"region":"r1.1","state":"draining"})",
       R"({"ev":"cancel","t":10,"cancel":"c2","kind":"parent","cause":"c1","target":"t0.1"})",
       R"({"ev":"cancel_phase","t":11,"target":"t0.1","cancel":"c2","phase":"draining"})", ends,
       joined});
  EXPECT_THAT(found_in(text, limits), ElementsAre("slow-drain t0.1 at 50"));
  EXPECT_THAT(found_in(text, {.slow_drain_ns = 40}), ElementsAre("slow-drain r1.1 at 900"))
      << "the task took 40 and no more; something else held the region up";
  EXPECT_THAT(found_in(text, {.slow_drain_ns = 890}), IsEmpty());
}

TEST(ignored_cancel, is_a_target_that_never_began_to_drain) {
  const finding_limits limits{.slow_drain_ns = 20};
  const std::string_view plain_request =
      R"({"ev":"cancel","t":10,"cancel":"c1","kind":"user","target":"t0.1"})";
  EXPECT_THAT(found_in(within({spawn, plain_request, ends, joined}), limits),
              ElementsAre("ignored-cancel t0.1 at 10", "slow-drain t0.1 at 50"));
  EXPECT_THAT(found_in(within({spawn, plain_request, R"({"ev":"mark","t":90,"label":"x"})"}, false),
                       limits),
              ElementsAre("ignored-cancel t0.1 at 10", "cut-off at 90"));
  EXPECT_THAT(found_in(within({spawn, plain_request, drains, ends, joined}), limits),
              ElementsAre("slow-drain t0.1 at 50"));
  EXPECT_THAT(found_in(within({spawn, plain_request, ends, joined}), {.slow_drain_ns = 40}),
              IsEmpty());
}

TEST(ignored_cancel, is_not_said_where_the_producer_tells_no_phases) {
  const finding_limits limits{.slow_drain_ns = 20};
  EXPECT_THAT(
      found_in(
          within({spawn, R"({"ev":"cancel","t":10,"cancel":"c1","kind":"user","target":"t0.1"})",
                  R"({"ev":"task_end","t":50,"task":"t0.1","outcome":"cancelled"})", joined}),
          limits),
      ElementsAre("slow-drain t0.1 at 50"));
}

TEST(non_lifo_reuse, is_a_slot_taken_out_of_turn) {
  EXPECT_THAT(
      found_in(within({spawn, R"({"ev":"task_spawn","t":2,"task":"t1.1","region":"r1.1"})", ends,
                       joined, R"({"ev":"task_end","t":52,"task":"t1.1","outcome":"ok"})",
                       R"({"ev":"task_join","t":53,"task":"t1.1"})",
                       R"({"ev":"release","t":60,"id":"t0.1"})",
                       R"({"ev":"release","t":61,"id":"t1.1"})",
                       R"({"ev":"task_spawn","t":62,"task":"t0.2","region":"r1.1"})",
                       R"({"ev":"task_end","t":63,"task":"t0.2","outcome":"ok"})",
                       R"({"ev":"task_join","t":64,"task":"t0.2"})"})),
      ElementsAre("non-lifo-reuse t0.2 at 62"));
}

TEST(truncated_chain, is_said_once_for_each_place_where_chains_are_cut) {
  EXPECT_THAT(
      found_in(within(
          {spawn,
           R"({"ev":"cancel","t":10,"cancel":"c2","kind":"parent","target":"r1.1","cause":"c1"})",
           R"({"ev":"cancel","t":10,"cancel":"c3","kind":"parent","target":"t0.1","cause":"c2"})",
           drains, ends, joined})),
      Contains("truncated-chain r1.1 at 10"));
}

TEST(cancel_storm, is_more_than_a_thousand_requests_from_one_root_cause) {
  const auto storm = [](int requests) {
    std::string text = within(
        {spawn, R"({"ev":"cancel","t":10,"cancel":"c1","kind":"user","target":"r1.1"})"}, false);
    for (int i = 0; i < requests; ++i)
      text +=
          R"({"ev":"cancel","t":11,"kind":"parent","target":"t0.1","cause":"c1","effect":"absorbed","cancel":"c)" +
          std::to_string(i + 2) + "\"}\n";
    return found_in(text);
  };
  EXPECT_THAT(storm(1000), Not(Contains("cancel-storm r1.1 at 10")));
  EXPECT_THAT(storm(1001), Contains("cancel-storm r1.1 at 10"));
}

/// What is said of the first finding of that code.
finding first_of(const std::string& text, finding_code code, const finding_limits& limits = {}) {
  const auto trace = load_text(text);
  for (const finding& f : find_all(trace, limits))
    if (f.code == code) return f;
  ADD_FAILURE() << "no " << to_string(code);
  return {};
}

std::string said_of(const std::string& text, finding_code code, const finding_limits& limits = {}) {
  return first_of(text, code, limits).message;
}

TEST(a_finding, begins_with_whom_it_concerns_and_what_happened) {
  const auto violation = [](const std::string& oracle, const std::string& message) {
    const std::string line = R"({"ev":"violation","t":40,"oracle":")" + oracle +
                             R"(","message":")" + message + R"(","target":"t0.1"})";
    return said_of(within({spawn, line, ends, joined}), finding_code::violation);
  };
  EXPECT_EQ(violation("clean-up budget", "clean-up budget exhausted: 'work' had not finished"),
            "`work`: clean-up budget exhausted: it had not finished.");
  EXPECT_EQ(violation("quiescence", "work was destroyed."),
            "`work` was destroyed (against the guarantee “quiescence”).");
  EXPECT_EQ(violation("quiescence", "workers remain"),
            "`work`: workers remain (against the guarantee “quiescence”).");
  EXPECT_EQ(said_of(within({R"({"ev":"violation","t":1,"oracle":"x","message":"y"})"}),
                    finding_code::violation),
            "y (against the guarantee “x”).");
  EXPECT_EQ(said_of(within({spawn}), finding_code::orphan_task),
            "`work` was not completed when its region `inner` was closed.");
  EXPECT_EQ(said_of(within({R"({"ev":"obligation","t":2,"obligation":"o0.1","kind":"io"})"}),
                    finding_code::leaked_obligation),
            "I/O o0.1 was still open when the trace ended in order.");
  EXPECT_EQ(said_of(within({spawn, ends, joined,
                            R"({"ev":"task_end","t":60,"task":"t0.1","outcome":"err"})"}),
                    finding_code::illegal_transition)
                .substr(0, 16),
            "`work`, line 8: ");
  EXPECT_EQ(
      said_of(within({spawn, ends, joined, R"({"ev":"release","t":60,"id":"t0.1"})",
                      R"({"ev":"stale","t":61,"id":"t0.1","live":1,"op":"join","by":"t9.1"})"}),
              finding_code::stale_handle),
      "`work` is gone, and its old handle was presented for join by task `main` and refused; "
      "its slot is at generation 1.");
}

TEST(an_unjoined_task, says_what_was_lost_with_it) {
  const auto said = [](std::initializer_list<std::string_view> events) {
    return said_of(within(events), finding_code::unjoined_task);
  };
  constexpr std::string_view by_region = R"({"ev":"task_join","t":51,"task":"t0.1","by":"r1.1"})";
  EXPECT_EQ(said({spawn, ends}), "`work` was never joined.");
  EXPECT_EQ(said({spawn, ends, by_region}), "`work` was joined by nobody but its region `inner`.");
  EXPECT_EQ(
      said({spawn, R"({"ev":"task_end","t":50,"task":"t0.1","outcome":"err","error":"no ink"})",
            by_region}),
      "`work` was joined by nobody but its region `inner`; its error “no ink” went unseen.");
  EXPECT_EQ(said({spawn, R"({"ev":"task_end","t":50,"task":"t0.1","outcome":"panicked"})"}),
            "`work` was never joined; that it ended *panicked* went unseen.");
  constexpr std::string_view request_of_region =
      R"({"ev":"cancel","t":10,"cancel":"c1","kind":"user","target":"r1.1"})";
  constexpr std::string_view request_of_task =
      R"({"ev":"cancel","t":10,"cancel":"c2","kind":"parent","target":"t0.1","cause":"c1"})";
  constexpr std::string_view cancelled =
      R"({"ev":"task_end","t":50,"task":"t0.1","outcome":"cancelled"})";
  EXPECT_EQ(said({spawn, request_of_region, request_of_task, cancelled, by_region}),
            "`work` was joined by nobody but its region `inner`, and was cancelled with it.");
  EXPECT_EQ(said({spawn, request_of_region, request_of_task, cancelled}),
            "`work` was never joined, and was cancelled with its region.");
}

TEST(a_slow_clean_up, says_what_it_waited_for) {
  const std::string_view asked =
      R"({"ev":"cancel","t":10,"cancel":"c1","kind":"user","target":"t0.1"})";
  const std::string_view parked =
      R"({"ev":"task_wait","t":15,"task":"t0.1","on":"io","label":"flush"})";
  EXPECT_EQ(said_of(within({spawn, asked, parked, ends, joined}), finding_code::slow_drain,
                    {.slow_drain_ns = 20}),
            "`work` took 40 ns from the request to its end, 35 ns of it waiting for I/O `flush`.");
  EXPECT_EQ(said_of(within({spawn, asked, parked, ends, joined}), finding_code::ignored_cancel,
                    {.slow_drain_ns = 20}),
            "`work` was asked to stop and did not begin to for 40 ns, 35 ns of it waiting for I/O "
            "`flush`.");
}

TEST(every_finding, shows_the_events_that_it_stands_on) {
  const auto lines = [](const std::string& text, finding_code code) {
    const auto trace = load_text(text);
    std::vector<std::uint64_t> found;
    for (const finding& f : find_all(trace))
      if (f.code == code)
        for (const event_index e : f.evidence)
          found.push_back(trace.line_of(e));
    return found;
  };
  EXPECT_THAT(lines(within({spawn, ends}), finding_code::unjoined_task), ElementsAre(6, 7));
  EXPECT_THAT(lines(within({spawn}), finding_code::orphan_task), ElementsAre(5, 6));
  EXPECT_THAT(lines(within({spawn}, false), finding_code::cut_off), ElementsAre(5));
  EXPECT_THAT(
      lines(within({}, false) + "{\"ev\":\"end\",\"t\":5}\n", finding_code::region_never_closed),
      ElementsAre(2, 5, 4, 5));
  const finding refused = first_of(
      within({spawn, ends, joined, R"({"ev":"task_end","t":60,"task":"t0.1","outcome":"err"})"}),
      finding_code::illegal_transition);
  EXPECT_TRUE(refused.evidence.empty()) << "the line was not used, so it is no event";
  EXPECT_EQ(refused.line, 8U);
}

TEST(every_finding, has_a_name_a_severity_and_advice) {
  for (int i = 0; i <= static_cast<int>(finding_code::cut_off); ++i) {
    const auto code = static_cast<finding_code>(i);
    EXPECT_FALSE(to_string(code).empty());
    EXPECT_FALSE(meaning(code).empty());
    EXPECT_FALSE(advice(code).empty());
  }
  EXPECT_EQ(severity_of(finding_code::sibling_effect), severity::error);
  EXPECT_EQ(severity_of(finding_code::non_lifo_reuse), severity::warning);
  EXPECT_EQ(severity_of(finding_code::truncated_chain), severity::info);
}

} // namespace findings_test
} // namespace cancelscope::inspector::testing
