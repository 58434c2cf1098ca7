// The current-thread executor: order, time, traces, and programs that cannot go on.
#include "tests/runtime/support/program.hpp"

namespace cancelscope {
namespace {

using namespace tests;
using testing::HasSubstr;

using the_current_thread = program_test;

TEST_F(the_current_thread, runs_what_is_ready_in_the_order_in_which_it_became_ready) {
  std::string order;
  const auto work = [&order](char name) -> task<void> {
    order += name;
    co_await yield();
    order += name;
  };
  EXPECT_TRUE(run([&](region r) -> task<void> {
                for (const char name : {'a', 'b', 'c'})
                  static_cast<void>(r.spawn("work", work(name)));
                co_return;
              }).is_ok());
  EXPECT_EQ(order, "abcabc");
}

TEST_F(the_current_thread, wakes_sleepers_at_their_times) {
  std::string order;
  const auto work = [&order](char name, nanoseconds pause) -> task<void> {
    co_await sleep(pause);
    order += name;
  };
  EXPECT_TRUE(run([&](region r) -> task<void> {
                static_cast<void>(r.spawn("c", work('c', 3ms)));
                static_cast<void>(r.spawn("a", work('a', 1ms)));
                static_cast<void>(r.spawn("b", work('b', 2ms)));
                co_return;
              }).is_ok());
  EXPECT_EQ(order, "abc");
}

TEST_F(the_current_thread, tells_how_long_a_task_ran_and_what_it_waits_for) {
  EXPECT_TRUE(run([&](region) -> task<void> {
                clock.advance(300ns);
                co_await sleep(1ms);
                clock.advance(200ns);
              }).is_ok());
  const auto runs = trace.all<trace::task_run>();
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_EQ(runs[0].dur, 300U);
  EXPECT_EQ(runs[1].dur, 200U);
  EXPECT_EQ(trace.all<trace::task_wait>().at(0).on, trace::wait_reason::timer);
}

TEST_F(the_current_thread, says_where_in_the_source_a_task_was_spawned_and_a_cancel_was_asked_for) {
  EXPECT_TRUE(run([](region r) -> task<void> {
                const auto h = r.spawn("work", sleep_for(1h));
                h.cancel("enough");
                co_await h.join();
              }).is_ok());
  int placed = 0;
  for (const auto& e : trace.events()) {
    const bool of_interest = std::holds_alternative<trace::task_spawn>(e.body) ||
                             std::holds_alternative<trace::cancel_request>(e.body);
    if (!of_interest) continue;
    ASSERT_TRUE(e.src);
    EXPECT_THAT(std::string{*e.src}, testing::StartsWith("executor_test.cpp:"));
    ++placed;
  }
  EXPECT_EQ(placed, 3);
}

TEST_F(the_current_thread, opens_the_trace_with_a_header_and_ends_it) {
  EXPECT_TRUE(run([](region) -> task<void> { co_return; }).is_ok());
  const auto* header = std::get_if<trace::header>(&trace.events().front().body);
  ASSERT_NE(header, nullptr);
  EXPECT_EQ(header->clock, trace::clock_kind::virtual_time);
  EXPECT_EQ(header->producer->name, "test");
  EXPECT_TRUE(std::holds_alternative<trace::end_of_trace>(trace.events().back().body));
}

TEST_F(the_current_thread, needs_no_sink) {
  EXPECT_EQ(*current_thread{clock}.run("root", [](region) -> task<int> { co_return 7; }), 7);
}

TEST_F(the_current_thread, runs_on_the_machines_clock_as_well) {
  real_clock real;
  current_thread runtime{real};
  const auto ended = runtime.run("root", [](region) -> task<int> {
    co_return co_await value_of(timeout("quick", 10s, answer_after(1us, 7)));
  });
  EXPECT_EQ(*ended, 7);
  EXPECT_GE(real.now(), 1000U);
}

TEST_F(the_current_thread, notices_when_nothing_can_ever_happen_again_and_shuts_down) {
  semaphore db{"db", 0};
  const auto ended = run([&](region) -> task<void> { const permit never = co_await db.acquire(); });
  ASSERT_TRUE(ended.is_cancelled());
  EXPECT_EQ(ended.why().root().kind(), cancel_kind::shutdown);
  EXPECT_THAT(std::string{trace.all<trace::violation>().at(0).message},
              HasSubstr("every task is parked"));
}

TEST_F(the_current_thread, stops_by_force_what_waits_for_ever_even_in_its_clean_up) {
  semaphore db{"db", 0};
  const auto ended = run([&](region) -> task<void> {
    co_await outcome_of(sleep_for(1ms));
    const auto how = co_await outcome_of(db.acquire());
    EXPECT_TRUE(how.is_cancelled());
    const permit never = co_await db.acquire();
  });
  EXPECT_TRUE(ended.is_panicked());
  EXPECT_EQ(db.waiting(), 0U);
}

TEST_F(the_current_thread, can_be_shut_down_from_within) {
  current_thread runtime{clock};
  const auto ended = runtime.run("root", [&](region) -> task<void> {
    runtime.shutdown("SIGTERM");
    co_await sleep(1h);
  });
  EXPECT_EQ(ended.why().root().kind(), cancel_kind::shutdown);
  EXPECT_EQ(ended.message(), "SIGTERM");
}

TEST_F(the_current_thread, refuses_to_join_a_task_twice) {
  EXPECT_TRUE(run([](region r) -> task<void> {
                const auto h = r.spawn("work", answer_after(1ms, 7));
                EXPECT_EQ(*co_await h.join(), 7);
                EXPECT_THAT((co_await h.join()).err().message,
                            HasSubstr("join was given the stale handle"));
              }).is_ok());
  EXPECT_EQ(trace.all<trace::stale_use>().size(), 1U);
}

TEST_F(the_current_thread, refuses_to_spawn_into_a_region_that_is_gone) {
  EXPECT_TRUE(run([](region root) -> task<void> {
                region gone = root;
                co_await with_region("inner", [&](region r) -> task<void> {
                  gone = r;
                  co_return;
                });
                const auto refused = co_await gone.spawn("late", answer_after(1ms, 1)).join();
                EXPECT_THAT(refused.err().message, HasSubstr("spawn was given the stale handle"));
              }).is_ok());
}

TEST_F(the_current_thread, writes_the_same_trace_for_the_same_program) {
  const auto program = [](region r) -> task<void> {
    for (int i = 0; i < 10; ++i)
      static_cast<void>(r.spawn("n", answer_after(1ms * (i % 3), i)));
    static_cast<void>(co_await race(answer_after(1ms, 1), answer_after(2ms, 2)));
  };
  const auto told = [&] {
    virtual_clock fresh;
    kept_trace into;
    EXPECT_TRUE((current_thread{fresh, {.sink = &into}}.run("root", program)));
    std::string all;
    for (const auto& e : into.events())
      all += std::to_string(e.t) + std::string{name_of(e)} + ' ';
    return all;
  };
  EXPECT_EQ(told(), told());
  EXPECT_TRUE(run(program).is_ok());
}

} // namespace
} // namespace cancelscope
