// What a consumer does over the ABI is what the kernel does, and what came of it is there to be read.
#include "tests/runtime/abi/consumer.hpp"

namespace cancelscope {
namespace boundary_test {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using tests::consumer;

std::vector<std::uint32_t> kinds(const std::vector<cs_notice>& notices) {
  std::vector<std::uint32_t> found;
  for (const auto& n : notices)
    found.push_back(n.kind);
  return found;
}

TEST(over_the_abi, a_task_runs_ends_and_is_joined) {
  consumer c;
  const auto region = c.open("checkout");
  const auto task = c.spawn(region, "charge card");
  EXPECT_EQ(c.end(task), CS_OK);
  EXPECT_EQ(c.b.join(task, 0), CS_OK);
  EXPECT_EQ(c.outcome().kind, CS_OUTCOME_OK);
  EXPECT_EQ(c.b.join(task, 0), CS_STALE);
  EXPECT_EQ(c.b.close_region(region), CS_OK);
  EXPECT_THAT(kinds(c.notices()), ElementsAre(CS_NOTICE_REGION_CLOSED));
  EXPECT_EQ(c.counts().regions, 0U);
  EXPECT_EQ(c.counts().tasks, 0U);
}

TEST(over_the_abi, a_cancelled_task_is_woken_once_stops_and_hands_over_the_whole_chain) {
  consumer c;
  const auto root = c.open("root");
  const auto inner = c.open("inner", root);
  const auto task = c.spawn(inner, "worker");
  EXPECT_EQ(c.b.join(task, 0), CS_NOTHING);
  EXPECT_EQ(c.b.checkpoint(task), CS_OK);
  EXPECT_EQ(c.cancel(root, "closing time"), CS_OK);
  const auto notices = c.notices();
  ASSERT_EQ(kinds(notices), std::vector<std::uint32_t>{CS_NOTICE_WAKE});
  EXPECT_EQ(notices[0].handle, task);
  EXPECT_EQ(c.b.checkpoint(task), CS_STOP);
  EXPECT_EQ(c.b.checkpoint(task), CS_OK); // once
  EXPECT_EQ(c.end(task, CS_UNWOUND), CS_OK);
  cs_notice joined{};
  ASSERT_EQ(c.b.take_notice(&joined), CS_OK);
  EXPECT_EQ(joined.kind, CS_NOTICE_JOINED);
  EXPECT_EQ(joined.handle, task);
  const auto outcome = c.outcome();
  EXPECT_EQ(outcome.kind, CS_OUTCOME_CANCELLED);
  ASSERT_EQ(outcome.chain_length, 2U); // a cascade is one act: the levels between are not in it
  EXPECT_EQ(c.link(0).kind, CS_CANCEL_PARENT);
  EXPECT_EQ(c.link(0).target, task);
  EXPECT_EQ(c.link(1).kind, CS_CANCEL_USER);
  EXPECT_EQ(c.link(1).target, root);
  EXPECT_EQ(c.words, "closing time");
}

TEST(over_the_abi, a_task_that_is_waited_for_hands_its_outcome_over_before_its_region_can_take_it) {
  consumer c;
  const auto region = c.open("r");
  const auto task = c.spawn(region, "t");
  EXPECT_EQ(c.b.join(task, 0), CS_NOTHING);
  EXPECT_EQ(c.b.join(task, 0), CS_REFUSED); // one may wait
  c.b.close_region(region);
  c.end(task, CS_FAILED, "no stock");
  const auto notices = c.notices();
  EXPECT_THAT(kinds(notices), ElementsAre(CS_NOTICE_JOINED, CS_NOTICE_REGION_CLOSED));
  EXPECT_EQ(c.outcome().kind, CS_OUTCOME_OK); // the region's: who took the failure acts upon it
  for (const auto& line : c.lines()) {
    if (line["ev"] == "task_join") {
      EXPECT_FALSE(line.contains("by"));
    }
  }
}

TEST(over_the_abi, who_stops_waiting_leaves_the_outcome_to_the_region) {
  consumer c;
  const auto region = c.open("r", 0, {.on_failure = CS_KEEP_GOING});
  const auto task = c.spawn(region, "t");
  c.b.join(task, 0);
  EXPECT_EQ(c.b.stop_joining(task), CS_OK);
  c.b.close_region(region);
  c.end(task, CS_FAILED, "no stock");
  EXPECT_THAT(kinds(c.notices()), ElementsAre(CS_NOTICE_REGION_CLOSED));
  EXPECT_EQ(c.outcome().kind, CS_OUTCOME_ERR);
}

TEST(over_the_abi, who_waits_for_a_task_that_is_given_up_is_told) {
  consumer c;
  const auto region = c.open("r", 0, {.cleanup = 10});
  const auto task = c.spawn(region, "t");
  c.b.join(task, 0);
  c.cancel(region);
  c.reach(10);
  EXPECT_THAT(kinds(c.notices()), ElementsAre(CS_NOTICE_WAKE, CS_NOTICE_DESTROYED, CS_NOTICE_JOINED,
                                              CS_NOTICE_REGION_CLOSED));
}

TEST(over_the_abi, a_body_cannot_say_that_it_was_cancelled_when_it_was_not) {
  consumer c;
  const auto task = c.spawn(c.open("r"), "t");
  EXPECT_EQ(c.end(task, CS_UNWOUND), CS_REFUSED);
  EXPECT_THAT(c.b.message(), HasSubstr("never asked to stop"));
  EXPECT_EQ(c.state_of(task), static_cast<std::uint32_t>(CS_TASK_RUNNING));
  EXPECT_EQ(c.end(task, CS_FAILED, "no such card"), CS_OK);
}

TEST(over_the_abi, kinds_that_the_kernel_knows_better_are_not_a_callers_to_say) {
  consumer c;
  const auto region = c.open("r");
  for (const auto kind :
       {CS_CANCEL_TIMEOUT, CS_CANCEL_BUDGET, CS_CANCEL_FAIL_FAST, CS_CANCEL_PARENT})
    EXPECT_EQ(c.cancel(region, "so I say", 0, kind), CS_INVALID) << kind;
  EXPECT_EQ(c.cancel(region, "so I say", 0, 77), CS_INVALID);
  EXPECT_EQ(c.b.why(region), CS_NOTHING);
}

TEST(over_the_abi, who_asks_is_told_with_its_region_and_the_cause_it_acts_under) {
  consumer c;
  const auto region = c.open("r");
  const auto helper = c.open("helper");
  c.spawn(helper, "stays");
  const auto asker = c.spawn(region, "asker");
  c.cancel(asker, "first");
  EXPECT_EQ(c.b.checkpoint(asker), CS_STOP);
  c.cancel(helper, "then you, too", asker);
  ASSERT_EQ(c.b.why(helper), CS_OK);
  ASSERT_EQ(c.outcome().chain_length, 2U);
  EXPECT_EQ(c.link(0).origin_task, asker);
  EXPECT_EQ(c.link(0).origin_region, region);
  c.link(1);
  EXPECT_EQ(c.words, "first");
}

TEST(over_the_abi, a_deadline_is_kept_by_the_time_that_is_told) {
  consumer c;
  const auto region = c.open("checkout", 0, {.deadline = 250});
  const auto task = c.spawn(region, "charge card");
  std::uint64_t at = 0;
  EXPECT_EQ(c.b.next_deadline(&at), CS_OK);
  EXPECT_EQ(at, 250U);
  c.reach(249);
  EXPECT_THAT(c.notices(), IsEmpty());
  c.reach(250);
  EXPECT_THAT(kinds(c.notices()), ElementsAre(CS_NOTICE_WAKE));
  ASSERT_EQ(c.b.why(task), CS_OK);
  c.outcome();
  EXPECT_EQ(c.link(1).kind, CS_CANCEL_TIMEOUT);
  EXPECT_THAT(c.words, HasSubstr("deadline of 'checkout'"));
}

TEST(over_the_abi, telling_the_time_ends_nothing_until_it_is_asked_for) {
  consumer c;
  const auto region = c.open("r", 0, {.deadline = 5});
  c.b.time(5);
  c.spawn(region, "begun in the same step");
  EXPECT_EQ(c.b.why(region), CS_NOTHING);
  c.b.expire();
  EXPECT_EQ(c.b.why(region), CS_OK);
}

TEST(over_the_abi, clean_up_that_takes_too_long_is_given_up_and_the_region_still_closes) {
  consumer c;
  const auto region = c.open("r", 0, {.cleanup = 100});
  const auto task = c.spawn(region, "slow");
  c.cancel(region);
  EXPECT_EQ(c.b.checkpoint(task), CS_STOP);
  c.notices();
  c.reach(100);
  EXPECT_THAT(kinds(c.notices()), ElementsAre(CS_NOTICE_DESTROYED, CS_NOTICE_REGION_CLOSED));
  EXPECT_EQ(c.outcome().kind, CS_OUTCOME_PANICKED);
  EXPECT_THAT(c.words, HasSubstr("clean-up budget exhausted"));
  EXPECT_EQ(c.end(task), CS_STALE); // its code comes back too late
}

TEST(over_the_abi, a_failure_cancels_the_siblings_and_names_who_failed) {
  consumer c;
  const auto region = c.open("r");
  const auto fails = c.spawn(region, "fails");
  const auto other = c.spawn(region, "other");
  c.end(fails, CS_FAILED, "no stock");
  ASSERT_EQ(c.b.why(other), CS_OK);
  c.outcome();
  EXPECT_EQ(c.link(1).kind, CS_CANCEL_FAIL_FAST);
  EXPECT_EQ(c.link(1).origin_task, fails);
}

TEST(over_the_abi, exits_run_last_registered_first_before_a_task_can_end) {
  consumer c;
  const auto task = c.spawn(c.open("r"), "t");
  EXPECT_EQ(c.b.on_exit(task, "first"), CS_OK);
  EXPECT_EQ(c.b.on_exit(task, "second"), CS_OK);
  EXPECT_EQ(c.b.end_task(task, CS_RETURNED, {}), CS_REFUSED);
  EXPECT_EQ(c.b.exit_ran(task, CS_RETURNED, {}), CS_OK); // the one that became due
  EXPECT_EQ(c.b.finalize(task), CS_OK);
  EXPECT_EQ(c.b.finalize(task), CS_REFUSED); // it runs
  EXPECT_EQ(c.b.exit_ran(task, CS_PANICKED, "could not let go"), CS_OK);
  EXPECT_EQ(c.b.finalize(task), CS_NOTHING);
  EXPECT_EQ(c.b.exit_ran(task, CS_RETURNED, {}), CS_REFUSED);
  EXPECT_EQ(c.b.end_task(task, CS_RETURNED, {}), CS_OK);
  EXPECT_EQ(c.b.join(task, 0), CS_OK);
  EXPECT_EQ(c.outcome().kind, CS_OUTCOME_PANICKED);
  EXPECT_THAT(c.words, HasSubstr("could not let go"));
  std::vector<std::string> ran;
  for (const auto& line : c.lines())
    if (line["ev"] == "finalizer") ran.push_back(line["label"]);
  EXPECT_THAT(ran, ElementsAre("second", "first"));
}

TEST(over_the_abi, a_regions_finalizers_run_one_at_a_time_as_tasks_before_it_closes) {
  consumer c;
  const auto region = c.open("r");
  c.b.on_close(region, "first", 1);
  c.b.on_close(region, "second", 2);
  c.b.close_region(region);
  auto notices = c.notices();
  ASSERT_EQ(kinds(notices), std::vector<std::uint32_t>{CS_NOTICE_FINALIZE});
  EXPECT_EQ(notices[0].token, 2U);
  EXPECT_EQ(c.b.on_close(region, "too late", 3), CS_REFUSED);
  c.end(notices[0].handle);
  notices = c.notices();
  ASSERT_EQ(kinds(notices), std::vector<std::uint32_t>{CS_NOTICE_FINALIZE});
  EXPECT_EQ(notices[0].token, 1U);
  c.end(notices[0].handle);
  EXPECT_THAT(kinds(c.notices()), ElementsAre(CS_NOTICE_REGION_CLOSED));
}

TEST(over_the_abi, an_obligation_still_open_at_the_close_is_a_leak) {
  consumer c;
  const auto region = c.open("r");
  const auto kept = c.reserve(region, "kept");
  c.reserve(region, "lost");
  EXPECT_EQ(c.b.commit(kept, 0), CS_OK);
  EXPECT_EQ(c.b.abort(kept, 0), CS_STALE);
  c.b.close_region(region);
  EXPECT_EQ(c.counts().leaked, 1U);
  EXPECT_EQ(c.counts().obligations, 0U);
}

TEST(over_the_abi, a_shield_masks_requests_until_it_is_given_back) {
  consumer c;
  const auto task = c.spawn(c.open("r"), "t");
  EXPECT_EQ(c.b.unshield(task), CS_REFUSED);
  c.b.shield(task);
  c.cancel(task);
  EXPECT_EQ(c.b.checkpoint(task), CS_OK);
  EXPECT_EQ(c.b.unshield(task), CS_OK);
  EXPECT_EQ(c.b.checkpoint(task), CS_STOP);
}

TEST(over_the_abi, a_finalizer_cannot_take_off_the_shield_it_runs_under) {
  consumer c;
  const auto region = c.open("r");
  c.b.on_close(region, "f", 1);
  c.b.close_region(region);
  const auto notices = c.notices();
  ASSERT_FALSE(notices.empty());
  EXPECT_EQ(c.b.unshield(notices[0].handle), CS_REFUSED);
}

TEST(over_the_abi, spending_more_than_the_quota_cancels_the_region_that_had_it) {
  consumer c;
  const auto task = c.spawn(c.open("r", 0, {.cost = 10}), "t");
  EXPECT_EQ(c.b.spend(task, 8), CS_OK);
  EXPECT_EQ(c.b.spend(task, 3), CS_NOTHING);
  ASSERT_EQ(c.b.why(task), CS_OK);
  c.outcome();
  EXPECT_EQ(c.link(1).kind, CS_CANCEL_BUDGET);
}

TEST(over_the_abi, places_reach_the_trace_and_the_chain) {
  consumer c;
  std::uint32_t place = 0;
  ASSERT_EQ(c.b.place_of("https://shop.example/checkout.js", 41, &place), CS_OK);
  const auto region = c.open("r", 0, {.place = place});
  const cs_cancel_spec asked{.target = region, .by = 0, .kind = CS_CANCEL_USER, .place = place};
  std::uint64_t id = 0;
  ASSERT_EQ(c.b.cancel(&asked, "why", &id), CS_OK);
  EXPECT_EQ(c.lines()[1]["src"], "checkout.js:41");
  cs_region_spec unknown{.place = place + 1};
  std::uint64_t other = 0;
  EXPECT_EQ(c.b.open_region(&unknown, "r", &other), CS_INVALID);
}

TEST(over_the_abi, what_a_task_ran_and_waited_for_is_in_the_trace) {
  consumer c;
  const auto task = c.spawn(c.open("r"), "t");
  c.reach(100);
  c.b.task_ran(task, 25);
  c.b.task_waits(task, CS_WAIT_IO, 0, "fetch /price");
  const auto lines = c.lines();
  EXPECT_EQ(lines[3]["ev"], "task_run");
  EXPECT_EQ(lines[3]["t"], 100);
  EXPECT_EQ(lines[3]["dur"], 25);
  EXPECT_EQ(lines[4]["t"], 125);
  EXPECT_EQ(lines[4]["label"], "fetch /price");
}

TEST(the_trace_over_the_abi, is_bounded_and_counts_what_had_no_room) {
  consumer c{200};
  const auto region = c.open("r");
  for (int i = 0; i < 100; ++i)
    c.b.mark(region, 0, "again");
  const auto before = c.lines().size();
  c.b.mark(region, 0, "there is room again");
  const auto lines = c.lines();
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0]["ev"], "dropped");
  EXPECT_EQ(lines[0]["count"], c.counts().dropped);
  EXPECT_EQ(before - 2 + c.counts().dropped, 100U);
}

TEST(the_trace_over_the_abi, ends_once_and_takes_nothing_after) {
  consumer c;
  c.b.end_trace();
  c.b.end_trace();
  c.open("too late to be told");
  const auto lines = c.lines();
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[1]["ev"], "end");
}

} // namespace boundary_test
} // namespace cancelscope
