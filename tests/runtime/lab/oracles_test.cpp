// Each oracle is shown a fault, planted into a stream of events or into what the kernel counts, and must find it; and
// the same without the fault, and must be silent.
#include "runtime/lab/oracle.hpp"

#include <gmock/gmock.h>

namespace cancelscope {
namespace {

using namespace trace;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const region_id root{0, 1};
const region_id left{1, 1};
const region_id right{2, 1};
const task_id a{0, 1};
const task_id b{1, 1};
const task_id c{2, 1};
const obligation_id lease{0, 1};

using bodies = std::vector<event_body>;

std::vector<broken_promise> broken(oracle_list oracles, const bodies& events,
                                   const kernel_counts& left_over = {}) {
  oracle_panel panel{std::move(oracles)};
  for (const event_body& body : events)
    panel.write({.t = 5, .body = body});
  panel.compare(left_over);
  return panel.broken();
}

std::vector<std::string> found(std::unique_ptr<oracle> by, const bodies& events,
                               const kernel_counts& left_over = {}) {
  oracle_list only;
  only.push_back(std::move(by));
  std::vector<std::string> messages;
  for (const broken_promise& each : broken(std::move(only), events, left_over))
    messages.push_back(each.message);
  return messages;
}

event_body moved(region_id region, region_state state) {
  region_moved body{.region = region, .state = state};
  if (state == region_state::closed) body.outcome = outcome_kind::ok;
  return body;
}

/// Two tasks in a region, one of which is cancelled and drained; an obligation; everything comes to its end.
bodies legal() {
  return {header{},
          region_open{.region = root},
          task_spawn{.task = a, .region = root},
          task_spawn{.task = b, .region = root, .by = a},
          obligation_open{
              .obligation = lease, .kind = obligation_kind::lease, .region = root, .label = "seat"},
          task_run{.task = a},
          task_wait{.task = a, .on = wait_reason::join, .what = "t1.1"},
          cancel_request{.cancel = {1}, .target = b, .origin_region = root, .origin_task = a},
          cancel_phase{.target = b, .cancel = {1}, .phase = cancel_phase_name::draining},
          obligation_end{.obligation = lease, .how = obligation_fate::aborted},
          slot_release{.id = lease},
          cancel_phase{.target = b, .cancel = {1}, .phase = cancel_phase_name::completed},
          task_end{.task = b, .outcome = outcome_kind::cancelled, .cancel = cancel_id{1}},
          task_join{.task = b, .by = a},
          slot_release{.id = b},
          task_end{.task = a},
          moved(root, region_state::closing),
          task_join{.task = a, .by = root},
          slot_release{.id = a},
          moved(root, region_state::closed),
          slot_release{.id = root},
          end_of_trace{}};
}

TEST(oracles, find_nothing_in_a_legal_run) {
  EXPECT_THAT(broken(all_oracles(), legal()), IsEmpty());
}

TEST(oracles, are_as_many_as_there_are_guarantees_and_each_has_its_name) {
  std::vector<std::string> names;
  for (const auto& each : all_oracles())
    names.emplace_back(each->name());
  EXPECT_THAT(names, ElementsAre("no orphan task", "quiescence at close", "obligations resolved",
                                 "protocol monotone", "losers of a race drained",
                                 "siblings untouched", "slots last-in-first-out",
                                 "no stale handle accepted", "attribution complete"));
}

TEST(oracles, write_what_they_find_into_the_trace_after_the_event) {
  struct names final : sink {
    std::vector<std::string> all;
    void write(const event& e) override { all.emplace_back(name_of(e)); }
  } written;
  oracle_panel panel{all_oracles(), &written};
  panel.write({.t = 1, .body = region_open{.region = root}});
  panel.write({.t = 2, .body = task_run{.task = a}});
  EXPECT_THAT(written.all, ElementsAre("region_open", "task_run", "violation"));
  EXPECT_THAT(panel.broken(), ElementsAre(broken_promise{
                                  "no orphan task", "t0.1 ran, and nothing is known of it", a}));
}

TEST(oracles, note_what_the_runtime_itself_found_broken) {
  EXPECT_THAT(broken({}, {violation{.oracle = "progress", .message = "nothing can wake one"}}),
              ElementsAre(broken_promise{"progress", "nothing can wake one", std::nullopt}));
}

// ---- No orphan task ----

TEST(the_oracle_of_orphans, finds_a_task_that_runs_when_its_region_closes) {
  EXPECT_THAT(found(no_orphan_task(),
                    {region_open{.region = root}, task_spawn{.task = a, .region = root},
                     moved(root, region_state::closed)},
                    {.tasks = 1}),
              Contains("r0.1 closed with 1 tasks still running"));
}

TEST(the_oracle_of_orphans, finds_a_task_that_goes_on_after_its_region) {
  EXPECT_THAT(found(no_orphan_task(),
                    {region_open{.region = root}, task_spawn{.task = a, .region = root},
                     task_end{.task = a}, moved(root, region_state::closed), task_run{.task = a}},
                    {.tasks = 1}),
              Contains("t0.1 ran after r0.1 had closed"));
}

TEST(the_oracle_of_orphans, finds_a_task_that_only_the_kernel_knows) {
  EXPECT_THAT(found(no_orphan_task(), legal(), {.tasks = 1}),
              ElementsAre("the kernel counts 1 tasks, the events leave 0"));
}

// ---- Quiescence at close ----

TEST(the_oracle_of_quiescence, finds_a_region_that_closes_before_one_under_it) {
  EXPECT_THAT(found(quiescence_at_close(),
                    {region_open{.region = root}, region_open{.region = left, .parent = root},
                     moved(root, region_state::closed)},
                    {.regions = 2}),
              Contains("r0.1 came to its end with 1 regions under it still open"));
}

TEST(the_oracle_of_quiescence, finds_a_task_that_nobody_joined) {
  EXPECT_THAT(
      found(quiescence_at_close(),
            {region_open{.region = root}, task_spawn{.task = a, .region = root},
             task_end{.task = a}, moved(root, region_state::closed), slot_release{.id = root}}),
      ElementsAre("r0.1 closed with 1 tasks that nobody joined, not even itself"));
}

TEST(the_oracle_of_quiescence, finds_what_begins_in_a_region_that_has_closed) {
  EXPECT_THAT(found(quiescence_at_close(),
                    {region_open{.region = root}, moved(root, region_state::closed),
                     task_spawn{.task = a, .region = root}},
                    {.regions = 1}),
              Contains("t0.1 began in r0.1 after that had closed"));
}

TEST(the_oracle_of_quiescence, finds_a_finalizer_that_runs_too_late) {
  EXPECT_THAT(
      found(quiescence_at_close(), {region_open{.region = root}, moved(root, region_state::closed),
                                    finalizer_ran{.region = root}, slot_release{.id = root}}),
      ElementsAre("r0.1 ran a finalizer after it had closed"));
}

TEST(the_oracle_of_quiescence, finds_a_region_that_never_closes_and_one_only_the_kernel_knows) {
  EXPECT_THAT(found(quiescence_at_close(), {region_open{.region = root}}, {.regions = 2}),
              ElementsAre("the kernel counts 2 regions, the events leave 1", "r0.1 never closed"));
}

// ---- Obligations resolved ----

TEST(the_oracle_of_obligations, finds_a_leak) {
  EXPECT_THAT(found(obligations_resolved(),
                    {obligation_open{.obligation = lease, .region = root, .label = "seat"},
                     obligation_end{.obligation = lease, .how = obligation_fate::leaked}},
                    {.leaked = 1}),
              ElementsAre("o0.1 'seat' was still open when its region closed"));
}

TEST(the_oracle_of_obligations, finds_one_that_nobody_reports) {
  EXPECT_THAT(found(obligations_resolved(),
                    {obligation_open{.obligation = lease, .region = root},
                     moved(root, region_state::closed)},
                    {.obligations = 1}),
              Contains("o0.1 outlives its region, and is not reported as leaked"));
}

TEST(the_oracle_of_obligations, finds_one_that_is_resolved_twice) {
  EXPECT_THAT(found(obligations_resolved(),
                    {obligation_open{.obligation = lease}, obligation_end{.obligation = lease},
                     obligation_end{.obligation = lease}}),
              ElementsAre("o0.1 was resolved, and is not open"));
}

TEST(the_oracle_of_obligations, finds_a_leak_that_only_the_kernel_counts) {
  EXPECT_THAT(found(obligations_resolved(), legal(), {.leaked = 1}),
              ElementsAre("the kernel found 1 obligations leaked, the events tell of 0"));
}

// ---- Protocol monotone ----

TEST(the_oracle_of_the_protocol, finds_a_region_that_goes_back) {
  EXPECT_THAT(found(protocol_monotone(),
                    {moved(root, region_state::draining), moved(root, region_state::closing)}),
              ElementsAre("r0.1 went back in its states"));
}

TEST(the_oracle_of_the_protocol, finds_a_phase_that_nobody_requested_and_one_that_goes_back) {
  EXPECT_THAT(
      found(protocol_monotone(),
            {cancel_phase{.target = a, .cancel = {1}, .phase = cancel_phase_name::finalizing},
             cancel_phase{.target = a, .cancel = {1}, .phase = cancel_phase_name::draining}}),
      ElementsAre("t0.1 moved on without a request", "t0.1 moved on without a request",
                  "t0.1 went back in its phases"));
}

TEST(the_oracle_of_the_protocol, finds_an_end_before_the_protocol_is_over) {
  EXPECT_THAT(found(protocol_monotone(), {cancel_request{.cancel = {1}, .target = a},
                                          task_end{.task = a, .outcome = outcome_kind::cancelled}}),
              ElementsAre("t0.1 was requested to end, and ended without completing the protocol"));
}

TEST(the_oracle_of_the_protocol, finds_a_task_that_goes_on_after_its_end) {
  EXPECT_THAT(found(protocol_monotone(), {task_end{.task = a}, task_run{.task = a},
                                          cancel_request{.cancel = {1}, .target = a}}),
              ElementsAre("t0.1 ran after its end", "t0.1 was cancelled after its end"));
}

TEST(the_oracle_of_the_protocol, finds_a_weaker_request_that_takes_over) {
  EXPECT_THAT(found(protocol_monotone(),
                    {cancel_request{.cancel = {1}, .kind = cancel_kind::parent, .target = a},
                     cancel_request{.cancel = {2},
                                    .kind = cancel_kind::user,
                                    .target = a,
                                    .effect = cancel_effect::strengthened}}),
              ElementsAre("t0.1 had its request strengthened by one that is not stronger"));
}

// ---- Losers of a race drained ----

bodies race_until(event_body next) {
  return {task_spawn{.task = b, .region = root},
          task_spawn{.task = c, .region = root},
          task_end{.task = b},
          cancel_request{.cancel = {1},
                         .kind = cancel_kind::race_lost,
                         .target = c,
                         .origin_region = root,
                         .origin_task = b},
          task_join{.task = b, .by = a},
          slot_release{.id = b},
          std::move(next)};
}

TEST(the_oracle_of_races, lets_the_racer_wait_for_the_loser) {
  bodies events = race_until(task_wait{.task = a, .on = wait_reason::join, .what = "t2.1"});
  events.emplace_back(task_end{.task = c, .outcome = outcome_kind::cancelled});
  events.emplace_back(task_join{.task = c, .by = a});
  events.emplace_back(task_end{.task = a});
  EXPECT_THAT(found(losers_drained(), events), IsEmpty());
}

TEST(the_oracle_of_races, finds_a_racer_that_goes_on_before_the_loser_has_ended) {
  for (const event_body& next :
       bodies{task_end{.task = a}, mark{.label = "on", .task = a},
              task_spawn{.task = {9, 1}, .region = root, .by = a},
              region_open{.region = left, .by = a}, obligation_open{.obligation = lease, .task = a},
              task_wait{.task = a, .on = wait_reason::timer}}) {
    const auto messages = found(losers_drained(), race_until(next));
    ASSERT_EQ(messages.size(), 1U);
    EXPECT_THAT(messages[0], HasSubstr("while t2.1, which lost the race that it decided, had not"));
  }
}

TEST(the_oracle_of_races, does_not_mind_a_loser_that_had_ended_anyway) {
  EXPECT_THAT(found(losers_drained(), {task_end{.task = c}, task_end{.task = b},
                                       cancel_request{.cancel = {1},
                                                      .kind = cancel_kind::race_lost,
                                                      .target = c,
                                                      .origin_task = b,
                                                      .effect = cancel_effect::absorbed},
                                       task_join{.task = b, .by = a}, task_end{.task = a}}),
              IsEmpty());
}

// ---- Siblings untouched ----

TEST(the_oracle_of_siblings, finds_a_request_that_reaches_beside_its_cause) {
  const bodies tree{region_open{.region = root},
                    region_open{.region = left, .parent = root},
                    region_open{.region = right, .parent = root},
                    task_spawn{.task = a, .region = left},
                    task_spawn{.task = b, .region = right},
                    cancel_request{.cancel = {1}, .target = left}};
  const auto and_then = [&](task_id reached) {
    bodies events = tree;
    events.emplace_back(cancel_request{
        .cancel = {2}, .kind = cancel_kind::parent, .target = reached, .cause = cancel_id{1}});
    return events;
  };
  EXPECT_THAT(found(siblings_untouched(), and_then(a)), IsEmpty());
  EXPECT_THAT(found(siblings_untouched(), and_then(b)),
              ElementsAre("t1.1 was reached by a request for r1.1, under which it does not lie"));
}

TEST(the_oracle_of_siblings, finds_a_region_that_moves_for_anothers_request) {
  EXPECT_THAT(found(siblings_untouched(),
                    {cancel_request{.cancel = {1}, .target = left},
                     region_moved{
                         .region = right, .state = region_state::closing, .cancel = cancel_id{1}}}),
              ElementsAre("r2.1 moved because of a request for r1.1"));
}

// ---- Slots last-in-first-out ----

TEST(the_oracle_of_slots, finds_a_slot_that_was_not_freed_last) {
  EXPECT_THAT(
      found(slots_last_in_first_out(),
            {region_open{.region = root}, region_open{.region = left}, slot_release{.id = left},
             slot_release{.id = root}, region_open{.region = {1, 2}}}),
      ElementsAre("r1.2 took its slot though slot 0 was freed last"));
}

TEST(the_oracle_of_slots, finds_a_new_slot_where_one_was_free) {
  EXPECT_THAT(
      found(slots_last_in_first_out(),
            {region_open{.region = root}, slot_release{.id = root}, region_open{.region = left}}),
      ElementsAre("r1.1 took a new slot though slot 0 was free"));
}

TEST(the_oracle_of_slots, finds_a_generation_that_does_not_rise) {
  EXPECT_THAT(
      found(slots_last_in_first_out(),
            {region_open{.region = root}, slot_release{.id = root}, region_open{.region = root}}),
      ElementsAre("r0.1 does not raise its slot's generation"));
}

TEST(the_oracle_of_slots, knows_that_a_slot_with_no_generations_left_is_retired) {
  EXPECT_THAT(
      found(slots_last_in_first_out({.last_generation = 1}),
            {region_open{.region = root}, slot_release{.id = root}, region_open{.region = left}}),
      IsEmpty());
}

// ---- No stale handle accepted ----

TEST(the_oracle_of_handles, finds_a_stale_handle_that_was_accepted) {
  const bodies gone{region_open{.region = root}, task_spawn{.task = a, .region = root},
                    slot_release{.id = a}, slot_release{.id = root}};
  for (const event_body& next :
       bodies{cancel_request{.cancel = {1}, .target = a}, task_join{.task = a},
              task_spawn{.task = b, .region = root}, region_open{.region = left, .parent = root},
              obligation_open{.obligation = lease, .region = root}, slot_release{.id = a},
              obligation_end{.obligation = lease}}) {
    bodies events = gone;
    events.push_back(next);
    const auto messages = found(no_stale_handle_accepted(), events);
    ASSERT_EQ(messages.size(), 1U);
    EXPECT_THAT(messages[0], HasSubstr("and does not live"));
  }
}

TEST(the_oracle_of_handles, finds_a_refusal_that_only_the_kernel_counts) {
  EXPECT_THAT(found(no_stale_handle_accepted(), legal(), {.refused = 1}),
              ElementsAre("the kernel refused 1 handles, the events tell of 0"));
}

// ---- Attribution complete ----

TEST(the_oracle_of_attribution, finds_a_cause_that_is_not_known) {
  EXPECT_THAT(found(attribution_complete(),
                    {cancel_request{.cancel = {2}, .target = a, .cause = cancel_id{1}}}),
              ElementsAre("c2 names c1 as its cause, which is not known"));
}

TEST(the_oracle_of_attribution, finds_a_request_from_above_that_does_not_say_which) {
  EXPECT_THAT(found(attribution_complete(),
                    {cancel_request{.cancel = {1}, .kind = cancel_kind::parent, .target = a}}),
              ElementsAre("c1 came down from an ancestor and does not say from which request"));
  EXPECT_THAT(
      found(attribution_complete(),
            {cancel_request{
                .cancel = {1}, .kind = cancel_kind::parent, .target = a, .truncated = true}}),
      IsEmpty());
}

TEST(the_oracle_of_attribution, finds_a_failure_and_a_lost_race_without_an_origin) {
  for (const cancel_kind kind : {cancel_kind::fail_fast, cancel_kind::race_lost})
    EXPECT_THAT(
        found(attribution_complete(), {cancel_request{.cancel = {1}, .kind = kind, .target = a}}),
        ElementsAre("c1 does not say who failed, or who won"));
}

TEST(the_oracle_of_attribution, finds_an_origin_that_is_made_up) {
  EXPECT_THAT(
      found(attribution_complete(), {cancel_request{.cancel = {1}, .target = a, .origin_task = c}}),
      ElementsAre("c1 says that t2.1 asked for it, which is not known"));
}

TEST(the_oracle_of_attribution, finds_a_cancelled_end_without_a_request) {
  EXPECT_THAT(
      found(attribution_complete(),
            {task_end{.task = a, .outcome = outcome_kind::cancelled},
             task_end{.task = b, .outcome = outcome_kind::cancelled, .cancel = cancel_id{7}}}),
      ElementsAre("t0.1 ended cancelled and does not say by which request",
                  "t1.1 ended cancelled by c7, which is not known"));
}

TEST(the_oracle_of_attribution, finds_a_phase_put_down_to_anothers_request) {
  EXPECT_THAT(found(attribution_complete(), {cancel_request{.cancel = {1}, .target = a},
                                             cancel_phase{.target = b, .cancel = {1}}}),
              ElementsAre("t1.1 moves on because of c1, which is not its own"));
}

TEST(the_oracle_of_attribution, finds_requests_whose_numbers_do_not_rise) {
  EXPECT_THAT(found(attribution_complete(), {cancel_request{.cancel = {2}, .target = a},
                                             cancel_request{.cancel = {2}, .target = b}}),
              ElementsAre("c2 does not rise"));
}

} // namespace
} // namespace cancelscope
