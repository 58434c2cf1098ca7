// What regions limit besides time: polls, cost and priority; and what is told of clean-up as it goes on.
#include "tests/runtime/support/program.hpp"

namespace cancelscope {
namespace {

using namespace tests;
using testing::ElementsAre;
using testing::IsEmpty;

task<void> spend_for_ever(std::uint64_t each, std::uint64_t& spent) {
  for (;;) {
    co_await spend(each);
    spent += each;
    co_await yield();
  }
}

task<void> yield_for_ever(int& rounds) {
  for (;; ++rounds)
    co_await yield();
}

using a_quota = program_test;

TEST_F(a_quota, of_cost_is_spent_to_the_last_unit_and_then_cancels_its_region) {
  std::uint64_t spent = 0;
  EXPECT_TRUE(run([&](region) -> task<void> {
                const auto ended =
                    co_await with_region("purse", {.cost = 10}, [&](region) -> task<void> {
                      return spend_for_ever(3, spent);
                    });
                EXPECT_EQ(ended.why().root().kind(), cancel_kind::budget);
                EXPECT_EQ(ended.message(), "'purse' has used up its cost");
              }).is_ok());
  EXPECT_EQ(spent, 9U) << "the fourth three are not there, so nothing is taken";
  const auto told = trace.all<trace::budget_left>();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].target, trace::entity_id(trace.region_named("purse")));
  EXPECT_EQ(told[0].left, 1U);
  EXPECT_EQ(told[0].exhausted, true);
  const auto request = trace.requests_for(trace.region_named("purse")).at(0);
  EXPECT_EQ(request.origin_task, trace.task_named("purse")) << "the task that wanted more";
}

TEST_F(a_quota, is_shared_by_all_tasks_of_the_region_and_of_the_regions_in_it) {
  std::uint64_t outer = 0;
  std::uint64_t inner = 0;
  EXPECT_TRUE(run([&](region) -> task<void> {
                co_await with_region("purse", {.cost = 20}, [&](region r) -> task<void> {
                  static_cast<void>(r.spawn("beside", spend_for_ever(1, outer)));
                  co_await with_region("inner", {.cost = 5}, [&](region) -> task<void> {
                    return spend_for_ever(1, inner);
                  });
                  co_await spend_for_ever(1, outer);
                });
              }).is_ok());
  EXPECT_EQ(inner, 5U);
  EXPECT_EQ(outer, 15U);
}

TEST_F(a_quota, that_is_not_used_up_is_told_when_its_region_closes) {
  EXPECT_TRUE(run([](region) -> task<void> {
                co_await with_region("purse", {.cost = 20},
                                     [](region) -> task<void> { co_await spend(8); });
              }).is_ok());
  const auto told = trace.all<trace::budget_left>();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].left, 12U);
  EXPECT_EQ(told[0].exhausted, std::nullopt);
}

TEST_F(a_quota, of_polls_cancels_a_region_whose_tasks_run_too_often) {
  int rounds = 0;
  EXPECT_TRUE(run([&](region) -> task<void> {
                const auto ended = co_await with_region(
                    "busy", {.polls = 10}, [&](region) { return yield_for_ever(rounds); });
                EXPECT_EQ(ended.message(), "'busy' has used up its polls");
                EXPECT_EQ(ended.why().root().kind(), cancel_kind::budget);
              }).is_ok());
  EXPECT_EQ(rounds, 9) << "the tenth poll is the last";
}

TEST_F(a_quota, that_is_used_up_exactly_cancels_nobody) {
  EXPECT_TRUE(run([](region) -> task<void> {
                const auto ended = co_await with_region("just enough", {.polls = 2, .cost = 7},
                                                        [](region) -> task<void> {
                                                          co_await spend(7);
                                                          co_await yield();
                                                        });
                EXPECT_TRUE(ended.is_ok());
              }).is_ok());
  EXPECT_THAT(trace.all<trace::cancel_request>(), IsEmpty());
}

