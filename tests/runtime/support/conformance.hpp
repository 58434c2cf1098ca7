// The specification of the runtime, sentence by sentence, held against every executor. Nothing here may depend on the
// order in which tasks that are ready at the same time run: that is the executor's to choose.
//
// Whoever includes this has said which: `executors_held_to_it` is a testing::Types of what makes one from the sink that
// its trace goes to, and gives it as `runtime`.
#pragma once

#include "runtime/cancelscope.hpp"
#include "tests/runtime/support/trace_law.hpp"
#include "trace-format/kept_trace.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <utility>

namespace cancelscope {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using trace::kept_trace;
using phase = trace::cancel_phase_name;

template <class Executor> class the_runtime : public testing::Test {
protected:
  void SetUp() override { made_ = std::make_unique<Executor>(trace); }
  void TearDown() override {
    kernel_counts left = core().counts();
    left.leaked = left.refused = 0;
    EXPECT_EQ(left, kernel_counts{}) << "something lives on";
    made_.reset(); // ends the trace
    EXPECT_THAT(tests::breaks_of_law(trace.events()), IsEmpty());
  }
  host& runtime() { return made_->runtime; }
  kernel& core() { return runtime().core(); }
  /// To be used from tasks, which may run on several threads.
  template <class Question> auto ask(Question question) {
    const runtime_entry entry;
    return question(core(), std::as_const(trace));
  }

  kept_trace trace;

private:
  std::unique_ptr<Executor> made_;
};

TYPED_TEST_SUITE(the_runtime, executors_held_to_it);

task<void> rest(nanoseconds pause) {
  co_await sleep(pause);
}
task<int> answer(nanoseconds pause, int what) {
  co_await sleep(pause);
  co_return what;
}
task<int> refuse(nanoseconds pause, std::string why) {
  co_await sleep(pause);
  co_return error{std::move(why)};
}

// ---- Regions ----

TYPED_TEST(the_runtime, closes_a_region_only_when_every_task_in_it_has_completed) {
  std::atomic<int> finished = 0;
  const auto work = [&finished](nanoseconds pause) -> task<void> {
    co_await sleep(pause);
    ++finished;
  };
  static_cast<void>(this->runtime().run("root", [&](region) -> task<void> {
    co_await with_region("inner", [&](region r) -> task<void> {
      for (int i = 1; i <= 10; ++i)
        static_cast<void>(r.spawn("work", work(i * 1ms)));
      co_return;
    });
    EXPECT_EQ(finished, 10);
  }));
}

TYPED_TEST(the_runtime, closes_a_region_only_when_every_region_in_it_is_closed) {
  static_cast<void>(this->runtime().run("root", [&](region) -> task<void> {
    co_await with_region("outer", [](region r) -> task<void> {
      static_cast<void>(r.spawn("opener", [](region) -> task<void> {
        co_await with_region("inner", [](region) -> task<void> { co_await sleep(5ms); });
      }(r)));
      co_return;
    });
  }));
  std::vector<trace::region_id> closed;
  for (const auto& moved : this->trace.template all<trace::region_moved>())
    if (moved.state == trace::region_state::closed) closed.push_back(moved.region);
  EXPECT_THAT(closed,
              ElementsAre(this->trace.region_named("inner"), this->trace.region_named("outer"),
                          this->trace.region_named("root")));
}

TYPED_TEST(the_runtime, runs_the_finalizers_of_a_region_the_last_registered_first) {
  std::string log;
  static_cast<void>(this->runtime().run("root", [&](region r) -> task<void> {
    r.on_close("first", [&log] { log += "first"; });
    r.on_close("second", [&log]() -> task<void> {
      co_await sleep(1ms);
      log += "second ";
    });
    r.on_close("third", [&log] { log += "third "; });
    co_return;
  }));
  EXPECT_EQ(log, "third second first");
}

TYPED_TEST(the_runtime, leaves_siblings_and_ancestors_of_a_cancelled_region_alone) {
  bool sibling_finished = false;
  const auto sibling = [&sibling_finished]() -> task<void> {
    co_await with_region("sibling", [&](region) -> task<void> {
      co_await sleep(10ms);
      sibling_finished = true;
    });
  };
  const auto ended = this->runtime().run("root", [&](region r) -> task<void> {
    const auto beside = r.spawn("beside", sibling());
    const auto cut = co_await timeout("cut", 5ms, rest(1h));
    EXPECT_TRUE(cut.is_cancelled());
    co_await value_of(beside.join());
  });
  EXPECT_TRUE(ended.is_ok());
  EXPECT_TRUE(sibling_finished);
}

TYPED_TEST(the_runtime, joins_a_task_that_nobody_joined_as_its_region_closes) {
  static_cast<void>(this->runtime().run("root", [](region r) -> task<void> {
    static_cast<void>(r.spawn("forgotten", rest(1ms)));
    co_return;
  }));
  const auto joins = this->trace.template all<trace::task_join>(
      [&](const auto& join) { return join.task == this->trace.task_named("forgotten"); });
  ASSERT_EQ(joins.size(), 1U);
  EXPECT_EQ(joins[0].by, trace::entity_id(this->trace.region_named("root")));
}

// ---- Outcomes ----

TYPED_TEST(the_runtime, combines_outcomes_to_the_worst_and_keeps_the_earlier_of_equals) {
  const auto broken = []() -> task<int> {
    co_await sleep(1ms);
    throw std::runtime_error("broken");
  };
  static_cast<void>(
      this->runtime().run("root", {.policy = on_failure::keep_going}, [&](region r) -> task<void> {
        const auto good = r.spawn("good", answer(3ms, 1));
        const auto one = r.spawn("one", refuse(2ms, "one"));
        const auto two = r.spawn("two", refuse(1ms, "two"));
        const auto worst = co_await join_all(good, one, two);
        EXPECT_EQ(worst.err().message, "one");
        const auto bad = r.spawn("bad", broken());
        const auto off = r.spawn("off", answer(1h, 1));
        off.cancel("off");
        const auto worse = co_await join_all(off, bad);
        EXPECT_EQ(worse.panicked().message, "broken");
      }));
}

TYPED_TEST(the_runtime, gives_a_region_the_worst_outcome_of_what_nobody_took) {
  static_cast<void>(this->runtime().run("root", [&](region) -> task<void> {
    const auto ended = co_await with_region("inner", {.policy = on_failure::keep_going},
                                            [](region r) -> task<int> {
                                              static_cast<void>(r.spawn("bad", refuse(1ms, "bad")));
                                              co_return 7;
                                            });
    EXPECT_EQ(ended.err().message, "bad");
  }));
}

// ---- Cancellation ----

TYPED_TEST(the_runtime, only_requests_when_it_is_asked_to_cancel) {
  bool cleaned_up = false;
  const auto careful = [&cleaned_up]() -> task<void> {
    auto how = co_await outcome_of(rest(1h));
    co_await sleep(2ms);
    cleaned_up = true;
    co_await value_of(std::move(how));
  };
  static_cast<void>(this->runtime().run("root", [&](region r) -> task<void> {
    const auto h = r.spawn("careful", careful());
    co_await sleep(1ms);
    h.cancel("enough");
    EXPECT_FALSE(cleaned_up);
    const auto ended = co_await h.join();
    EXPECT_TRUE(ended.is_cancelled());
    EXPECT_TRUE(cleaned_up);
  }));
  EXPECT_THAT(this->trace.phases_of(this->trace.task_named("careful")),
              ElementsAre(phase::draining, phase::completed));
}

TYPED_TEST(the_runtime, keeps_a_task_pinned_until_it_is_joined) {
  static_cast<void>(this->runtime().run("root", [&](region r) -> task<void> {
    const auto h = r.spawn("quick", answer(1ms, 7));
    const task_handle task = h.handle();
    co_await sleep(5ms);
    EXPECT_EQ(this->ask([&](kernel& k, auto&) { return k.state_of(task); }), task_state::completed);
    const auto ended = co_await h.join();
    EXPECT_EQ(*ended, 7);
    EXPECT_FALSE(this->ask([&](kernel& k, auto&) { return k.is_live(task); }));
  }));
}

/// Parks on something for good, and says whether the request woke it.
template <class Park> task<void> woken(Park park, std::atomic<int>& count) {
  const auto how = co_await outcome_of(park());
  count += how.is_cancelled();
}

TYPED_TEST(the_runtime, wakes_a_task_parked_on_anything_at_all) {
  std::atomic<int> count = 0;
  static_cast<void>(this->runtime().run("root", [&](region) -> task<void> {
    semaphore permits{"permits", 0};
    mutex<int> guarded{"guarded", 0};
    auto [numbers, inbox] = mpsc<int>("numbers", 1);
    auto [reply, reading] = oneshot<int>("reply");
    broadcast<int> news{"news", 1};
    watch<int> level{"level", 0};
    const locked<int> held = co_await guarded.lock();
    subscription<int> reader = news.subscribe();
    watcher<int> looking = level.watcher();
    auto& in = inbox;
    auto& single = reading;
    const auto on_timer = []() -> task<void> { co_await sleep(1h); };
    const auto on_permit = [&]() -> task<void> { const permit p = co_await permits.acquire(); };
    const auto on_lock = [&]() -> task<void> { const auto l = co_await guarded.lock(); };
    const auto on_mpsc = [&]() -> task<void> { co_await in.receive(); };
    const auto on_oneshot = [&]() -> task<void> { co_await single.receive(); };
    const auto on_broadcast = [&]() -> task<void> { co_await reader.receive(); };
    const auto on_watch = [&]() -> task<void> { co_await looking.changed(); };
    const auto on_region = []() -> task<void> {
      co_await value_of(timeout("inner", 2h, rest(1h)));
    };
    const auto all = [&](region r) -> task<void> {
      const auto sleeper = r.spawn("sleeper", rest(1h));
      const auto on_join = [&sleeper]() -> task<void> { co_await sleeper.join(); };
      std::vector<join_handle<void>> parked;
      parked.push_back(r.spawn("timer", woken(on_timer, count)));
      parked.push_back(r.spawn("permit", woken(on_permit, count)));
      parked.push_back(r.spawn("lock", woken(on_lock, count)));
      parked.push_back(r.spawn("mpsc", woken(on_mpsc, count)));
      parked.push_back(r.spawn("oneshot", woken(on_oneshot, count)));
      parked.push_back(r.spawn("broadcast", woken(on_broadcast, count)));
      parked.push_back(r.spawn("watch", woken(on_watch, count)));
      parked.push_back(r.spawn("region", woken(on_region, count)));
      parked.push_back(r.spawn("join", woken(on_join, count)));
      co_await sleep(1ms);
      for (const auto& each : parked)
        each.cancel("wake up");
      for (const auto& each : parked)
        static_cast<void>(co_await each.join());
      sleeper.cancel("it is over");
      static_cast<void>(co_await sleeper.join());
    };
    static_cast<void>(co_await with_region("parked", all));
  }));
  EXPECT_EQ(count, 9);
}

TYPED_TEST(the_runtime, masks_requests_under_a_shield_but_no_deadline_in_it) {
  bool seen_after = false;
  const auto careful = [&]() -> task<void> {
    const auto bounded = co_await shield(timeout("at most", 5ms, rest(1h)));
    EXPECT_EQ(bounded.why().root().kind(), cancel_kind::timeout);
    seen_after = true;
    co_await checkpoint();
    ADD_FAILURE() << "the request is seen at the next checkpoint";
  };
  static_cast<void>(this->runtime().run("root", [&](region r) -> task<void> {
    const auto h = r.spawn("careful", careful());
    co_await sleep(1ms);
    h.cancel("enough");
    const auto ended = co_await h.join();
    EXPECT_EQ(ended.why().message(), "enough");
  }));
  EXPECT_TRUE(seen_after);
}

TYPED_TEST(the_runtime, lets_a_stronger_request_take_over_and_keeps_the_weaker_on_record) {
  cancellation why;
  const auto careful = [&why]() -> task<void> {
    co_await outcome_of(rest(1h));
    co_await sleep(10ms);
    why = co_await my_cancellation();
  };
  static_cast<void>(this->runtime().run("root", [&](region) -> task<void> {
    co_await with_region("inner", {.deadline = 5ms}, [&](region r) -> task<void> {
      const auto h = r.spawn("careful", careful());
      co_await sleep(1ms);
      h.cancel("first");
      h.cancel("as weak, so absorbed");
      static_cast<void>(co_await shield(join_all(h)));
    });
  }));
  ASSERT_TRUE(why);
  EXPECT_EQ(why.kind(), cancel_kind::parent);
  EXPECT_EQ(why.root().kind(), cancel_kind::timeout);
  EXPECT_EQ(why.superseded().message(), "first");
}

TYPED_TEST(the_runtime, stops_clean_up_that_exhausts_its_budget_and_still_closes_the_region) {
  bool destroyed = false;
  const auto endless = [&destroyed]() -> task<void> {
    const std::shared_ptr<void> note{nullptr, [&destroyed](void*) { destroyed = true; }};
    co_await outcome_of(rest(1h));
    co_await sleep(1h);
  };
  static_cast<void>(this->runtime().run(
      "root", {.cleanup = 5ms, .policy = on_failure::keep_going}, [&](region r) -> task<void> {
        const auto h = r.spawn("endless", endless());
        co_await sleep(1ms);
        h.cancel("enough");
        const auto ended = co_await h.join();
        EXPECT_EQ(ended.panicked().message, "clean-up budget exhausted");
      }));
  EXPECT_TRUE(destroyed);
  EXPECT_EQ(this->trace.template all<trace::violation>().size(), 1U);
}

TYPED_TEST(the_runtime, stops_no_task_before_the_region_that_it_waits_for_is_closed) {
  const auto inner = [](region r) -> task<void> {
    r.on_close("late", []() -> task<void> { co_await sleep(1ms); });
    co_await sleep(1h);
  };
  const auto endless = [&inner]() -> task<void> {
    co_await outcome_of(rest(1h));
    static_cast<void>(co_await with_region("inner", inner));
    co_await sleep(1h);
  };
  static_cast<void>(this->runtime().run(
      "root", {.cleanup = 5ms, .policy = on_failure::keep_going}, [&](region r) -> task<void> {
        const auto h = r.spawn("endless", endless());
        co_await sleep(1ms);
        h.cancel("enough");
        const auto ended = co_await h.join();
        EXPECT_EQ(ended.panicked().message, "clean-up budget exhausted");
      }));
}

TYPED_TEST(the_runtime, hands_whoever_joins_the_whole_chain_down_to_who_asked_first) {
  static_cast<void>(this->runtime().run("root", [&](region) -> task<void> {
    const auto ended = co_await with_region("order", [](region r) -> task<void> {
      const auto failing = r.spawn("stock", refuse(1ms, "no lamps"));
      co_await with_region("inner", [](region) -> task<void> { co_await sleep(1h); });
      static_cast<void>(co_await failing.join());
    });
    EXPECT_TRUE(ended.is_cancelled());
    EXPECT_EQ(ended.why().root().kind(), cancel_kind::fail_fast);
    EXPECT_EQ(ended.why().root_message(), "stock failed: no lamps");
    EXPECT_EQ(ended.why().root().origin_task(),
              this->ask([](kernel&, auto& told) { return told.task_named("stock"); }));
  }));
}

TYPED_TEST(the_runtime, drains_the_losers_of_a_race_before_it_ends_and_names_the_winner_to_them) {
  bool drained = false;
  cancellation why;
  const auto loser = [&]() -> task<int> {
    auto how = co_await outcome_of(answer(1h, 1));
    why = how.why();
    co_await sleep(3ms);
    drained = true;
    co_return how;
  };
  static_cast<void>(this->runtime().run("root", [&](region) -> task<void> {
    const auto won = co_await race(named("quick", answer(1ms, 7)), named("slow", loser()));
    EXPECT_EQ(*won, 7);
    EXPECT_TRUE(drained);
  }));
  ASSERT_TRUE(why);
  EXPECT_EQ(why.kind(), cancel_kind::race_lost);
  EXPECT_EQ(why.origin_task(), this->trace.task_named("quick"));
}

// ---- Budgets ----

TYPED_TEST(the_runtime, combines_a_childs_budget_with_its_parents) {
  static_cast<void>(this->runtime().run("root", {.deadline = 1s}, [&](region) -> task<void> {
    const region_options wide{.deadline = 1h, .polls = 90, .cost = 5, .priority = 3};
    co_await with_region("wide", wide, [](region) -> task<void> {
      const region_options narrow{.polls = 50, .cost = 9, .priority = 1};
      co_await with_region("narrow", narrow, [](region) -> task<void> { co_return; });
    });
  }));
  const auto opened = this->trace.template all<trace::region_open>();
  EXPECT_EQ(
      opened.at(2).budget,
      (budget{.deadline = opened.at(0).budget->deadline, .polls = 50, .cost = 5, .priority = 3}));
}

TYPED_TEST(the_runtime, cancels_a_region_that_has_used_up_what_it_may_spend) {
  int bought = 0;
  const auto buy = [&bought]() -> task<void> {
    for (;; ++bought)
      co_await spend(2);
  };
  static_cast<void>(this->runtime().run("root", [&](region) -> task<void> {
    const auto ended = co_await with_region("purse", {.cost = 7}, [&](region) { return buy(); });
    EXPECT_EQ(ended.why().root().kind(), cancel_kind::budget);
  }));
  EXPECT_EQ(bought, 3);
}

// ---- Handles ----

TYPED_TEST(the_runtime, refuses_a_stale_handle_and_changes_nothing) {
  static_cast<void>(this->runtime().run("root", [&](region r) -> task<void> {
    const auto first = r.spawn("first", rest(1ms));
    const task_handle old = first.handle();
    static_cast<void>(co_await first.join());
    const auto second = r.spawn("second", rest(1ms));
    EXPECT_EQ(second.handle().slot(), old.slot());
    EXPECT_FALSE(this->ask([&](kernel& k, auto&) { return k.cancel(old, {}).has_value(); }));
    const auto ended = co_await second.join();
    EXPECT_TRUE(ended.is_ok());
  }));
  EXPECT_EQ(this->trace.template all<trace::stale_use>().size(), 1U);
}

// ---- Obligations and channels ----

TYPED_TEST(the_runtime, aborts_an_obligation_that_is_dropped_and_reports_one_that_is_forgotten) {
  static_cast<void>(this->runtime().run("root", [](region r) -> task<void> {
    obligation kept = r.reserve(obligation_kind::lease, "kept");
    {
      const obligation dropped = r.reserve(obligation_kind::ack, "dropped");
    }
    static_cast<void>(r.reserve(obligation_kind::io, "forgotten").detach());
    kept.commit();
    co_return;
  }));
  std::vector<trace::obligation_fate> fates;
  for (const auto& end : this->trace.template all<trace::obligation_end>())
    fates.push_back(end.how);
  EXPECT_THAT(fates, ElementsAre(trace::obligation_fate::aborted, trace::obligation_fate::committed,
                                 trace::obligation_fate::leaked));
}

TYPED_TEST(the_runtime, loses_and_doubles_no_message_when_a_receiver_is_cancelled) {
  std::vector<int> received;
  const auto send = [](mpsc_sender<int> to) -> task<void> {
    for (int i = 0; i < 20; ++i)
      co_await value_of(to.send(i));
  };
  const auto drain = [&received](mpsc_receiver<int>& from) -> task<void> {
    while (const auto next = co_await from.receive()) {
      received.push_back(*next);
      co_await yield();
    }
  };
  const auto receive = [&drain](mpsc_receiver<int> from) -> task<void> {
    const auto how = co_await outcome_of(drain(from));
    if (how.is_cancelled()) co_await drain(from);
  };
  static_cast<void>(this->runtime().run("root", [&](region r) -> task<void> {
    auto [numbers, inbox] = mpsc<int>("numbers", 2);
    const auto sender = r.spawn("sender", send(std::move(numbers)));
    const auto receiver = r.spawn("receiver", receive(std::move(inbox)));
    for (int i = 0; i < 5; ++i)
      co_await yield();
    receiver.cancel("enough");
    static_cast<void>(co_await join_all(sender, receiver));
  }));
  std::vector<int> all(20);
  for (int i = 0; i < 20; ++i)
    all[static_cast<std::size_t>(i)] = i;
  EXPECT_EQ(received, all);
}

} // namespace
} // namespace cancelscope
