// timeout, race, first_ok, join_all, retry.
#include "tests/runtime/support/program.hpp"

namespace cancelscope {
namespace {

using namespace tests;
using testing::ElementsAre;
using testing::StartsWith;

// ---- timeout ----

using a_timeout = program_test;

TEST_F(a_timeout, gives_the_value_of_a_task_that_is_in_time) {
  EXPECT_TRUE(run([](region) -> task<void> {
                EXPECT_EQ(*co_await timeout("payment", 80ms, answer_after(1ms, 7)), 7);
              }).is_ok());
  EXPECT_TRUE(trace.all<trace::cancel_request>().empty());
}

TEST_F(a_timeout, cancels_a_task_that_is_late_and_says_so) {
  EXPECT_TRUE(run([](region) -> task<void> {
                const auto paid = co_await timeout("payment", 80ms, answer_after(1h, 7));
                EXPECT_EQ(paid.why().kind(), cancel_kind::parent);
                EXPECT_EQ(paid.why().root().kind(), cancel_kind::timeout);
                EXPECT_EQ(paid.message(), "the deadline of 'payment' passed");
              }).is_ok());
  EXPECT_EQ(clock.now(), in_ns(80ms));
}

TEST_F(a_timeout, waits_for_the_clean_up_of_what_it_cancelled) {
  const auto slow = []() -> task<int> {
    co_await outcome_of(sleep_for(1h));
    co_await sleep(20ms);
    co_return 7;
  };
  EXPECT_TRUE(run([&](region) -> task<void> {
                EXPECT_EQ(*co_await timeout("payment", 80ms, slow()), 7);
              }).is_ok());
  EXPECT_EQ(clock.now(), in_ns(100ms));
}

TEST_F(a_timeout, can_bound_the_clean_up_too) {
  const auto slow = []() -> task<int> {
    co_await outcome_of(sleep_for(1h));
    co_await sleep(1h);
    co_return 7;
  };
  EXPECT_TRUE(run([&](region) -> task<void> {
                EXPECT_TRUE((co_await timeout("payment", 80ms, 5ms, slow())).is_panicked());
              }).is_ok());
  EXPECT_EQ(clock.now(), in_ns(85ms));
}

TEST_F(a_timeout, around_another_leaves_the_earlier_in_force) {
  EXPECT_TRUE(run([](region) -> task<void> {
                const auto ended =
                    co_await timeout("outer", 10ms, timeout("inner", 80ms, answer_after(1h, 7)));
                EXPECT_EQ(ended.message(), "the deadline of 'outer' passed");
              }).is_ok());
  EXPECT_EQ(clock.now(), in_ns(10ms));
}

// ---- race ----

using a_race = program_test;

TEST_F(a_race, is_won_by_the_first_to_end_and_drains_the_losers_before_it_returns) {
  int drained = 0;
  const auto loser = [&drained]() -> task<int> {
    co_await outcome_of(sleep_for(1h));
    co_await sleep(2ms);
    ++drained;
    co_return error{"lost"};
  };
  EXPECT_TRUE(run([&](region) -> task<void> {
                const auto won =
                    co_await race(loser(), named("quick", answer_after(3ms, 7)), loser());
                EXPECT_EQ(*won, 7);
                EXPECT_EQ(drained, 2);
              }).is_ok());
  EXPECT_EQ(clock.now(), in_ns(5ms));
}

TEST_F(a_race, names_the_winner_as_the_one_who_asked_the_losers_to_end) {
  EXPECT_TRUE(run([](region) -> task<void> {
                static_cast<void>(co_await race(named("primary", answer_after(9ms, 1)),
                                                named("backup", answer_after(3ms, 2))));
              }).is_ok());
  const auto request = trace.requests_for(trace.task_named("primary")).at(0);
  EXPECT_EQ(request.kind, cancel_kind::race_lost);
  EXPECT_EQ(request.origin_task, trace.task_named("backup"));
  EXPECT_EQ(request.origin_region, trace.region_named("race"));
  EXPECT_EQ(request.message, "'backup' ended first");
}

TEST_F(a_race, ends_as_the_first_to_end_even_if_that_failed) {
  EXPECT_TRUE(run([](region) -> task<void> {
                const auto won = co_await race(fail_after(1ms, "refused"), answer_after(2ms, 7));
                EXPECT_EQ(won.err().message, "refused");
              }).is_ok());
}

TEST_F(a_race, does_not_hide_that_a_loser_panicked) {
  const auto loser = []() -> task<int> {
    co_await outcome_of(sleep_for(1h));
    throw std::runtime_error("clean-up failed");
  };
  EXPECT_TRUE(run([&](region) -> task<void> {
                const auto won = co_await race(answer_after(1ms, 7), loser());
                EXPECT_EQ(won.panicked().message, "clean-up failed");
              }).is_ok());
}

TEST_F(a_race, reaches_what_a_loser_waits_for) {
  EXPECT_TRUE(run([](region) -> task<void> {
                EXPECT_EQ(*co_await race(answer_after(1ms, 7),
                                         [](auto inner) -> task<int> {
                                           co_return co_await value_of(std::move(inner));
                                         }(timeout("slow", 1h, answer_after(1h, 1)))),
                          7);
              }).is_ok());
  EXPECT_EQ(clock.now(), in_ns(1ms));
  EXPECT_EQ(trace.requests_for(trace.region_named("slow")).at(0).kind, cancel_kind::race_lost);
}

TEST_F(a_race, that_is_cancelled_cancels_all_of_them) {
  EXPECT_TRUE(run([](region) -> task<void> {
                const auto ended = co_await timeout("all", 4ms, [](auto inner) -> task<int> {
                  co_return co_await value_of(std::move(inner));
                }(race(answer_after(1h, 1), answer_after(1h, 2))));
                EXPECT_EQ(ended.message(), "the deadline of 'all' passed");
              }).is_ok());
  EXPECT_EQ(clock.now(), in_ns(4ms));
}

TEST_F(a_race, for_the_first_success_goes_on_past_failures) {
  EXPECT_TRUE(run([](region) -> task<void> {
                const auto won = co_await first_ok(fail_after(1ms, "refused"), answer_after(2ms, 7),
                                                   answer_after(1h, 8));
                EXPECT_EQ(*won, 7);
                const auto none =
                    co_await first_ok(fail_after(1ms, "first"), fail_after(2ms, "second"));
                EXPECT_EQ(none.err().message, "first");
              }).is_ok());
}

TEST_F(a_race, may_be_between_tasks_that_give_no_value) {
  EXPECT_TRUE(run([](region) -> task<void> {
                EXPECT_TRUE((co_await race(sleep_for(1ms), sleep_for(1h))).is_ok());
                const auto bad = []() -> task<void> { co_await fail("refused"); };
                EXPECT_EQ((co_await race(bad(), sleep_for(1h))).err().message, "refused");
              }).is_ok());
}

TEST_F(a_race, may_be_between_as_many_as_a_list_holds) {
  EXPECT_TRUE(run([](region) -> task<void> {
                std::vector<named_task<int>> list;
                for (int i = 1; i <= 20; ++i)
                  list.push_back(named("runner", answer_after((21 - i) * 1ms, i)));
                EXPECT_EQ(*co_await race(std::move(list)), 20);
                std::vector<named_task<int>> refusing;
                for (int i = 1; i <= 3; ++i)
                  refusing.push_back(named("refuses", fail_after(i * 1ms, "no")));
                refusing.push_back(named("agrees", answer_after(9ms, 7)));
                EXPECT_EQ(*co_await first_ok(std::move(refusing)), 7);
              }).is_ok());
}

// ---- join_all ----

using joining_all = program_test;

TEST_F(joining_all, gives_all_values_when_all_are_ok) {
  EXPECT_TRUE(run([](region r) -> task<void> {
                const auto a = r.spawn("a", answer_after(2ms, 1));
                const auto b = r.spawn("b", answer_after(1ms, 2));
                const auto c = r.spawn("c", sleep_for(3ms));
                const auto all = co_await join_all(a, b, c);
                EXPECT_EQ(std::get<0>(*all), 1);
                EXPECT_EQ(std::get<1>(*all), 2);
              }).is_ok());
  EXPECT_EQ(clock.now(), in_ns(3ms));
}

TEST_F(joining_all, of_mixed_outcomes_gives_the_worst_and_of_equals_the_first) {
  const auto panics = []() -> task<int> {
    throw std::runtime_error("bug");
    co_return 0;
  };
  EXPECT_TRUE(run({.policy = on_failure::keep_going}, [&](region r) -> task<void> {
                const auto ok = r.spawn("ok", answer_after(1ms, 1));
                const auto late = r.spawn("late", fail_after(2ms, "late"));
                const auto early = r.spawn("early", fail_after(1ms, "early"));
                EXPECT_EQ((co_await join_all(ok, late, early)).err().message, "late");
                const auto cancelled = r.spawn("cancelled", answer_after(1h, 1));
                const auto panicked = r.spawn("panicked", panics());
                const auto failed = r.spawn("failed", fail_after(1ms, "failed"));
                cancelled.cancel("enough");
                EXPECT_EQ((co_await join_all(failed, cancelled, panicked)).panicked().message,
                          "bug");
              }).is_ok());
}

TEST_F(joining_all, starts_plain_tasks_together) {
  EXPECT_TRUE(run([](region) -> task<void> {
                const auto all =
                    co_await join_all(answer_after(2ms, 1), named("second", answer_after(3ms, 2)));
                EXPECT_EQ(std::get<0>(*all) + std::get<1>(*all), 3);
              }).is_ok());
  EXPECT_EQ(clock.now(), in_ns(3ms));
}

TEST_F(joining_all, of_a_list_gives_a_list) {
  EXPECT_TRUE(run([](region r) -> task<void> {
                std::vector<join_handle<int>> handles;
                for (int i = 0; i < 1000; ++i)
                  handles.push_back(r.spawn("n", answer_after(1ms, i)));
                const auto all = co_await join_all(handles);
                EXPECT_EQ(all->size(), 1000U);
                EXPECT_EQ(all->back(), 999);
              }).is_ok());
}

// ---- retry ----

using retrying = program_test;

TEST_F(retrying, tries_again_after_errors_with_growing_pauses_and_notes_it) {
  int attempts = 0;
  EXPECT_TRUE(run([&](region) -> task<void> {
                const auto ended =
                    co_await retry("quote", {.attempts = 5, .backoff = 2ms}, [&]() -> task<int> {
                      if (++attempts < 4) co_return error{"busy"};
                      co_return attempts;
                    });
                EXPECT_EQ(*ended, 4);
              }).is_ok());
  EXPECT_EQ(clock.now(), in_ns(2ms + 4ms + 8ms));
  const auto marks = trace.all<trace::mark>();
  ASSERT_EQ(marks.size(), 3U);
  EXPECT_EQ(marks[0].label, "quote: attempt 1 of 5 failed: busy");
}

TEST_F(retrying, ends_with_the_last_failure) {
  EXPECT_TRUE(run([](region) -> task<void> {
                const auto ended = co_await retry("quote", {.attempts = 2},
                                                  [] { return fail_after(1ms, "busy"); });
                EXPECT_EQ(ended.err().message, "busy");
              }).is_ok());
  EXPECT_EQ(clock.now(), in_ns(2ms));
}

TEST_F(retrying, tries_again_after_an_attempts_own_timeout) {
  int attempts = 0;
  EXPECT_TRUE(run([&](region) -> task<void> {
                const auto ended = co_await retry("quote", {.attempts = 3}, [&] {
                  const bool late = ++attempts < 3;
                  return timeout("ask", 5ms, answer_after(late ? 1h : 1ms, attempts));
                });
                EXPECT_EQ(*ended, 3);
              }).is_ok());
  EXPECT_EQ(clock.now(), in_ns(11ms));
}

TEST_F(retrying, stops_when_it_is_cancelled_itself) {
  int attempts = 0;
  const auto persistent = [&]() -> task<int> {
    co_return co_await value_of(retry("quote", {.attempts = 100, .backoff = 1ms}, [&] {
      ++attempts;
      return fail_after(1ms, "busy");
    }));
  };
  EXPECT_TRUE(run([&](region) -> task<void> {
                EXPECT_TRUE((co_await timeout("all", 5ms, persistent())).is_cancelled());
              }).is_ok());
  EXPECT_EQ(attempts, 2);
}

TEST_F(retrying, does_not_try_again_after_a_panic) {
  int attempts = 0;
  EXPECT_TRUE(run([&](region) -> task<void> {
                const auto ended = co_await retry("quote", {}, [&]() -> task<int> {
                  ++attempts;
                  throw std::runtime_error("bug");
                  co_return 1;
                });
                EXPECT_TRUE(ended.is_panicked());
              }).is_ok());
  EXPECT_EQ(attempts, 1);
}

} // namespace
} // namespace cancelscope
