// The cancel protocol: requesting is not stopping, and every request says who, why and because of
// what.
#include "tests/runtime/support/kernel_bench.hpp"

namespace cancelscope {
namespace {

using testing::ElementsAre;
using the_cancel_protocol = tests::kernel_test;
using trace::cancel_effect;
using trace::cancel_phase_name;
using trace::region_state;

TEST_F(the_cancel_protocol, a_request_marks_the_task_and_wakes_it_and_does_not_stop_it) {
  const auto root = open("root");
  const auto task = spawn("work", root);
  ASSERT_TRUE(k.cancel(task, {.message = "no longer needed"}));
  EXPECT_EQ(k.state_of(task), task_state::requested);
  EXPECT_EQ(bodies[0].wakes, 1);
  EXPECT_EQ(k.counts().tasks, 1U);
  k.end_task(task, {});
  ASSERT_TRUE(k.close(root));
}

TEST_F(the_cancel_protocol, a_task_sees_the_request_at_its_next_checkpoint_and_only_once) {
  const auto root = open("root");
  const auto task = spawn("work", root);
  EXPECT_FALSE(k.must_stop(task));
  ASSERT_TRUE(k.cancel(task, {}));
  EXPECT_TRUE(k.must_stop(task));
  EXPECT_EQ(k.state_of(task), task_state::draining);
  EXPECT_FALSE(k.must_stop(task)) << "its clean-up is not interrupted again";
  k.end_task(task, k.cancellation_of(task));
  ASSERT_TRUE(k.close(root));
}

TEST_F(the_cancel_protocol, a_cancelled_task_goes_through_its_phases_in_order) {
  const auto root = open("root");
  const auto task = spawn("work", root);
  std::string finalizers;
  ASSERT_TRUE(k.on_exit(task, "first", [&] { finalizers += '1'; }));
  ASSERT_TRUE(k.on_exit(task, "second", [&] { finalizers += '2'; }));
  ASSERT_TRUE(k.cancel(task, {}));
  ASSERT_TRUE(k.must_stop(task));
  EXPECT_EQ(finalizers, "");
  k.end_task(task, k.cancellation_of(task));
  EXPECT_EQ(finalizers, "21");
  EXPECT_THAT(trace.phases_of(task.id()),
              ElementsAre(cancel_phase_name::draining, cancel_phase_name::finalizing,
                          cancel_phase_name::completed));
  ASSERT_TRUE(k.close(root));
}

TEST_F(the_cancel_protocol, a_request_records_who_asked_when_where_and_why) {
  const auto root = open("root");
  const auto asker = spawn("asker", root);
  const auto task = spawn("work", root);
  clock.set(1250);
  ASSERT_TRUE(k.cancel(task, {.message = "customer went away",
                              .origin_region = root,
                              .origin_task = asker,
                              .where = {"/some/where/shop.cpp", 120}}));
  const auto why = k.cancellation_of(task);
  EXPECT_EQ(why.kind(), cancel_kind::user);
  EXPECT_EQ(why.target(), trace::entity_id(task.id()));
  EXPECT_EQ(why.origin_region(), root.id());
  EXPECT_EQ(why.origin_task(), asker.id());
  EXPECT_EQ(why.requested_at(), 1250U);
  EXPECT_EQ(why.message(), "customer went away");
  EXPECT_EQ(trace.events().back().src, "shop.cpp:120");
  k.end_task(task, {});
  k.end_task(asker, {});
  ASSERT_TRUE(k.close(root));
}

TEST_F(the_cancel_protocol, an_origin_that_is_not_known_is_absent) {
  const auto root = open("root");
  ASSERT_TRUE(k.cancel(root, {}));
  const auto request = trace.all<trace::cancel_request>().at(0);
  EXPECT_FALSE(request.origin_region || request.origin_task || request.cause || request.message);
}

TEST_F(the_cancel_protocol,
       cancelling_a_region_reaches_everything_under_it_and_names_the_region_as_origin) {
  const auto root = open("root");
  const auto shop = open("shop", root);
  const auto order = open("order", shop);
  const auto beside = spawn("beside", root);
  const auto clerk = spawn("clerk", shop);
  const auto charge = spawn("charge", order);
  const auto made = k.cancel(shop, {.message = "closing time"});
  ASSERT_TRUE(made);

  EXPECT_EQ(k.state_of(beside), task_state::running);
  for (const any_handle reached : {any_handle{clerk}, any_handle{order}, any_handle{charge}}) {
    const auto why = k.cancellation_of(reached);
    ASSERT_TRUE(why);
    EXPECT_EQ(why.kind(), cancel_kind::parent);
    EXPECT_EQ(why.cause(), *made) << "it names the request that began the cascade";
    EXPECT_EQ(why.origin_region(), shop.id());
    EXPECT_EQ(why.origin_task(), std::nullopt);
    EXPECT_EQ(why.root().message(), "closing time");
  }
  EXPECT_THAT(trace.states_of(order.id()),
              ElementsAre(region_state::closing, region_state::draining));
  k.end_task(charge, k.cancellation_of(charge));
  EXPECT_FALSE(k.is_live(order));
  k.end_task(clerk, k.cancellation_of(clerk));
  EXPECT_FALSE(k.is_live(shop));
  EXPECT_EQ(k.state_of(root), region_state::open);
  k.end_task(beside, {});
  ASSERT_TRUE(k.close(root));
}

TEST_F(the_cancel_protocol, what_begins_in_a_cancelled_region_is_cancelled_at_birth) {
  const auto root = open("root");
  const auto working = spawn("working", root);
  ASSERT_TRUE(k.cancel(root, {.message = "stop"}));
  const auto late = spawn("late", root);
  EXPECT_EQ(k.cancellation_of(late).root().message(), "stop");
  const auto region = open("late region", root);
  const auto later = spawn("later", region);
  EXPECT_EQ(k.cancellation_of(later).cause(), k.cancellation_of(root));
  for (const auto task : {working, late, later})
    k.end_task(task, k.cancellation_of(task));
  EXPECT_EQ(k.counts(), kernel_counts{}) << "a cancelled region closes by itself";
}

TEST_F(the_cancel_protocol, a_request_when_one_is_in_effect_is_absorbed) {
  const auto root = open("root");
  const auto task = spawn("work", root);
  ASSERT_TRUE(k.cancel(task, {.kind = cancel_kind::timeout, .message = "first"}));
  ASSERT_TRUE(k.cancel(task, {.kind = cancel_kind::user, .message = "weaker"}));
  ASSERT_TRUE(k.cancel(task, {.kind = cancel_kind::timeout, .message = "as strong"}));
  EXPECT_EQ(k.cancellation_of(task).message(), "first");
  const auto requests = trace.requests_for(task.id());
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_EQ(requests[0].effect, cancel_effect::applied);
  EXPECT_EQ(requests[1].effect, cancel_effect::absorbed);
  EXPECT_EQ(requests[2].effect, cancel_effect::absorbed);
  EXPECT_EQ(bodies[0].wakes, 1);
  k.end_task(task, {});
  ASSERT_TRUE(k.close(root));
}

TEST_F(the_cancel_protocol, a_stronger_request_takes_over_and_the_weaker_stays_on_record) {
  const auto root = open("root");
  const auto task = spawn("work", root);
  ASSERT_TRUE(k.cancel(task, {.message = "user"}));
  ASSERT_TRUE(k.cancel(root, {.kind = cancel_kind::shutdown, .message = "power off"}));
  const auto why = k.cancellation_of(task);
  EXPECT_EQ(why.kind(), cancel_kind::parent);
  EXPECT_EQ(why.superseded().message(), "user");
  EXPECT_EQ(trace.requests_for(task.id()).back().effect, cancel_effect::strengthened);
  k.end_task(task, why);
  EXPECT_EQ(k.counts(), kernel_counts{});
}

TEST_F(the_cancel_protocol, a_request_for_a_task_that_is_over_changes_nothing) {
  const auto root = open("root");
  const auto task = spawn("work", root);
  k.end_task(task, {});
  ASSERT_TRUE(k.cancel(task, {}));
  EXPECT_EQ(trace.requests_for(task.id()).at(0).effect, cancel_effect::absorbed);
  EXPECT_EQ(k.state_of(task), task_state::completed);
  ASSERT_TRUE(k.close(root));
}

TEST_F(the_cancel_protocol, a_shielded_task_sees_the_request_after_the_shield) {
  const auto root = open("root");
  const auto task = spawn("work", root);
  k.shield(task);
  ASSERT_TRUE(k.cancel(task, {}));
  EXPECT_EQ(bodies[0].wakes, 0);
  EXPECT_FALSE(k.must_stop(task));
  k.unshield(task);
  EXPECT_TRUE(k.must_stop(task));
  k.end_task(task, k.cancellation_of(task));
  ASSERT_TRUE(k.close(root));
}

TEST_F(the_cancel_protocol, a_failing_task_cancels_its_siblings_and_is_named_as_the_origin) {
  const auto root = open("root");
  const auto failing = spawn("charge card", root);
  const auto sibling = spawn("send mail", root);
  k.end_task(failing, error{"declined"});
  const auto why = k.cancellation_of(sibling);
  ASSERT_TRUE(why);
  EXPECT_EQ(why.kind(), cancel_kind::parent);
  EXPECT_EQ(why.cause().kind(), cancel_kind::fail_fast);
  EXPECT_EQ(why.cause().origin_task(), failing.id());
  EXPECT_EQ(why.cause().message(), "charge card failed: declined");
  k.end_task(sibling, why);
  EXPECT_FALSE(k.is_live(root));
}

TEST_F(the_cancel_protocol, a_region_that_keeps_going_lets_the_siblings_of_a_failing_task_live) {
  const auto root = open("root", {}, {.policy = on_failure::keep_going});
  const auto failing = spawn("one", root);
  const auto sibling = spawn("other", root);
  k.end_task(failing, error{"declined"});
  EXPECT_EQ(k.state_of(sibling), task_state::running);
  k.end_task(sibling, {});
  ASSERT_TRUE(k.close(root));
}

TEST_F(the_cancel_protocol, a_failing_body_cancels_what_is_left_in_its_region_even_then) {
  const auto root = open("root", {}, {.policy = on_failure::keep_going});
  const auto body = spawn("body", root, true);
  const auto left = spawn("left", root);
  k.end_task(body, panic{"bug"});
  EXPECT_EQ(k.cancellation_of(left).cause().message(), "body panicked: bug");
  k.end_task(left, k.cancellation_of(left));
  EXPECT_FALSE(k.is_live(root));
}

TEST_F(the_cancel_protocol, a_request_is_passed_on_to_the_region_that_the_task_waits_for) {
  const auto root = open("root");
  const auto waiting = spawn("waiting", root);
  const auto inner = *k.open_region({.name = "inner", .parent = root, .by = waiting});
  const auto worker = spawn("worker", inner);
  k.wait_for_region(waiting, inner);
  ASSERT_TRUE(k.cancel(waiting, {.kind = cancel_kind::race_lost, .message = "the other won"}));
  const auto passed = k.cancellation_of(inner);
  EXPECT_EQ(passed.kind(), cancel_kind::race_lost);
  EXPECT_EQ(passed.origin_task(), waiting.id());
  EXPECT_EQ(passed.cause(), k.cancellation_of(waiting));
  EXPECT_EQ(k.cancellation_of(worker).depth(), 3U);
  EXPECT_EQ(k.cancellation_of(worker).root().message(), "the other won");
  k.end_task(worker, k.cancellation_of(worker));
  k.wait_for_region(waiting, {});
  k.end_task(waiting, k.cancellation_of(waiting));
  ASSERT_TRUE(k.close(root));
}

TEST(a_chain_of_causes, is_kept_whole_up_to_the_set_depth_and_then_says_that_it_is_cut) {
  manual_clock clock;
  kernel k{clock, nullptr, {.chain_depth = 3}};
  const auto root = *k.open_region({});
  cancellation last;
  for (int i = 0; i < 5; ++i) {
    const auto task = *k.spawn(root, {});
    last = *k.cancel(task, {.cause = last});
    if (i < 3) {
      EXPECT_EQ(last.depth(), static_cast<std::size_t>(i) + 1);
      EXPECT_FALSE(last.truncated());
    }
    if (i == 3) {
      EXPECT_TRUE(last.truncated());
      EXPECT_FALSE(last.cause());
      EXPECT_EQ(last.depth(), 1U);
    }
  }
  EXPECT_TRUE(last.root().truncated());
}

} // namespace
} // namespace cancelscope
