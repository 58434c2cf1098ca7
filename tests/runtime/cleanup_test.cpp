// Clean-up budgets and deadlines, in the kernel.
#include "tests/runtime/support/kernel_bench.hpp"

namespace cancelscope {
namespace {

using testing::HasSubstr;
using clean_up = tests::kernel_test;

TEST_F(clean_up, a_region_whose_deadline_passes_is_cancelled_by_a_timeout) {
  const auto root = open("root");
  const auto opener = spawn("opener", root);
  const auto order =
      *k.open_region({.name = "order", .parent = root, .by = opener, .limits = {.deadline = 250}});
  const auto task = spawn("charge", order);
  EXPECT_EQ(k.next_deadline(), 250U);
  clock.set(249);
  k.expire();
  EXPECT_FALSE(k.cancellation_of(order));
  clock.set(250);
  k.expire();
  const auto why = k.cancellation_of(order);
  EXPECT_EQ(why.kind(), cancel_kind::timeout);
  EXPECT_EQ(why.message(), "the deadline of 'order' passed");
  EXPECT_EQ(why.origin_region(), order.id());
  EXPECT_EQ(why.origin_task(), opener.id()) << "the task that set the deadline";
  k.end_task(task, k.cancellation_of(task));
  k.end_task(opener, {});
  ASSERT_TRUE(k.close(root));
  EXPECT_EQ(k.next_deadline(), std::nullopt);
}

TEST_F(clean_up, of_nested_deadlines_the_earlier_holds) {
  const auto outer = open("outer", {}, {.limits = {.deadline = 100}});
  const auto inner = open("inner", outer, {.limits = {.deadline = 500}});
  EXPECT_EQ(trace.all<trace::region_open>().back().budget->deadline, 100U);
  clock.set(100);
  k.expire();
  EXPECT_FALSE(k.is_live(inner));
  EXPECT_FALSE(k.is_live(outer));
  const auto requests = trace.all<trace::cancel_request>();
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_EQ(requests[0].target, trace::entity_id(outer.id()));
  EXPECT_EQ(requests[1].cause, requests[0].cancel);
}

TEST_F(clean_up, a_request_says_until_when_the_clean_up_must_be_over) {
  const auto root = open("root", {}, {.cleanup = 50});
  const auto child = open("child", root, {.cleanup = 80});
  const auto task = spawn("work", child);
  clock.set(1000);
  ASSERT_TRUE(k.cancel(task, {}));
  EXPECT_EQ(k.cancellation_of(task).deadline(), 1050U) << "the tighter of its regions' budgets";
  k.end_task(task, {});
  ASSERT_TRUE(k.close(child));
  ASSERT_TRUE(k.close(root));
}

TEST_F(clean_up, what_draining_consumes_is_told) {
  const auto root = open("root", {}, {.cleanup = 50});
  const auto task = spawn("work", root);
  ASSERT_TRUE(k.cancel(task, {}));
  clock.set(10);
  ASSERT_TRUE(k.must_stop(task));
  clock.set(35);
  k.end_task(task, k.cancellation_of(task));
  const auto told = trace.all<trace::budget_left>();
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0].left, 40U);
  EXPECT_EQ(told[1].left, 15U);
  EXPECT_EQ(told[1].exhausted, std::nullopt);
  ASSERT_TRUE(k.close(root));
}

TEST_F(clean_up, clean_up_that_takes_too_long_is_stopped_and_the_region_still_closes) {
  const auto root = open("root", {}, {.cleanup = 50});
  const auto task = spawn("slow", root);
  ASSERT_TRUE(k.cancel(root, {}));
  ASSERT_TRUE(k.must_stop(task));
  EXPECT_EQ(k.next_deadline(), 50U);
  clock.set(50);
  k.expire();
  EXPECT_EQ(bodies[0].destroyed_because, "clean-up budget exhausted");
  const auto ended = trace.all<trace::task_end>().at(0);
  EXPECT_EQ(ended.outcome, trace::outcome_kind::panicked);
  EXPECT_EQ(ended.error, "clean-up budget exhausted");
  EXPECT_THAT(std::string{trace.all<trace::violation>().at(0).message},
              HasSubstr("'slow' had not finished"));
  EXPECT_EQ(trace.all<trace::budget_left>().back().exhausted, true);
  EXPECT_FALSE(k.is_live(root));
}

TEST_F(clean_up, a_shield_does_not_hold_up_the_end_of_the_clean_up_budget) {
  const auto root = open("root", {}, {.cleanup = 50});
  const auto task = spawn("shielded", root);
  k.shield(task);
  ASSERT_TRUE(k.cancel(root, {}));
  clock.set(50);
  k.expire();
  EXPECT_NE(bodies[0].destroyed_because, "");
  EXPECT_FALSE(k.is_live(root));
}

TEST_F(clean_up, clean_up_is_also_paid_in_polls) {
  const auto root = open("root", {}, {.cleanup_polls = 2});
  const auto task = spawn("busy", root);
  ASSERT_TRUE(k.cancel(root, {}));
  ASSERT_TRUE(k.must_stop(task));
  k.task_ran(task, 0, 0);
  k.task_parked(task, {});
  EXPECT_EQ(k.state_of(task), task_state::draining);
  k.task_ran(task, 0, 0);
  k.task_parked(task, {});
  EXPECT_FALSE(k.is_live(root)) << "stopped where it parked after its last poll";
  EXPECT_EQ(trace.outcome_of(task.id()), trace::outcome_kind::panicked);
}

TEST_F(clean_up,
       a_task_that_runs_past_its_clean_up_budget_is_reported_though_it_could_not_be_stopped) {
  const auto root = open("root", {}, {.cleanup = 50});
  const auto task = spawn("never awaits", root);
  ASSERT_TRUE(k.cancel(root, {}));
  ASSERT_TRUE(k.must_stop(task));
  clock.set(80);
  k.end_task(task, k.cancellation_of(task));
  EXPECT_EQ(trace.all<trace::budget_left>().back().exhausted, true);
  EXPECT_EQ(trace.outcome_of(task.id()), trace::outcome_kind::cancelled);
}

TEST_F(clean_up, of_a_task_and_the_region_it_waits_for_the_innermost_is_stopped_first) {
  const auto root = open("root", {}, {.cleanup = 50});
  const auto outer = spawn("outer", root);
  const auto inner = *k.open_region({.name = "inner", .parent = root, .by = outer});
  const auto worker = spawn("worker", inner);
  k.wait_for_region(outer, inner);
  ASSERT_TRUE(k.cancel(root, {}));
  clock.set(50);
  k.expire();
  const auto ended = trace.all<trace::task_end>();
  ASSERT_EQ(ended.size(), 2U);
  EXPECT_EQ(ended[0].task, worker.id());
  EXPECT_EQ(ended[1].task, outer.id());
  EXPECT_EQ(k.counts(), kernel_counts{});
}

TEST_F(clean_up, a_stronger_request_does_not_buy_time) {
  const auto root = open("root", {}, {.cleanup = 50});
  const auto task = spawn("work", root);
  ASSERT_TRUE(k.cancel(task, {}));
  clock.set(30);
  ASSERT_TRUE(k.cancel(task, {.kind = cancel_kind::timeout}));
  EXPECT_EQ(k.cancellation_of(task).deadline(), 50U);
  k.end_task(task, {});
  ASSERT_TRUE(k.close(root));
}

} // namespace
} // namespace cancelscope
