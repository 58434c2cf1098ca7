// Closing a region guarantees quiescence, costs what is under it, and touches nobody else.
#include "tests/runtime/support/kernel_bench.hpp"

namespace cancelscope {
namespace {

using testing::ElementsAre;
using the_close_of_a_region = tests::kernel_test;
using tests::noted_owner;
using trace::region_state;

TEST_F(the_close_of_a_region, closing_an_empty_region_closes_it_at_once) {
  const auto root = open("root");
  ASSERT_TRUE(k.close(root));
  EXPECT_FALSE(k.is_live(root));
  EXPECT_THAT(trace.states_of(root.id()), ElementsAre(region_state::closing, region_state::closed));
}

TEST_F(the_close_of_a_region, closing_waits_for_the_tasks_and_cancels_none) {
  const auto root = open("root");
  const auto task = spawn("work", root);
  ASSERT_TRUE(k.close(root));
  EXPECT_EQ(k.state_of(root), region_state::draining);
  EXPECT_EQ(k.state_of(task), task_state::running);
  k.end_task(task, {});
  EXPECT_FALSE(k.is_live(root));
  EXPECT_TRUE(trace.all<trace::cancel_request>().empty());
}

TEST_F(the_close_of_a_region, closing_waits_for_the_regions_under_it) {
  const auto root = open("root");
  const auto child = open("child", root);
  ASSERT_TRUE(k.close(root));
  EXPECT_EQ(k.state_of(root), region_state::draining);
  EXPECT_EQ(k.state_of(child), region_state::open);
  ASSERT_TRUE(k.close(child));
  EXPECT_FALSE(k.is_live(root));
}

TEST_F(the_close_of_a_region, a_region_that_closes_still_takes_what_its_living_tasks_need) {
  const auto root = open("root");
  const auto first = spawn("first", root);
  ASSERT_TRUE(k.close(root));
  const auto second = spawn("second", root);
  k.end_task(first, {});
  EXPECT_TRUE(k.is_live(root));
  k.end_task(second, {});
  EXPECT_FALSE(k.is_live(root));
}

TEST_F(the_close_of_a_region, a_task_that_nobody_joined_is_joined_by_the_close) {
  const auto root = open("root");
  const auto task = spawn("forgotten", root);
  k.end_task(task, {});
  EXPECT_TRUE(k.is_live(task)) << "it stays pinned until it is joined";
  ASSERT_TRUE(k.close(root));
  const auto joins = trace.all<trace::task_join>();
  ASSERT_EQ(joins.size(), 1U);
  EXPECT_EQ(joins[0].by, trace::entity_id(root.id()));
}

TEST_F(the_close_of_a_region, joining_takes_the_outcome_and_releases_the_task) {
  const auto root = open("root", {}, {.policy = on_failure::keep_going});
  const auto reader = spawn("reader", root);
  const auto task = spawn("work", root);
  EXPECT_EQ(*k.join(task, reader), std::nullopt) << "it still runs";
  k.end_task(task, error{"no stock"});
  const auto taken = k.join(task, reader);
  ASSERT_TRUE(taken && *taken);
  EXPECT_EQ((*taken)->err().message, "no stock");
  EXPECT_FALSE(k.is_live(task));
  EXPECT_FALSE(k.join(task, reader)) << "a second join is stale";
  k.end_task(reader, {});
  ASSERT_TRUE(k.close(root));
}

TEST_F(the_close_of_a_region,
       whoever_waits_already_is_handed_the_outcome_before_anything_comes_of_it) {
  const auto root = open("root");
  const auto reader = spawn("reader", root);
  const auto task = spawn("work", root);
  k.end_task(task, error{"no stock"}, reader);
  EXPECT_FALSE(k.is_live(task));
  EXPECT_EQ(k.cancellation_of(reader).cause().message(), "work failed: no stock");
  const auto joins = trace.all<trace::task_join>();
  EXPECT_EQ(joins.at(0).by, trace::entity_id(reader.id()));
  k.end_task(reader, k.cancellation_of(reader));
  EXPECT_FALSE(k.is_live(root));
}

TEST_F(the_close_of_a_region, a_region_ends_as_the_worst_of_what_it_had_to_collect) {
  noted_owner owner;
  const auto root = open("root", {}, {.owner = &owner, .policy = on_failure::keep_going});
  const auto reader = spawn("reader", root);
  const auto handled = spawn("handled", root);
  const auto ignored = spawn("ignored", root);
  k.end_task(handled, panic{"somebody saw to it"});
  ASSERT_TRUE(k.join(handled, reader));
  k.end_task(ignored, error{"nobody looked"});
  k.end_task(reader, {});
  ASSERT_TRUE(k.close(root));
  ASSERT_TRUE(owner.closed);
  EXPECT_EQ(owner.closed->err().message, "nobody looked");
}

TEST_F(the_close_of_a_region,
       finalizers_run_when_nothing_lives_any_more_the_last_registered_first) {
  const auto root = open("root");
  const auto task = spawn("work", root);
  std::string order;
  ASSERT_TRUE(k.on_close(root, "a", [&] { order += 'a'; }));
  ASSERT_TRUE(k.on_close(root, "b", [&] { order += 'b'; }));
  ASSERT_TRUE(k.close(root));
  EXPECT_EQ(order, "");
  k.end_task(task, {});
  EXPECT_EQ(order, "ba");
  EXPECT_THAT(trace.states_of(root.id()),
              ElementsAre(region_state::closing, region_state::draining, region_state::finalizing,
                          region_state::closed));
}

TEST_F(the_close_of_a_region, a_finalizer_that_throws_is_a_panic_of_the_region_and_stops_no_other) {
  noted_owner owner;
  const auto root = open("root", {}, {.owner = &owner});
  bool ran = false;
  ASSERT_TRUE(k.on_close(root, "first", [&] { ran = true; }));
  ASSERT_TRUE(k.on_close(root, "second", [] { throw std::runtime_error("disk full"); }));
  ASSERT_TRUE(k.close(root));
  EXPECT_TRUE(ran);
  EXPECT_EQ(owner.closed->panicked().message, "finalizer 'second' threw: disk full");
}

TEST_F(the_close_of_a_region, nothing_new_begins_in_a_region_that_is_finalizing) {
  const auto root = open("root");
  std::string why;
  ASSERT_TRUE(k.on_close(root, "late", [&] {
    why = k.spawn(root, {}).error().message;
    EXPECT_FALSE(k.open_region({.parent = root}));
  }));
  ASSERT_TRUE(k.close(root));
  EXPECT_EQ(why, "region r0.1 is finalizing: nothing new begins in it");
}

TEST_F(the_close_of_a_region, closing_one_region_touches_neither_its_siblings_nor_what_is_above) {
  const auto root = open("root");
  std::vector<region_handle> siblings;
  std::vector<task_handle> tasks;
  for (int i = 0; i < 4; ++i) {
    siblings.push_back(open("sibling", root));
    tasks.push_back(spawn("work", siblings.back()));
  }
  for (std::size_t closed = 0; closed < 4; ++closed) {
    ASSERT_TRUE(k.cancel(siblings[closed], {.message = "one by one"}));
    k.end_task(tasks[closed], k.cancellation_of(tasks[closed]));
    EXPECT_FALSE(k.is_live(siblings[closed]));
    EXPECT_EQ(k.state_of(root), region_state::open);
    for (std::size_t alive = closed + 1; alive < 4; ++alive) {
      EXPECT_EQ(k.state_of(siblings[alive]), region_state::open);
      EXPECT_EQ(k.state_of(tasks[alive]), task_state::running);
    }
  }
  ASSERT_TRUE(k.close(root));
}

TEST_F(the_close_of_a_region,
       regions_ten_thousand_deep_are_cancelled_and_closed_without_a_deep_stack) {
  constexpr int depth = 10'000;
  const auto root = open("root");
  region_handle at = root;
  for (int i = 0; i < depth; ++i)
    at = open("deeper", at);
  const auto task = spawn("at the bottom", at);
  ASSERT_TRUE(k.cancel(root, {.message = "all of it"}));
  EXPECT_EQ(k.state_of(task), task_state::requested);
  EXPECT_EQ(k.cancellation_of(task).root().message(), "all of it");
  k.end_task(task, k.cancellation_of(task));
  EXPECT_EQ(k.counts(), kernel_counts{});
}

TEST(a_region, with_a_hundred_thousand_tasks_and_regions_side_by_side_is_closed) {
  constexpr int width = 100'000;
  manual_clock clock;
  kernel k{clock, nullptr}; // a trace of it would be larger than the test
  const auto root = *k.open_region({});
  for (int i = 0; i < width; ++i) {
    const auto child = *k.open_region({.parent = root});
    ASSERT_TRUE(k.spawn(child, {}));
  }
  ASSERT_TRUE(k.cancel(root, {}));
  EXPECT_EQ(k.counts().regions, width + 1U);
  for (std::uint32_t slot = 0; slot < width; ++slot) {
    const task_handle task{slot, 1};
    EXPECT_EQ(k.state_of(task), task_state::requested);
    k.end_task(task, k.cancellation_of(task));
  }
  EXPECT_EQ(k.counts(), kernel_counts{});
}

} // namespace
} // namespace cancelscope
