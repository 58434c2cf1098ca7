// What is peculiar to the event loop: turns that leave room for the page, and callers from outside.
#include "runtime/cancelscope.hpp"
#include "tests/runtime/support/node_turns.hpp"
#include "tests/runtime/support/trace_law.hpp"
#include "trace-format/kept_trace.hpp"

#include <gmock/gmock.h>

#include <memory>
#include <stdexcept>

namespace cancelscope::event_loop_test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using tests::wait_for_a_turn;

// clang-format off
/// From now on a callback of the page's own is called again and again, each asking for the next.
EM_JS(void, begin_counting_turns_of_the_page, (), {
  Module.pageTurns = 0;
  const next = () => { ++Module.pageTurns; Module.pageTimer = setTimeout(next); };
  Module.pageTimer = setTimeout(next);
});
EM_JS(int, turns_of_the_page, (), { clearTimeout(Module.pageTimer); return Module.pageTurns; });
/// How often node is asked for something, from now on: turns, and timers that still stand.
EM_JS(void, begin_watching_node, (), {
  Module.asked = { turns: 0, timers: new Set() };
  const real = Module.realAsks = { setImmediate, setTimeout, clearTimeout };
  globalThis.setImmediate = (...what) => { ++Module.asked.turns; return real.setImmediate(...what); };
  globalThis.setTimeout = (run, ...after) => {
    const timer = real.setTimeout((...given) => { Module.asked.timers.delete(timer); run(...given); }, ...after);
    Module.asked.timers.add(timer);
    return timer;
  };
  globalThis.clearTimeout = (timer) => { Module.asked.timers.delete(timer); real.clearTimeout(timer); };
});
EM_JS(void, end_watching_node, (), { Object.assign(globalThis, Module.realAsks); });
EM_JS(int, turns_asked_of_node, (), { return Module.asked.turns; });
EM_JS(int, timers_that_stand, (), { return Module.asked.timers.size; });
// clang-format on

class the_event_loop : public testing::Test {
protected:
  ~the_event_loop() override {
    made_.reset(); // ends the trace
    EXPECT_THAT(tests::breaks_of_law(trace.events()), IsEmpty());
  }
  event_loop& loop() { return *made_; }
  void destroy_the_loop() { made_.reset(); }

  template <class Body> region start(Body body, const region_options& options = {}) {
    is_over = false;
    return loop().start("program", options, std::move(body), [this](outcome<void> how) {
      ended = std::move(how);
      is_over = true;
    });
  }
  void wait_until_over() {
    while (!is_over)
      wait_for_a_turn();
  }

  trace::kept_trace trace;
  bool is_over = false;
  outcome<void> ended;

private:
  real_clock clock_;
  std::unique_ptr<event_loop> made_ =
      std::make_unique<event_loop>(clock_, runtime_settings{.name = "page", .sink = &trace});
};

task<void> yield_often(int times) {
  for (int i = 0; i < times; ++i)
    co_await yield();
}

TEST_F(the_event_loop, returns_from_start_before_anything_has_run) {
  bool has_run = false;
  start([&has_run](region) -> task<void> {
    has_run = true;
    co_return;
  });
  EXPECT_FALSE(has_run);
  wait_until_over();
  EXPECT_TRUE(has_run);
  EXPECT_TRUE(ended.is_ok());
}