TEST_F(a_quota, does_not_charge_the_clean_up_after_a_request) {
  bool cleaned_up = false;
  const auto work = [&]() -> task<void> {
    int rounds = 0;
    co_await outcome_of(yield_for_ever(rounds));
    for (int i = 0; i < 20; ++i)
      co_await yield();
    cleaned_up = true;
  };
  EXPECT_TRUE(run([&](region) -> task<void> {
                co_await with_region("busy", {.polls = 5}, [&](region) { return work(); });
              }).is_ok());
  EXPECT_TRUE(cleaned_up);
  EXPECT_EQ(trace.requests_for(trace.region_named("busy")).size(), 1U);
}

using a_priority = program_test;

TEST_F(a_priority, decides_who_of_those_that_are_ready_runs_first) {
  std::string log;
  const auto note = [&log](std::string what) -> task<void> {
    log += what;
    co_return;
  };
  EXPECT_TRUE(run([&](region r) -> task<void> {
                const auto open = [&](std::string name, std::uint8_t priority) -> task<void> {
                  co_await with_region(name, {.priority = priority},
                                       [&](region inner) -> task<void> {
                                         static_cast<void>(inner.spawn("note", note(name)));
                                         co_await sleep(1ms);
                                         static_cast<void>(inner.spawn("again", note(name)));
                                       });
                };
                static_cast<void>(r.spawn("low", open("l", 0)));
                static_cast<void>(r.spawn("high", open("h", 200)));
                static_cast<void>(r.spawn("middle", open("m", 70)));
                co_await sleep(5ms);
              }).is_ok());
  EXPECT_EQ(log.substr(3), "hml") << "they woke at the same time";
}

TEST_F(a_priority, is_at_least_that_of_the_region_around) {
  EXPECT_TRUE(run([](region) -> task<void> {
                co_await with_region("outer", {.priority = 9}, [](region) -> task<void> {
                  co_await with_region("inner", {.priority = 3},
                                       [](region) -> task<void> { co_return; });
                });
              }).is_ok());
  EXPECT_EQ(trace.all<trace::region_open>().back().budget->priority, 9);
}

using clean_up_in_a_program = program_test;

TEST_F(clean_up_in_a_program, tells_what_is_left_of_its_budget_as_it_goes_on) {
  const auto work = []() -> task<void> {
    co_await outcome_of(sleep_for(1h));
    for (int i = 0; i < 3; ++i)
      co_await sleep(1ms);
  };
  EXPECT_TRUE(run({.cleanup = 5ms}, [&](region r) -> task<void> {
                const auto h = r.spawn("work", work());
                co_await sleep(1ms);
                h.cancel("enough");
                co_await h.join();
              }).is_ok());
  std::vector<std::uint64_t> left;
  for (const auto& told : trace.all<trace::budget_left>())
    left.push_back(told.left / 1'000'000);
  EXPECT_THAT(left, ElementsAre(5, 5, 4, 3, 2));
}

TEST_F(clean_up_in_a_program, that_a_task_never_begins_is_told_when_it_ends_past_its_budget) {
  const auto oblivious = [this]() -> task<void> {
    co_await yield();
    clock.advance(1s); // works on and on, without a checkpoint
  };
  EXPECT_TRUE(run({.cleanup = 5ms}, [&](region r) -> task<void> {
                const auto h = r.spawn("oblivious", shield(oblivious()));
                co_await yield();
                h.cancel("enough");
                co_await h.join();
              }).is_ok());
  const auto told = trace.all<trace::budget_left>();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].target, trace::entity_id(trace.task_named("oblivious")));
  EXPECT_EQ(told[0].exhausted, true);
}

TEST_F(clean_up_in_a_program, under_a_shield_a_deadline_of_its_own_still_holds) {
  EXPECT_TRUE(run([](region r) -> task<void> {
                const auto careful = []() -> task<bool> {
                  const auto bounded =
                      co_await shield(timeout("at most", 5ms, answer_after(1h, 1)));
                  co_return bounded.is_cancelled();
                };
                const auto h = r.spawn("careful", careful());
                co_await sleep(1ms);
                h.cancel("enough");
                EXPECT_TRUE(*co_await h.join());
              }).is_ok());
  EXPECT_EQ(clock.now(), in_ns(5ms));
}

} // namespace
} // namespace cancelscope
