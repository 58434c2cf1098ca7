// Regions in a program: a scope gives its outcome when nothing of it lives any more.
#include "tests/runtime/support/program.hpp"

namespace cancelscope {
namespace {

using namespace tests;
using testing::ElementsAre;
using trace::region_state;

using a_scope = program_test;

TEST_F(a_scope, gives_the_outcome_of_its_body) {
  EXPECT_TRUE(run([](region) -> task<void> {
                const auto n =
                    co_await with_region("inner", [](region) -> task<int> { co_return 7; });
                EXPECT_EQ(*n, 7);
              }).is_ok());
}

TEST_F(a_scope, waits_for_the_tasks_in_it_and_cancels_none_when_its_body_ends_well) {
  bool finished = false;
  const auto background = [&finished]() -> task<void> {
    co_await sleep(5ms);
    finished = true;
  };
  EXPECT_TRUE(run([&](region) -> task<void> {
                co_await with_region("inner", [&](region inner) -> task<void> {
                  static_cast<void>(inner.spawn("background", background()));
                  co_return;
                });
                EXPECT_TRUE(finished);
              }).is_ok());
  EXPECT_TRUE(trace.all<trace::cancel_request>().empty());
  const auto joins = trace.all<trace::task_join>(
      [&](const auto& j) { return j.task == trace.task_named("background"); });
  EXPECT_EQ(joins.at(0).by, trace::entity_id(trace.region_named("inner")))
      << "nobody else joined it";
}

TEST_F(a_scope, joins_its_body_for_the_task_that_opened_it) {
  EXPECT_TRUE(run([](region) -> task<void> {
                co_await with_region("inner", [](region) -> task<void> { co_return; });
              }).is_ok());
  const auto joins = trace.all<trace::task_join>(
      [&](const auto& j) { return j.task == trace.task_named("inner"); });
  EXPECT_EQ(joins.at(0).by, trace::entity_id(trace.task_named("root")));
}

TEST_F(a_scope, whose_deadline_passes_is_cancelled_with_the_opener_as_origin) {
  EXPECT_TRUE(run([](region) -> task<void> {
                const auto ended =
                    co_await with_region("order", {.deadline = 250ms}, [](region r) -> task<int> {
                      static_cast<void>(r.spawn("stock", answer_after(1h, 1)));
                      co_return co_await answer_after(1h, 2);
                    });
                EXPECT_TRUE(ended.is_cancelled());
                EXPECT_EQ(ended.why().root().kind(), cancel_kind::timeout);
                EXPECT_EQ(ended.message(), "the deadline of 'order' passed");
              }).is_ok());
  const auto request = trace.requests_for(trace.region_named("order")).at(0);
  EXPECT_EQ(request.origin_task, trace.task_named("root"));
  EXPECT_EQ(clock.now(), in_ns(250ms));
  EXPECT_THAT(trace.states_of(trace.region_named("order")),
              ElementsAre(region_state::closing, region_state::draining, region_state::closed));
}

TEST_F(a_scope, that_ended_well_before_its_deadline_leaves_no_timer_behind) {
  EXPECT_TRUE(run([](region) -> task<void> {
                co_await with_region("quick", {.deadline = 1h},
                                     [](region) -> task<void> { co_return; });
              }).is_ok());
  EXPECT_EQ(clock.now(), 0U);
}

TEST_F(a_scope, whose_body_fails_cancels_what_is_left_in_it) {
  EXPECT_TRUE(run([](region) -> task<void> {
                const auto ended = co_await with_region("order", [](region r) -> task<int> {
                  static_cast<void>(r.spawn("mail", answer_after(1h, 1)));
                  co_await sleep(1ms);
                  co_return error{"declined"};
                });
                EXPECT_TRUE(ended.is_cancelled())
                    << "the worse of the body's error and the task's cancellation";
                EXPECT_EQ(ended.message(), "order failed: declined");
              }).is_ok());
  EXPECT_EQ(trace.requests_for(trace.region_named("order")).at(0).kind, cancel_kind::fail_fast);
  EXPECT_EQ(clock.now(), in_ns(1ms));
}

TEST_F(a_scope, is_cancelled_as_a_whole_by_a_task_that_fails_in_it) {
  EXPECT_TRUE(run([](region) -> task<void> {
                const auto ended = co_await with_region("order", [](region r) -> task<int> {
                  static_cast<void>(r.spawn("fraud", fail_after(2ms, "suspicious")));
                  co_return co_await answer_after(1h, 1);
                });
                EXPECT_EQ(ended.why().root().kind(), cancel_kind::fail_fast);
                EXPECT_EQ(ended.message(), "fraud failed: suspicious");
              }).is_ok());
  EXPECT_EQ(trace.requests_for(trace.region_named("order")).at(0).origin_task,
            trace.task_named("fraud"));
}

TEST_F(a_scope, whose_body_waits_for_the_task_that_fails_has_joined_it_when_it_is_cancelled) {
  EXPECT_TRUE(run([](region) -> task<void> {
                const auto ended = co_await with_region("order", [](region r) -> task<int> {
                  const auto charged = r.spawn("charge", fail_after(1ms, "declined"));
                  co_return co_await value_of(charged.join());
                });
                EXPECT_EQ(ended.message(), "charge failed: declined");
              }).is_ok());
  const auto joins = trace.all<trace::task_join>(
      [&](const auto& j) { return j.task == trace.task_named("charge"); });
  EXPECT_EQ(joins.at(0).by, trace::entity_id(trace.task_named("order")));
}

TEST_F(a_scope, that_keeps_going_lets_the_others_finish_when_one_fails) {
  EXPECT_TRUE(run([](region) -> task<void> {
                const auto ended = co_await with_region(
                    "orders", {.policy = on_failure::keep_going}, [](region r) -> task<int> {
                      const auto bad = r.spawn("bad", fail_after(1ms, "no stock"));
                      const auto good = r.spawn("good", answer_after(2ms, 7));
                      EXPECT_TRUE((co_await bad.join()).is_err());
                      co_return co_await good.join();
                    });
                EXPECT_EQ(*ended, 7);
              }).is_ok());
}

TEST_F(a_scope, passes_a_request_to_its_opener_on_to_what_is_in_it_and_outlives_nothing) {
  std::string log;
  const auto worker = [&log]() -> task<void> {
    co_await outcome_of(sleep_for(1h));
    co_await sleep(2ms);
    log += "worker drained ";
  };
  const auto opener = [&]() -> task<void> {
    const noted_end local{log, "opener gone"};
    co_await with_region("inner", [&](region r) -> task<void> {
      static_cast<void>(r.spawn("worker", worker()));
      co_await sleep(1h);
    });
    log += "never";
  };
  EXPECT_TRUE(run([&](region r) -> task<void> {
                const auto h = r.spawn("opener", opener());
                co_await sleep(1ms);
                h.cancel("enough");
                EXPECT_TRUE((co_await h.join()).is_cancelled());
              }).is_ok());
  EXPECT_EQ(log, "worker drained opener gone");
  const auto request = trace.requests_for(trace.region_named("inner")).at(0);
  EXPECT_EQ(request.origin_task, trace.task_named("opener"));
  EXPECT_EQ(request.cause, trace.requests_for(trace.task_named("opener")).at(0).cancel);
}

TEST_F(a_scope, opened_by_clean_up_is_not_cancelled_by_what_is_being_cleaned_up_after) {
  std::string log;
  const auto work = [&log]() -> task<void> {
    const auto how = co_await outcome_of(sleep_for(1h));
    EXPECT_TRUE(how.is_cancelled());
    const auto undone = co_await join_all(answer_after(1ms, 1), answer_after(2ms, 2));
    log = undone ? "undone" : "interrupted";
  };
  EXPECT_TRUE(run([&](region) -> task<void> {
                co_await with_region("inner", [&](region r) -> task<void> {
                  static_cast<void>(r.spawn("work", work()));
                  co_await sleep(1ms);
                  r.cancel("enough");
                });
              }).is_ok());
  EXPECT_EQ(log, "undone");
}

TEST_F(a_scope, opened_under_a_shield_is_masked_with_it) {
  EXPECT_TRUE(run([](region r) -> task<void> {
                const auto careful = []() -> task<int> {
                  auto both = co_await shield(join_all(answer_after(5ms, 1), answer_after(6ms, 2)));
                  EXPECT_TRUE(both.is_ok());
                  co_return std::get<0>(*both);
                };
                const auto h = r.spawn("careful", careful());
                co_await sleep(1ms);
                h.cancel("enough");
                EXPECT_EQ(*co_await h.join(), 1) << "it did not reach another checkpoint";
              }).is_ok());
}

TEST_F(a_scope, whose_clean_up_takes_too_long_is_closed_by_force_from_the_inside_outwards) {
  std::string ends;
  const auto stubborn = [&ends]() -> task<void> {
    const noted_end local{ends, "inner "};
    co_await outcome_of(sleep_for(1h));
    co_await sleep(1h);
  };
  const auto opener = [&]() -> task<void> {
    const noted_end local{ends, "outer"};
    co_await with_region("inner", [&](region r) -> task<void> {
      static_cast<void>(r.spawn("stubborn", stubborn()));
      co_return;
    });
  };
  const auto ended = run({.deadline = 10ms, .cleanup = 5ms}, [&](region r) -> task<void> {
    static_cast<void>(r.spawn("opener", opener()));
    co_return;
  });
  EXPECT_TRUE(ended.is_panicked());
  EXPECT_EQ(ends, "inner outer");
  EXPECT_EQ(clock.now(), in_ns(15ms));
}

TEST_F(a_scope, finds_a_lease_that_was_forgotten) {
  EXPECT_TRUE(run([](region) -> task<void> {
                co_await with_region("order", [](region r) -> task<void> {
                  obligation kept = r.reserve(obligation_kind::lease, "kept");
                  const obligation dropped = r.reserve(obligation_kind::lease, "dropped");
                  obligation forgotten = r.reserve(obligation_kind::lease, "forgotten");
                  kept.commit();
                  EXPECT_TRUE(forgotten.detach());
                  co_return;
                });
              }).is_ok());
  std::vector<trace::obligation_fate> fates;
  for (const auto& end : trace.all<trace::obligation_end>())
    fates.push_back(end.how);
  EXPECT_THAT(fates, ElementsAre(trace::obligation_fate::committed, trace::obligation_fate::aborted,
                                 trace::obligation_fate::leaked));
  EXPECT_EQ(leaked, 1U);
}

task<void> one_deeper(int depth) {
  if (depth == 0) {
    co_await sleep(1h);
    co_return;
  }
  co_await with_region("deeper", [depth](region) -> task<void> { return one_deeper(depth - 1); });
}

TEST_F(a_scope, ten_thousand_deep_is_cancelled_and_unwound_without_a_deep_stack) {
  const auto ended = run([](region r) -> task<void> {
    static_cast<void>(r.spawn("descent", one_deeper(10'000)));
    co_await sleep(1ms);
    r.cancel("all of it");
    co_await checkpoint();
  });
  EXPECT_TRUE(ended.is_cancelled());
}

TEST_F(a_scope, with_a_hundred_thousand_tasks_is_closed) {
  int drained = 0;
  const auto work = [&drained]() -> task<void> {
    co_await outcome_of(sleep_for(1h));
    ++drained;
  };
  const auto ended = current_thread{clock}.run("root", [&](region r) -> task<void> {
    for (int i = 0; i < 100'000; ++i)
      static_cast<void>(r.spawn({}, work()));
    co_await sleep(1ms);
    r.cancel("all of it");
    co_await checkpoint();
  });
  EXPECT_TRUE(ended.is_cancelled());
  EXPECT_EQ(drained, 100'000);
}

} // namespace
} // namespace cancelscope
