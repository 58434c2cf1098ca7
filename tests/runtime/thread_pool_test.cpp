// The pool of threads: what runs in parallel, what is stolen, who keeps time, and that nothing is lost between threads.
#include "runtime/cancelscope.hpp"
#include "tests/runtime/support/trace_law.hpp"
#include "trace-format/kept_trace.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <latch>
#include <map>
#include <memory>
#include <set>
#include <thread>

namespace cancelscope {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using trace::kept_trace;

class the_thread_pool : public testing::Test {
protected:
  /// Runs the body as a program on a pool of its own; then the trace is complete, and nothing may live any more.
  template <class Body>
  auto run_on(unsigned threads, Body body, const region_options& options = {}) {
    return run_on(clock, threads, std::move(body), options);
  }
  template <class Body>
  auto run_on(executor_clock& time, unsigned threads, Body body,
              const region_options& options = {}) {
    thread_pool runtime{time, threads, {.name = "test", .sink = &trace}};
    auto ended = runtime.run("root", options, std::move(body));
    EXPECT_EQ(runtime.core().counts(), kernel_counts{}) << "something lives on";
    return ended;
  }
  void TearDown() override {
    if (trace.events().empty()) return; // the test watched its program in another way
    EXPECT_THAT(tests::breaks_of_law(trace.events()), IsEmpty());
  }
  /// The threads on which a task of that name ran, and for how long.
  std::map<std::uint64_t, time_ns> runs_of(std::string_view name) const {
    std::map<std::uint64_t, time_ns> found;
    const trace::task_id task = trace.task_named(name);
    for (const auto& e : trace.events())
      if (const auto* ran = std::get_if<trace::task_run>(&e.body);
          ran != nullptr && ran->task == task)
        found[*e.th] += ran->dur;
    return found;
  }