TEST_F(the_event_loop, lets_the_page_have_its_turns_while_a_hundred_thousand_tasks_run) {
  int finished = 0;
  const auto work = [&finished]() -> task<void> {
    co_await yield();
    ++finished;
  };
  begin_counting_turns_of_the_page();
  start([&](region r) -> task<void> {
    for (int i = 0; i < 100'000; ++i) {
      static_cast<void>(r.spawn("work", work()));
      if (i % 100 == 0) co_await yield();
    }
  });
  wait_until_over();
  EXPECT_GE(turns_of_the_page(), 10);
  EXPECT_EQ(finished, 100'000);
  EXPECT_TRUE(ended.is_ok());
}

TEST_F(the_event_loop, wakes_sleepers_in_the_order_of_their_times) {
  std::string order;
  const auto after = [&order](nanoseconds pause, char name) -> task<void> {
    co_await sleep(pause);
    order += name;
  };
  virtual_clock clock; // on node's they might begin at times that far apart
  event_loop on_virtual_time{clock};
  const auto sleepers = [&](region r) -> task<void> {
    static_cast<void>(r.spawn("c", after(9ms, 'c')));
    static_cast<void>(r.spawn("a", after(1ms, 'a')));
    static_cast<void>(r.spawn("d", after(17ms, 'd')));
    static_cast<void>(r.spawn("b", after(5ms, 'b')));
    co_return;
  };
  on_virtual_time.start("sleepers", {}, sleepers, [this](const outcome<void>&) { is_over = true; });
  wait_until_over();
  EXPECT_EQ(order, "abcd");
}

TEST_F(the_event_loop, wakes_no_sleeper_before_its_time) {
  nanoseconds slept{};
  start([&slept](region) -> task<void> {
    const auto began = std::chrono::steady_clock::now();
    co_await sleep(20ms);
    slept = std::chrono::steady_clock::now() - began;
  });
  wait_until_over();
  EXPECT_GE(slept, 20ms);
}

TEST_F(the_event_loop, has_one_timer_with_the_page_however_many_sleep) {
  begin_watching_node();
  start([](region r) -> task<void> {
    for (int i = 1; i <= 100; ++i)
      static_cast<void>(r.spawn("sleeper", [](int n) -> task<void> { co_await sleep(n * 1h); }(i)));
    co_return;
  });
  wait_for_a_turn();
  EXPECT_EQ(timers_that_stand(), 1);
  loop().shutdown("enough");
  wait_until_over();
  EXPECT_EQ(timers_that_stand(), 0);
  end_watching_node();
}

TEST_F(the_event_loop, asks_nothing_of_the_page_while_every_task_is_parked_without_a_deadline) {
  auto [click, clicked] = oneshot<int>("click");
  auto& waits_on = clicked;
  int got = 0;
  start([&](region) -> task<void> {
    const auto key = co_await waits_on.receive();
    got = *key;
  });
  wait_for_a_turn();
  begin_watching_node();
  wait_for_a_turn();
  wait_for_a_turn();
  EXPECT_EQ(turns_asked_of_node(), 0);
  EXPECT_EQ(timers_that_stand(), 0);
  end_watching_node();
  EXPECT_FALSE(is_over);
  loop().enter([&by = click] { std::move(by).send(42); });
  wait_until_over();
  EXPECT_EQ(got, 42);
}

TEST_F(the_event_loop, is_woken_from_outside_at_the_time_it_is_then) {
  const region program = start([](region) -> task<void> { co_await sleep(1h); });
  const auto began = std::chrono::steady_clock::now();
  while (std::chrono::steady_clock::now() - began < 5ms)
    wait_for_a_turn();
  loop().enter([&program] { program.cancel("a click"); });
  wait_until_over();
  ASSERT_TRUE(ended.is_cancelled());
  EXPECT_EQ(ended.why().root_message(), "a click");
  EXPECT_FALSE(ended.why().root().origin_task()) << "who was outside is no task";
  EXPECT_GE(ended.why().root().requested_at(), 5'000'000U);
}

TEST_F(the_event_loop, takes_a_turn_on_demand) {
  bool has_run = false;
  start([&has_run](region) -> task<void> {
    has_run = true;
    co_return;
  });
  loop().run_turn();
  EXPECT_TRUE(has_run);
  EXPECT_TRUE(is_over);
}

TEST_F(the_event_loop, runs_several_programs_at_a_time) {
  std::vector<std::string> closed;
  auto [goes_on, is_told] = oneshot<int>("go on");
  auto& waits_on = is_told;
  auto& from_outside = goes_on;
  loop().start(
      "slow", {},
      [&](region) -> task<void> {
        const auto told = co_await waits_on.receive();
        EXPECT_TRUE(told.is_ok());
      },
      [&](const outcome<void>&) { closed.emplace_back("slow"); });
  loop().start(
      "quick", {}, [](region) -> task<void> { co_return; },
      [&](const outcome<void>&) {
        closed.emplace_back("quick");
        loop().enter([&] { std::move(from_outside).send(1); });
      });
  while (closed.size() < 2)
    wait_for_a_turn();
  EXPECT_THAT(closed, ElementsAre("quick", "slow"));
}

TEST_F(the_event_loop, ends_all_programs_when_it_is_shut_down) {
  start([](region) -> task<void> { co_await sleep(1h); });
  loop().shutdown("the tab is closed");
  wait_until_over();
  ASSERT_TRUE(ended.is_cancelled());
  EXPECT_EQ(ended.why().root().kind(), cancel_kind::shutdown);
}

TEST_F(the_event_loop, may_be_destroyed_by_what_a_program_ends_with) {
  bool told = false;
  loop().start(
      "program", {}, [](region) -> task<void> { co_await sleep(1ms); },
      [&](const outcome<void>&) {
        destroy_the_loop();
        told = true;
      });
  while (!told)
    wait_for_a_turn();
}

TEST_F(the_event_loop, stops_what_lives_when_it_is_destroyed_and_calls_nobody_afterwards) {
  std::string log;
  struct note {
    explicit note(std::string& in) : log(in) {}
    ~note() { log += "destroyed "; }
    std::string& log;
  };
  begin_watching_node();
  start([&log](region r) -> task<void> {
    r.on_close("tidy", [&log] { log += "tidied"; });
    const note here{log};
    static_cast<void>(r.spawn("busy", yield_often(1'000'000)));
    co_await sleep(1h);
  });
  wait_for_a_turn();
  destroy_the_loop();
  EXPECT_EQ(log, "destroyed tidied");
  EXPECT_TRUE(is_over);
  EXPECT_TRUE(ended.is_panicked());
  EXPECT_EQ(timers_that_stand(), 0);
  end_watching_node();
  wait_for_a_turn(); // a turn that had been asked for does not come
}

TEST_F(the_event_loop, tells_of_a_program_that_could_not_begin) {
  const auto thrown_before = [](region) -> task<void> { throw std::runtime_error("no canvas"); };
  start(thrown_before);
  EXPECT_FALSE(is_over) << "never within start";
  wait_until_over();
  ASSERT_TRUE(ended.is_panicked());
  EXPECT_EQ(ended.panicked().message, "no canvas");
}

} // namespace
} // namespace cancelscope::event_loop_test
