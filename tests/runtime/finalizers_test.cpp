// Finalizers that await: of tasks and of regions, in turn with the plain ones, shielded, and bounded.
#include "tests/runtime/support/program.hpp"

#include <stdexcept>

namespace cancelscope {
namespace {

using namespace tests;
using testing::ElementsAre;
using testing::HasSubstr;

task<void> write_after(nanoseconds pause, std::string& log, std::string what) {
  co_await sleep(pause);
  log += what;
}

// ---- Of tasks ----

using a_finalizer = program_test;

TEST_F(a_finalizer, that_awaits_runs_in_turn_with_the_plain_ones) {
  std::string log;
  const auto work = [&log]() -> task<int> {
    co_await on_exit("first", [&log] { log += "first "; });
    const auto slow = [&log] { return write_after(2ms, log, "second "); };
    co_await on_exit("second", slow);
    co_await on_exit("third", [&log] { log += "third "; });
    log += "body ";
    co_return 7;
  };
  EXPECT_TRUE(run([&](region r) -> task<void> {
                const auto h = r.spawn("work", work());
                EXPECT_EQ(*co_await h.join(), 7);
              }).is_ok());
  EXPECT_EQ(log, "body third second first ");
  EXPECT_EQ(clock.now(), in_ns(2ms)) << "whoever joins waits for them";
  std::vector<std::string_view> labels;
  for (const auto& ran : trace.all<trace::finalizer_ran>())
    labels.push_back(*ran.label);
  EXPECT_THAT(labels, ElementsAre("third", "second", "first"));
}

TEST_F(a_finalizer, is_traced_with_how_long_it_took_and_what_comes_next_comes_after_that) {
  EXPECT_TRUE(run([&](region r) -> task<void> {
                r.on_close("of the region", [this] { clock.advance(3ms); });
                const auto slow = [this] { clock.advance(2ms); };
                co_await on_exit("of the body", slow);
              }).is_ok());
  std::vector<std::pair<time_ns, time_ns>> ran;
  for (const auto& e : trace.events())
    if (const auto* f = std::get_if<trace::finalizer_ran>(&e.body))
      ran.emplace_back(e.t, f->dur.value_or(0));
  EXPECT_THAT(ran,
              ElementsAre(std::pair{in_ns(2ms), in_ns(2ms)}, std::pair{in_ns(5ms), in_ns(3ms)}));
}

TEST_F(a_finalizer, that_awaits_is_shielded_from_the_request_that_ended_its_task) {
  std::string log;
  const auto work = [&log]() -> task<void> {
    const auto slow = [&log] { return write_after(2ms, log, "put back"); };
    co_await on_exit("put back", slow);
    co_await sleep(1h);
  };
  EXPECT_TRUE(run([&](region r) -> task<void> {
                const auto h = r.spawn("work", work());
                co_await sleep(1ms);
                h.cancel("enough");
                h.cancel("really");
                EXPECT_TRUE((co_await h.join()).is_cancelled());
              }).is_ok());
  EXPECT_EQ(log, "put back");
  EXPECT_THAT(trace.phases_of(trace.task_named("work")),
              ElementsAre(trace::cancel_phase_name::draining, trace::cancel_phase_name::finalizing,
                          trace::cancel_phase_name::completed));
}

TEST_F(a_finalizer, that_takes_longer_than_the_clean_up_budget_is_stopped) {
  std::string log;
  const auto work = [&log]() -> task<void> {
    co_await on_exit("plain", [&log] { log += "plain "; });
    const auto endless = [&log] { return write_after(1h, log, "never"); };
    co_await on_exit("endless", endless);
    co_await sleep(1h);
  };
  EXPECT_TRUE(run({.cleanup = 5ms, .policy = on_failure::keep_going}, [&](region r) -> task<void> {
                const auto h = r.spawn("work", work());
                co_await sleep(1ms);
                h.cancel("enough");
                EXPECT_EQ((co_await h.join()).panicked().message, "clean-up budget exhausted");
              }).is_ok());
  EXPECT_EQ(log, "plain ") << "the plain ones still run";
  EXPECT_EQ(clock.now(), in_ns(6ms));
  EXPECT_EQ(trace.all<trace::finalizer_ran>().at(0).outcome, outcome_kind::panicked);
  EXPECT_EQ(trace.all<trace::violation>().size(), 1U);
}

TEST_F(a_finalizer, of_a_task_that_ended_well_is_bounded_once_its_end_is_asked_for) {
  const auto work = []() -> task<void> {
    co_await on_exit("endless", [] { return sleep_for(1h); });
  };
  const auto ended = run({.cleanup = 5ms}, [&](region r) -> task<void> {
    static_cast<void>(r.spawn("work", work()));
    co_await sleep(1ms);
    r.cancel("enough");
    co_await checkpoint();
  });
  EXPECT_TRUE(ended.is_panicked());
  EXPECT_EQ(clock.now(), in_ns(6ms));
}

TEST_F(a_finalizer, that_fails_is_a_panic_of_its_task_and_whoever_joins_is_told) {
  const auto fails = []() -> task<int> {
    const auto finalizer = []() -> task<void> { co_await fail("no tape"); };
    co_await on_exit("backup", finalizer);
    co_return 7;
  };
  const auto throws = []() -> task<int> {
    co_await on_exit("plain", [] { throw std::runtime_error("bug"); });
    co_return 7;
  };
  EXPECT_TRUE(run({.policy = on_failure::keep_going}, [&](region r) -> task<void> {
                const auto one = r.spawn("fails", fails());
                const auto two = r.spawn("throws", throws());
                EXPECT_EQ((co_await one.join()).panicked().message,
                          "finalizer 'backup' failed: no tape");
                EXPECT_EQ((co_await two.join()).panicked().message, "finalizer 'plain' threw: bug");
              }).is_ok());
}

// ---- Of regions ----

using a_region_finalizer = program_test;

TEST_F(a_region_finalizer,
       that_awaits_runs_when_nothing_lives_in_the_region_in_turn_with_the_others) {
  std::string log;
  EXPECT_TRUE(run([&](region) -> task<void> {
                co_await with_region("inner", [&](region r) -> task<void> {
                  r.on_close("first", [&log] { log += "first"; });
                  r.on_close("second", [&log] { return write_after(3ms, log, "second "); });
                  r.on_close("third", [&log] { log += "third "; });
                  static_cast<void>(r.spawn("worker", write_after(2ms, log, "worker ")));
                  co_return;
                });
                log += " closed";
              }).is_ok());
  EXPECT_EQ(log, "worker third second first closed");
  EXPECT_EQ(clock.now(), in_ns(5ms));
}

TEST_F(a_region_finalizer, is_not_counted_among_those_whom_nobody_joined) {
  std::string log;
  EXPECT_TRUE(run([&](region) -> task<void> {
                co_await with_region("inner", [&](region r) -> task<void> {
                  r.on_close("sweep", [&log] { return write_after(1ms, log, "swept"); });
                  co_return;
                });
              }).is_ok());
  const auto joins = trace.all<trace::task_join>(
      [&](const auto& j) { return j.task == trace.task_named("sweep"); });
  EXPECT_EQ(joins.at(0).by, trace::entity_id(trace.task_named("root")));
}

TEST_F(a_region_finalizer, of_a_cancelled_region_is_shielded_and_stopped_by_the_clean_up_budget) {
  std::string log;
  EXPECT_TRUE(run([&](region) -> task<void> {
                const auto ended = co_await with_region(
                    "inner", {.deadline = 10ms, .cleanup = 5ms}, [&](region r) -> task<void> {
                      r.on_close("endless", [&log] { return write_after(1h, log, "never"); });
                      r.on_close("brief", [&log] { return write_after(2ms, log, "brief"); });
                      co_await sleep(1h);
                    });
                EXPECT_TRUE(ended.is_panicked());
              }).is_ok());
  EXPECT_EQ(log, "brief");
  EXPECT_EQ(clock.now(), in_ns(15ms));
}

TEST_F(a_region_finalizer, may_open_scopes_of_its_own) {
  int answer = 0;
  EXPECT_TRUE(run([&](region) -> task<void> {
                co_await with_region("inner", [&](region r) -> task<void> {
                  const auto ask = [&answer]() -> task<void> {
                    const auto asked = co_await timeout("ask", 5ms, answer_after(1ms, 7));
                    answer = *asked;
                  };
                  r.on_close("ask", ask);
                  co_return;
                });
              }).is_ok());
  EXPECT_EQ(answer, 7);
}

TEST_F(a_region_finalizer, that_fails_is_held_against_the_region) {
  EXPECT_TRUE(run([](region) -> task<void> {
                const auto ended = co_await with_region("inner", [](region r) -> task<int> {
                  r.on_close("bad", []() -> task<void> { co_await fail("no tape"); });
                  co_return 7;
                });
                EXPECT_EQ(ended.message(), "no tape");
              }).is_ok());
}

} // namespace
} // namespace cancelscope