  virtual_clock clock;
  kept_trace trace;
};

task<void> sleeps(nanoseconds pause) {
  co_await sleep(pause);
}

// ---- Parallel ----

TEST_F(the_thread_pool, runs_two_bodies_at_the_same_time) {
  std::latch both{2};
  const auto meets = [&both]() -> task<void> {
    both.arrive_and_wait(); // on one thread for ever
    co_return;
  };
  EXPECT_TRUE(run_on(2, [&](region) -> task<void> {
                co_await value_of(join_all(meets(), meets()));
              }).is_ok());
}

TEST_F(the_thread_pool, steals_what_waits_for_a_busy_thread) {
  std::latch all{4};
  const auto meets = [&all]() -> task<void> {
    all.arrive_and_wait();
    co_return;
  };
  EXPECT_TRUE(run_on(4, [&](region r) -> task<void> {
                for (const char* name : {"a", "b", "c", "d"})
                  static_cast<void>(r.spawn(name, meets())); // all in the queue of this thread
                co_return;
              }).is_ok());
  std::set<std::uint64_t> threads;
  for (const char* name : {"a", "b", "c", "d"})
    for (const auto& [thread, duration] : runs_of(name))
      threads.insert(thread);
  EXPECT_THAT(threads, ElementsAre(1U, 2U, 3U, 4U));
}

TEST_F(the_thread_pool, runs_what_has_the_highest_priority_first_whoever_made_it_ready) {
  std::string order;
  const auto notes = [&order](char what) -> task<void> {
    order += what;
    co_return;
  };
  EXPECT_TRUE(run_on(1, [&](region) -> task<void> {
                const auto low = [&](region l) -> task<void> {
                  static_cast<void>(l.spawn("low", notes('l')));
                  const auto high = [&](region h) -> task<void> {
                    static_cast<void>(l.spawn("low", notes('l')));
                    static_cast<void>(h.spawn("high", notes('h')));
                    co_return;
                  };
                  co_await value_of(with_region("high", {.priority = 9}, high));
                };
                co_await value_of(with_region("low", low));
              }).is_ok());
  EXPECT_EQ(order.front(), 'h');
}

TEST_F(the_thread_pool, gives_up_its_lock_while_the_finalizer_of_a_task_runs) {
  std::latch both{2};
  const auto registers = [&both]() -> task<void> {
    const auto meet = [&both] { both.arrive_and_wait(); };
    co_await on_exit("meet", meet);
  };
  const auto enters = [&both](region r) -> task<void> {
    r.mark("inside the runtime, and out again");
    both.arrive_and_wait();
    co_return;
  };
  EXPECT_TRUE(run_on(2, [&](region r) -> task<void> {
                co_await value_of(join_all(registers(), enters(r)));
              }).is_ok());
}

TEST_F(the_thread_pool, traces_how_long_a_finalizer_took_also_when_others_have_run_meanwhile) {
  std::latch begun{1};
  std::latch marked{1};
  const auto tidies = [&]() -> task<void> {
    const auto tidy = [&] {
      begun.count_down();
      marked.wait();
      clock.advance(5ms);
    };
    co_await on_exit("tidy", tidy);
  };
  const auto marks = [&](region r) -> task<void> {
    begun.wait();
    r.mark("meanwhile");
    marked.count_down();
    co_return;
  };
  EXPECT_TRUE(run_on(2, [&](region r) -> task<void> {
                co_await value_of(join_all(tidies(), marks(r)));
              }).is_ok());
  time_ns marked_at = 0;
  for (const auto& e : trace.events()) {
    if (std::holds_alternative<trace::mark>(e.body)) marked_at = e.t;
    const auto* const ran = std::get_if<trace::finalizer_ran>(&e.body);
    if (ran == nullptr) continue;
    EXPECT_GE(ran->dur.value_or(0), 5'000'000U);
    EXPECT_LE(e.t - ran->dur.value_or(0), marked_at) << "it began before, and ended after";
    EXPECT_GE(e.t, marked_at + 5'000'000U);
  }
  EXPECT_THAT(trace.all<trace::finalizer_ran>(), SizeIs(1));
}

TEST_F(the_thread_pool, gives_up_its_lock_while_the_finalizers_of_regions_run) {
  std::latch both{2};
  const auto closes = [&both](region r) -> task<void> {
    r.on_close("last", [&both] { both.arrive_and_wait(); });
    co_return;
  };
  const auto opens = [&closes]() -> task<void> { co_await value_of(with_region("inner", closes)); };
  EXPECT_TRUE(run_on(2, [&](region) -> task<void> {
                co_await value_of(join_all(opens(), opens()));
              }).is_ok());
}

/// Does not go before somebody else has come.
struct meets_at_its_end {
  std::latch& both;
  explicit meets_at_its_end(std::latch& with) : both(with) {}
  meets_at_its_end(const meets_at_its_end&) = delete;
  meets_at_its_end& operator=(const meets_at_its_end&) = delete;
  ~meets_at_its_end() { both.arrive_and_wait(); }
};

TEST_F(the_thread_pool, gives_up_its_lock_while_the_destructors_of_a_cancelled_body_run) {
  std::latch both{2};
  const auto holds = [&both]() -> task<void> {
    const meets_at_its_end held{both};
    co_await sleep(1h);
  };
  EXPECT_TRUE(run_on(2, [&](region r) -> task<void> {
                const auto one = r.spawn("one", holds());
                const auto other = r.spawn("other", holds());
                co_await sleep(1ms);
                one.cancel("enough");
                other.cancel("enough");
                EXPECT_TRUE((co_await one.join()).is_cancelled());
                EXPECT_TRUE((co_await other.join()).is_cancelled());
              }).is_ok());
}

// ---- Cancellation ----

TEST_F(the_thread_pool, cancels_what_runs_on_another_thread_at_its_next_checkpoint) {
  std::latch running{2};
  const auto spins = [&running]() -> task<void> {
    running.arrive_and_wait();
    for (;;)
      co_await checkpoint();
  };
  EXPECT_TRUE(run_on(2, [&](region r) -> task<void> {
                const auto spinning = r.spawn("spinning", spins());
                running.arrive_and_wait();
                spinning.cancel("enough");
                const auto ended = co_await spinning.join();
                EXPECT_EQ(ended.why().message(), "enough");
              }).is_ok());
}

TEST_F(the_thread_pool, cancels_a_region_whose_tasks_run_on_every_thread) {
  std::latch running{4};
  const auto spins = [&running]() -> task<void> {
    running.arrive_and_wait();
    for (;;)
      co_await yield();
  };
  const auto body = [&](region r) -> task<void> {
    for (int i = 0; i < 3; ++i)
      static_cast<void>(r.spawn("spinning", spins()));
    running.arrive_and_wait();
    r.cancel("enough");
    co_await checkpoint();
  };
  EXPECT_TRUE(run_on(4, [&](region) -> task<void> {
                const auto ended = co_await with_region("spinning", body);
                EXPECT_EQ(ended.why().root_message(), "enough");
              }).is_ok());
}

/// A body whose clean-up takes more time than it has, while it runs; `Awaits` for it in a region of its own, or not.
class the_thread_pool_at_the_end_of_a_budget : public the_thread_pool {
protected:
  task<void> cleans_up_for_ever() {
    running.count_down();
    go_on.wait();
    came_back = true;
    const std::shared_ptr<void> note{nullptr, [this](void*) { destroyed = true; }};
    co_await sleep(1h);
    ADD_FAILURE() << "its budget was exhausted";
  }
  /// Lets the budget of `exhausted` pass while it runs, and then it go on.
  task<outcome<void>> outlast(const join_handle<void>& exhausted) {
    co_await sleep(1ms);
    exhausted.cancel("enough");
    running.wait();
    clock.advance(10ms);
    co_await yield(); // now the time is seen
    EXPECT_FALSE(destroyed);
    go_on.count_down();
    co_return co_await exhausted.join();
  }

