// Bodies: how a task calls another, how it ends, and how cancellation and errors unwind it.
#include "tests/runtime/support/program.hpp"

#include <stdexcept>

namespace cancelscope {
namespace {

using namespace tests;
using testing::HasSubstr;

static_assert(runtime_awaitable<sleep_op>);
static_assert(runtime_awaitable<join_op<int>>);
static_assert(!runtime_awaitable<std::suspend_always>,
              "what knows nothing of cancellation cannot be awaited");
static_assert(!std::is_copy_constructible_v<task<int>>);
static_assert(!std::is_copy_constructible_v<join_handle<int>>);
static_assert(!std::is_copy_constructible_v<obligation>);

using a_task = program_test;

TEST_F(a_task, that_awaits_another_gets_its_value) {
  const auto sum = run([](region) -> task<int> {
    const int a = co_await answer_after(1ms, 40);
    const int b = co_await answer_after(1ms, 2);
    co_return a + b;
  });
  EXPECT_EQ(*sum, 42);
  EXPECT_EQ(clock.now(), in_ns(2ms));
}

TEST_F(a_task, that_is_never_awaited_never_begins) {
  bool began = false;
  const auto start = [&began]() -> task<void> {
    began = true;
    co_return;
  };
  EXPECT_TRUE(run([&](region) -> task<void> {
                const auto forgotten = start();
                co_await sleep(1ms);
              }).is_ok());
  EXPECT_FALSE(began);
}

TEST_F(a_task, returns_an_error_as_a_value) {
  EXPECT_EQ(run([](region) -> task<int> { co_return error{"no stock"}; }).err().message,
            "no stock");
}

TEST_F(a_task, without_a_value_fails_too) {
  std::string ends;
  const auto ended = run([&](region) -> task<void> {
    const noted_end local{ends, "local"};
    co_await fail("no stock");
  });
  EXPECT_EQ(ended.err().message, "no stock");
  EXPECT_EQ(ends, "local");
}

TEST_F(a_task, ends_as_the_task_it_awaits_unless_that_gives_a_value) {
  std::string ends;
  const auto ended = run([&](region) -> task<int> {
    const noted_end local{ends, "outer"};
    const int n = co_await fail_after(1ms, "no stock");
    ends += "never";
    co_return n;
  });
  EXPECT_EQ(ended.err().message, "no stock");
  EXPECT_EQ(ends, "outer");
}

TEST_F(a_task, sees_how_another_ended_when_it_asks) {
  const auto ended = run([](region) -> task<std::string> {
    const auto how = co_await outcome_of(fail_after(1ms, "no stock"));
    co_return how.err().message + ", seen";
  });
  EXPECT_EQ(*ended, "no stock, seen");
}

TEST_F(a_task, goes_on_with_the_value_of_an_outcome_or_ends_as_it_did) {
  EXPECT_EQ(*run([](region) -> task<int> { co_return co_await value_of(outcome<int>{7}); }), 7);
  const auto failed = current_thread{clock}.run("root", [](region) -> task<int> {
    co_return co_await value_of(outcome<int>{error{"no stock"}});
  });
  EXPECT_EQ(failed.err().message, "no stock");
}

TEST_F(a_task,
       without_a_value_ends_as_the_task_it_joins_when_that_was_cancelled_by_its_own_timeout) {
  const auto late = []() -> task<void> {
    auto ended = co_await timeout("slow", 1ms, sleep_for(1h));
    co_await value_of(std::move(ended));
  };
  std::string log;
  const auto reader = [&](region r) -> task<void> {
    const noted_end local{log, "unwound"};
    const auto h = r.spawn("late", late());
    co_await value_of(h.join());
    log += "never";
  };
  const auto ended = run({.policy = on_failure::keep_going}, reader);
  EXPECT_EQ(ended.message(), "the deadline of 'slow' passed");
  EXPECT_EQ(log, "unwound");
}

TEST_F(a_task, that_is_left_by_an_exception_panics) {
  const auto ended = run([](region) -> task<int> {
    co_await sleep(1ms);
    throw std::runtime_error("bug");
  });
  EXPECT_EQ(ended.panicked().message, "bug");
}

TEST_F(a_task, may_catch_an_exception_of_a_task_it_awaits) {
  const auto thrower = []() -> task<int> {
    co_await sleep(1ms);
    throw std::runtime_error("bug");
  };
  const auto ended = run([&](region) -> task<std::string> {
    try {
      co_await thrower();
    } catch (const std::runtime_error& caught) {
      co_return caught.what();
    }
    co_return "nothing thrown";
  });
  EXPECT_EQ(*ended, "bug");
}

TEST_F(a_task, that_is_cancelled_is_unwound_from_the_inside_and_no_catch_sees_it) {
  std::string ends;
  const auto inner = [&ends]() -> task<void> {
    const noted_end local{ends, "inner "};
    co_await sleep(1h);
  };
  const auto outer = [&]() -> task<void> {
    const noted_end local{ends, "outer "};
    try {
      co_await inner();
    } catch (...) {
      ends += "caught ";
    }
  };
  EXPECT_TRUE(run([&](region r) -> task<void> {
                const auto h = r.spawn("work", outer());
                co_await sleep(1ms);
                h.cancel("enough");
                const auto ended = co_await h.join();
                EXPECT_EQ(ended.why().message(), "enough");
              }).is_ok());
  EXPECT_EQ(ends, "inner outer ");
  EXPECT_EQ(clock.now(), in_ns(1ms)) << "parked on a timer, it was woken";
}

TEST_F(a_task, that_asked_for_the_outcome_cleans_up_with_awaits_that_work) {
  const auto work = []() -> task<std::string> {
    const auto how = co_await outcome_of(sleep_for(1h));
    co_await sleep(3ms);
    co_return how.is_cancelled() ? "cleaned up" : "not cancelled";
  };
  EXPECT_TRUE(run([&](region r) -> task<void> {
                const auto h = r.spawn("work", work());
                co_await sleep(1ms);
                h.cancel("enough");
                EXPECT_EQ(*co_await h.join(), "cleaned up");
              }).is_ok());
  EXPECT_EQ(clock.now(), in_ns(4ms));
}

TEST_F(a_task, may_pass_its_cancellation_on_as_its_outcome) {
  const auto work = [](std::string& log) -> task<int> {
    auto how = co_await outcome_of(answer_after(1h, 1));
    if (!how) log = "released";
    co_return how;
  };
  std::string log;
  EXPECT_TRUE(run([&](region r) -> task<void> {
                const auto h = r.spawn("work", work(log));
                co_await yield();
                h.cancel("enough");
                EXPECT_TRUE((co_await h.join()).is_cancelled());
              }).is_ok());
  EXPECT_EQ(log, "released");
}

TEST_F(a_task, that_is_cancelled_before_it_begins_never_begins) {
  bool began = false;
  const auto work = [&began]() -> task<void> {
    began = true;
    co_return;
  };
  EXPECT_TRUE(run([&](region r) -> task<void> {
                const auto h = r.spawn("work", work());
                h.cancel("changed my mind");
                EXPECT_TRUE((co_await h.join()).is_cancelled());
              }).is_ok());
  EXPECT_FALSE(began);
}

TEST_F(a_task, that_never_awaits_is_not_stopped_and_may_end_well) {
  EXPECT_TRUE(run([](region r) -> task<void> {
                r.cancel("too late");
                co_return;
              }).is_ok());
}

TEST_F(a_task, sees_a_request_at_a_checkpoint) {
  int rounds = 0;
  const auto ended = run([&](region r) -> task<void> {
    for (;; ++rounds) {
      if (rounds == 3) r.cancel("enough");
      co_await checkpoint();
    }
  });
  EXPECT_TRUE(ended.is_cancelled());
  EXPECT_EQ(rounds, 3);
}

TEST_F(a_task, under_a_shield_sees_the_request_after_it) {
  std::string log;
  const auto careful = [&log]() -> task<void> {
    co_await shield(sleep_for(5ms));
    log += "shielded part done";
    co_await checkpoint();
    log += " and more";
  };
  EXPECT_TRUE(run([&](region r) -> task<void> {
                const auto h = r.spawn("careful", careful());
                co_await sleep(1ms);
                h.cancel("enough");
                EXPECT_TRUE((co_await h.join()).is_cancelled());
              }).is_ok());
  EXPECT_EQ(log, "shielded part done");
  EXPECT_EQ(clock.now(), in_ns(5ms));
}

TEST_F(a_task, knows_who_cancelled_it) {
  std::string asked_by;
  const auto work = [&]() -> task<void> {
    EXPECT_FALSE(co_await my_cancellation());
    co_await outcome_of(sleep_for(1h));
    const auto why = co_await my_cancellation();
    asked_by = to_string(*why.origin_task()) + ": " + std::string{why.message()};
  };
  EXPECT_TRUE(run([&](region r) -> task<void> {
                const auto h = r.spawn("work", work());
                co_await sleep(1ms);
                h.cancel("enough");
                co_await h.join();
              }).is_ok());
  EXPECT_EQ(asked_by, to_string(trace.task_named("root")) + ": enough");
}

TEST_F(a_task, runs_what_it_registered_for_its_exit_after_its_body_the_last_registered_first) {
  std::string log;
  const auto work = [&log]() -> task<void> {
    const noted_end local{log, "body "};
    co_await on_exit("first", [&log] { log += "first "; });
    co_await on_exit("second", [&log] { log += "second "; });
    co_await sleep(1h);
  };
  EXPECT_TRUE(run([&](region r) -> task<void> {
                const auto h = r.spawn("work", work());
                co_await yield();
                h.cancel("enough");
                co_await h.join();
              }).is_ok());
  EXPECT_EQ(log, "body second first ");
}

TEST_F(a_task, whose_clean_up_takes_too_long_is_destroyed_and_its_destructors_run) {
  std::string ends;
  const auto slow = [&ends]() -> task<void> {
    const noted_end local{ends, "destroyed"};
    co_await outcome_of(sleep_for(1h));
    co_await sleep(1h);
    ends += "never";
  };
  EXPECT_TRUE(run({.cleanup = 5ms, .policy = on_failure::keep_going}, [&](region r) -> task<void> {
                const auto h = r.spawn("slow", slow());
                co_await sleep(1ms);
                h.cancel("enough");
                const auto ended = co_await h.join();
                EXPECT_EQ(ended.panicked().message, "clean-up budget exhausted");
              }).is_ok());
  EXPECT_EQ(ends, "destroyed");
  EXPECT_EQ(clock.now(), in_ns(6ms));
  EXPECT_THAT(std::string{trace.all<trace::violation>().at(0).message}, HasSubstr("'slow'"));
}

task<int> nested(int depth) {
  if (depth == 0) {
    co_await sleep(1ms);
    co_return 0;
  }
  co_return 1 + co_await nested(depth - 1);
}

TEST_F(a_task, may_await_a_hundred_thousand_deep_and_be_unwound_from_there) {
  constexpr int depth = 100'000;
  EXPECT_TRUE(run([&](region r) -> task<void> {
                EXPECT_EQ(co_await nested(depth), depth);
                const auto h = r.spawn("deep", nested(depth));
                co_await yield();
                h.cancel("enough");
                EXPECT_TRUE((co_await h.join()).is_cancelled());
              }).is_ok());
}

} // namespace
} // namespace cancelscope