  std::latch running{1};
  std::latch go_on{1};
  std::atomic<bool> came_back = false;
  std::atomic<bool> destroyed = false;
};

TEST_F(the_thread_pool_at_the_end_of_a_budget, stops_what_runs_on_another_thread_as_it_parks) {
  const auto body = [this](region r) -> task<void> {
    const auto cleans_up = [this]() -> task<void> {
      co_await outcome_of(sleeps(1h));
      co_await cleans_up_for_ever();
    };
    const auto exhausted = r.spawn("exhausted", cleans_up());
    const auto ended = co_await outlast(exhausted);
    EXPECT_EQ(ended.panicked().message, "clean-up budget exhausted");
  };
  const region_options options{.cleanup = 5ms, .policy = on_failure::keep_going};
  EXPECT_TRUE(run_on(2, body, options).is_ok());
  EXPECT_TRUE(came_back);
  EXPECT_TRUE(destroyed);
}

TEST_F(the_thread_pool_at_the_end_of_a_budget, stops_what_waits_for_that_only_after_it) {
  const auto body = [this](region r) -> task<void> {
    const auto cleans_up = [this]() -> task<void> {
      co_await outcome_of(sleeps(1h));
      const auto inner = [this](region) { return cleans_up_for_ever(); };
      co_await with_region("inner", inner);
      ADD_FAILURE() << "its budget was exhausted";
    };
    const auto exhausted = r.spawn("exhausted", cleans_up());
    const auto ended = co_await outlast(exhausted);
    EXPECT_EQ(ended.panicked().message, "clean-up budget exhausted");
  };
  const region_options options{.cleanup = 5ms, .policy = on_failure::keep_going};
  EXPECT_TRUE(run_on(2, body, options).is_ok());
  EXPECT_TRUE(came_back);
  EXPECT_TRUE(destroyed);
}

// ---- Time ----

TEST_F(the_thread_pool, wakes_sleepers_while_a_body_computes) {
  real_clock real;
  std::atomic<bool> awake = false;
  const auto wakes = [&awake]() -> task<void> {
    co_await sleep(1ms);
    awake = true;
  };
  const auto computes = [&awake]() -> task<void> {
    while (!awake)
      std::this_thread::yield();
    co_return;
  };
  EXPECT_TRUE(run_on(real, 2, [&](region) -> task<void> {
                co_await value_of(join_all(wakes(), computes()));
              }).is_ok());
}

TEST_F(the_thread_pool, keeps_a_deadline_while_a_body_computes) {
  real_clock real;
  std::atomic<bool> passed = false;
  const auto waits = [&passed]() -> task<void> {
    const auto ended = co_await timeout("a little", 1ms, sleeps(1h));
    EXPECT_EQ(ended.why().root().kind(), cancel_kind::timeout);
    passed = true;
  };
  const auto computes = [&passed]() -> task<void> {
    while (!passed)
      std::this_thread::yield();
    co_return;
  };
  EXPECT_TRUE(run_on(real, 2, [&](region) -> task<void> {
                co_await value_of(join_all(waits(), computes()));
              }).is_ok());
}

TEST_F(the_thread_pool, tells_a_long_run_whole_though_others_happen_within_it) {
  std::latch running{2};
  std::latch over{1};
  const auto runs_long = [&]() -> task<void> {
    running.arrive_and_wait();
    over.wait();
    co_return;
  };
  const auto runs_beside = [&]() -> task<void> {
    running.arrive_and_wait();
    for (int i = 0; i < 3; ++i) {
      clock.advance(5us);
      co_await yield();
    }
    over.count_down();
  };
  EXPECT_TRUE(run_on(2, [&](region) -> task<void> {
                co_await value_of(
                    join_all(named("long", runs_long()), named("beside", runs_beside())));
              }).is_ok());
  const auto runs = runs_of("long");
  ASSERT_THAT(runs, SizeIs(1));
  EXPECT_GE(runs.begin()->second, 15'000U);
}

// ---- Ends ----

TEST_F(the_thread_pool, notices_when_nothing_can_ever_happen_again_and_shuts_down) {
  semaphore db{"db", 0};
  const auto waits = [&db]() -> task<void> { const permit never = co_await db.acquire(); };
  const auto ended = run_on(4, [&](region) -> task<void> {
    co_await value_of(join_all(waits(), waits(), waits(), waits(), waits()));
  });
  ASSERT_TRUE(ended.is_cancelled());
  EXPECT_EQ(ended.why().root().kind(), cancel_kind::shutdown);
  EXPECT_THAT(std::string{trace.all<trace::violation>().at(0).message},
              HasSubstr("every task is parked"));
}

TEST_F(the_thread_pool, stops_by_force_what_waits_for_ever_even_in_its_clean_up) {
  semaphore db{"db", 0};
  const auto waits_again = [&db]() -> task<void> {
    const auto how = co_await outcome_of(sleeps(1h));
    const auto waits = [&db](region r) -> task<void> {
      r.on_close("late", []() -> task<void> { co_await sleep(1ms); });
      const permit never = co_await db.acquire();
    };
    co_await value_of(with_region("inner", waits));
  };
  const auto ended = run_on(2, [&](region r) -> task<void> {
    const auto stuck = r.spawn("stuck", waits_again());
    co_await sleep(1ms);
    stuck.cancel("enough");
    co_await stuck.join();
  });
  EXPECT_FALSE(ended.is_ok());
  EXPECT_EQ(db.waiting(), 0U);
}

TEST_F(the_thread_pool, does_not_call_it_a_deadlock_while_a_body_runs) {
  auto [reply, answer] = oneshot<int>("answer");
  const auto everybody_waits = [this] {
    const runtime_entry asking;
    return !trace.all<trace::task_wait>().empty();
  };
  const auto computes = [&everybody_waits](oneshot_sender<int> to) -> task<void> {
    while (!everybody_waits())
      std::this_thread::yield();
    for (int i = 0; i < 1000; ++i)
      std::this_thread::yield(); // the other threads rest by now
    static_cast<void>(std::move(to).send(7));
    co_return;
  };
  const auto ended = run_on(3, [&](region r) -> task<int> {
    static_cast<void>(r.spawn("computes", computes(std::move(reply))));
    co_return co_await value_of(answer.receive());
  });
  EXPECT_EQ(*ended, 7);
  EXPECT_THAT(trace.all<trace::violation>(), IsEmpty());
}

TEST_F(the_thread_pool, runs_one_program_after_the_other) {
  thread_pool runtime{clock, 2, {.name = "test", .sink = &trace}};
  for (int i = 0; i < 50; ++i) {
    const auto ended = runtime.run("root", [i](region r) -> task<int> {
      const auto both = co_await value_of(join_all(r.spawn("slept", sleeps(1ms))));
      static_cast<void>(both);
      co_return i;
    });
    EXPECT_EQ(*ended, i);
  }
}

TEST_F(the_thread_pool, can_be_shut_down_from_within) {
  thread_pool runtime{clock, 2};
  const auto ended = runtime.run("root", [&](region) -> task<void> {
    runtime.shutdown("SIGTERM");
    co_await sleep(1h);
  });
  EXPECT_EQ(ended.why().root().kind(), cancel_kind::shutdown);
}

TEST_F(the_thread_pool, runs_a_program_of_another_executor_within_a_task) {
  EXPECT_TRUE(run_on(2, [](region) -> task<void> {
                virtual_clock inner_clock;
                current_thread inner{inner_clock};
                const auto ended = inner.run("inner", [](region r) -> task<int> {
                  const auto slept = r.spawn("slept", sleeps(1h));
                  static_cast<void>(co_await slept.join());
                  co_return 7;
                });
                EXPECT_EQ(*ended, 7);
                co_await sleep(1ms);
              }).is_ok());
}

} // namespace
} // namespace cancelscope
