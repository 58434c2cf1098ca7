// The lab as an executor: the same again, byte for byte; a step at a time, and back.
#include "runtime/cancelscope.hpp"
#include "runtime/lab/program.hpp"
#include "runtime/lab/saved.hpp"
#include "runtime/lab/session.hpp"
#include "trace-format/jsonl_writer.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <set>

namespace cancelscope {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

/// A trace as text.
class lines_of final : public trace::sink {
public:
  void write(const trace::event& e) override { writer_.append(e, text); }
  std::string text;

private:
  trace::jsonl_writer writer_;
};

task<void> work(int pauses) {
  for (int i = 0; i < pauses; ++i)
    co_await yield();
  co_await sleep(1ms);
}

task<int> answer(int pauses) {
  co_await work(pauses);
  co_return pauses;
}

/// Something of everything: order, time, a deadline that passes, a race, a failure.
task<void> busy(region r) {
  for (int i = 0; i < 4; ++i)
    static_cast<void>(r.spawn("worker", work(i)));
  static_cast<void>(co_await timeout("too slow", 1ms, work(2)));
  static_cast<void>(co_await race(answer(1), answer(2)));
}

lab_program busy_program() {
  return lab_program_of("busy", {.policy = on_failure::keep_going}, busy);
}

/// The header names the seed.
std::string without_header(const std::string& lines) {
  return lines.substr(lines.find('\n'));
}

std::string trace_of(const lab_seed& seed) {
  lines_of lines;
  EXPECT_THAT(run_in_lab(busy_program(), seed, &lines).broken, IsEmpty());
  return lines.text;
}

TEST(the_lab, writes_the_same_trace_for_the_same_seed_byte_for_byte) {
  EXPECT_EQ(trace_of(std::uint64_t{42}), trace_of(std::uint64_t{42}));
}

TEST(the_lab, writes_other_traces_for_other_seeds) {
  std::set<std::string> traces;
  for (std::uint64_t seed = 0; seed < 8; ++seed)
    traces.insert(without_header(trace_of(seed)));
  EXPECT_GT(traces.size(), 4U);
}

TEST(the_lab, takes_the_order_of_the_current_thread_when_nobody_chooses) {
  lines_of in_lab;
  static_cast<void>(run_in_lab(busy_program(), lab_choices{}, &in_lab));
  lines_of on_thread;
  {
    virtual_clock clock;
    current_thread runtime{clock, {.name = "busy", .seed = "choices:", .sink = &on_thread}};
    EXPECT_FALSE(busy_program().run(runtime));
  }
  EXPECT_EQ(in_lab.text, on_thread.text);
}

TEST(the_lab, replays_a_run_from_the_choices_that_it_recorded) {
  lines_of drawn;
  const lab_run once = run_in_lab(busy_program(), std::uint64_t{7}, &drawn);
  ASSERT_FALSE(once.choices.empty());
  lines_of replayed;
  const lab_run again = run_in_lab(busy_program(), once.choices, &replayed);
  EXPECT_EQ(again.choices, once.choices);
  EXPECT_EQ(again.steps, once.steps);
  EXPECT_EQ(without_header(replayed.text), without_header(drawn.text));
}

TEST(the_lab, lets_any_of_the_timers_that_are_due_at_one_moment_come_first) {
  std::set<std::string> orders;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    std::string order;
    const auto after = [&order](char name) -> task<void> {
      co_await sleep(1ms);
      order += name;
    };
    static_cast<void>(run_in_lab(lab_program_of("timers", {},
                                                [&](region r) -> task<void> {
                                                  for (const char name : {'a', 'b', 'c'})
                                                    static_cast<void>(r.spawn("t", after(name)));
                                                  co_return;
                                                }),
                                 seed));
    orders.insert(order);
  }
  EXPECT_EQ(orders.size(), 6U);
}

TEST(the_lab, lets_a_task_be_ready_before_or_after_the_deadline_of_the_same_moment) {
  std::set<trace::outcome_kind> ends;
  for (std::uint64_t seed = 0; seed < 20; ++seed)
    static_cast<void>(
        run_in_lab(lab_program_of("deadline", {},
                                  [&](region) -> task<void> {
                                    ends.insert((co_await timeout("limit", 1ms, work(0))).kind());
                                  }),
                   seed));
  EXPECT_THAT(
      ends, testing::UnorderedElementsAre(trace::outcome_kind::ok, trace::outcome_kind::cancelled));
}

#ifndef __EMSCRIPTEN__ // where there is no other thread at all, there is no `offload`
TEST(the_lab, says_that_it_has_no_other_thread_to_offload_to) {
  const auto compute = [](region) -> task<void> {
    const auto one = [] { return 1; };
    co_await offload("compute", one);
  };
  std::string said;
  static_cast<void>(run_in_lab(lab_program_of("offloading", {},
                                              [&](region) -> task<void> {
                                                const auto ended =
                                                    co_await with_region("inner", compute);
                                                said = ended.err().message;
                                              }),
                               lab_choices{}));
  EXPECT_EQ(said, "'compute' cannot be offloaded: this executor has no other threads");
}
#endif

TEST(the_lab, stops_a_program_that_does_not_come_to_its_end) {
  const auto for_ever = [](region) -> task<void> {
    while (true)
      co_await yield();
  };
  const lab_run done =
      run_in_lab(lab_program_of("loop", {}, for_ever), lab_choices{}, nullptr, {.steps = 100});
  ASSERT_FALSE(done.broken.empty());
  EXPECT_EQ(done.broken[0].oracle, "progress");
  EXPECT_THAT(done.broken[0].message, HasSubstr("within 100 steps"));
}

TEST(the_lab, says_what_a_program_itself_found_wrong) {
  const lab_run done = run_in_lab(
      lab_program_of("sad", {}, [](region) -> task<void> { co_await fail("no stock left"); }),
      lab_choices{});
  EXPECT_THAT(done.broken, Contains(broken_promise{"program", "no stock left", std::nullopt}));
}

TEST(the_lab, does_not_mind_what_a_program_is_there_to_show) {
  lab_program program = lab_program_of("leaky", {}, [](region r) -> task<void> {
    static_cast<void>(r.reserve(obligation_kind::lease, "seat").detach());
    co_return;
  });
  EXPECT_EQ(run_in_lab(program, lab_choices{}).broken.size(), 1U);
  program.shows = {"obligations resolved"};
  EXPECT_THAT(run_in_lab(program, lab_choices{}).broken, IsEmpty());
}

// ---- Seeds ----

TEST(a_seed, reads_what_it_writes) {
  const std::vector<lab_seed> seeds{std::uint64_t{0}, std::uint64_t{42}, ~std::uint64_t{0},
                                    lab_choices{}, lab_choices{{3, 1}, {7, 2}}};
  for (const lab_seed& each : seeds)
    EXPECT_EQ(*parse_lab_seed(to_string(each)), each) << to_string(each);
  EXPECT_EQ(*parse_lab_seed("42"), lab_seed{std::uint64_t{42}});
}

TEST(a_seed, is_refused_with_what_it_should_have_been) {
  for (const char* text : {"", "x", "0x", "42 ", "choices:3", "choices:3=", "choices:3=1,",
                           "choices:7=1,3=1", "-1", "18446744073709551616"}) {
    const auto read = parse_lab_seed(text);
    ASSERT_FALSE(read) << text;
    EXPECT_THAT(read.error().message, HasSubstr("is no seed; a seed is a number such as 42"));
  }
}

class saved_trace : public testing::Test {
protected:
  saved_trace() { std::filesystem::create_directories(folder); }
  ~saved_trace() override { std::filesystem::remove_all(folder); }

  std::filesystem::path folder = std::filesystem::path{testing::TempDir()} /
                                 (std::string{"cancelscope-lab-"} +
                                  testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST_F(saved_trace, carries_the_schedule_that_replays_it) {
  const std::string path = folder / "run.jsonl";
  const lab_run drawn = run_in_lab(busy_program(), std::uint64_t{9});
  ASSERT_TRUE(save_run(busy_program(), drawn.choices, path));
  const auto seed = seed_of_trace(path);
  ASSERT_TRUE(seed) << seed.error().message;
  EXPECT_EQ(*seed, lab_seed{drawn.choices});
}

TEST_F(saved_trace, without_a_seed_says_so) {
  const std::string path = folder / "plain.jsonl";
  std::ofstream(path) << R"({"ev":"trace","format":"cancelscope","version":1})" << '\n';
  EXPECT_THAT(seed_of_trace(path).error().message, HasSubstr("names no seed"));
  EXPECT_THAT(seed_of_trace((folder / "absent.jsonl").string()).error().message,
              HasSubstr("No such file"));
  std::ofstream(path) << "hello\n";
  EXPECT_THAT(seed_of_trace(path).error().message, StartsWith(path));
}

// ---- A step at a time ----

TEST(a_session, goes_a_step_at_a_time_and_ends_when_the_program_does) {
  lab_session session{"busy", {}, busy, std::uint64_t{3}};
  EXPECT_EQ(session.at(), 0U);
  EXPECT_TRUE(session.step());
  EXPECT_EQ(session.at(), 1U);
  EXPECT_FALSE(session.is_over());
  while (session.step()) {
  }
  EXPECT_TRUE(session.is_over());
  EXPECT_THAT(session.broken(), IsEmpty());
  EXPECT_EQ(session.core().counts(), kernel_counts{});
}

TEST(a_session, runs_to_the_step_that_emits_an_event) {
  lab_session session{"busy", {}, busy};
  ASSERT_TRUE(session.run_until([](const trace::event& e) {
    const auto* cancel = std::get_if<trace::cancel_request>(&e.body);
    return cancel != nullptr && cancel->kind == cancel_kind::timeout;
  }));
  EXPECT_THAT(session.lines(), HasSubstr(R"("kind":"timeout")"));
  EXPECT_FALSE(session.is_over());
  EXPECT_FALSE(session.run_until(
      [](const trace::event& e) { return std::holds_alternative<trace::stale_use>(e.body); }));
  EXPECT_TRUE(session.is_over());
}

TEST(a_session, runs_to_a_state) {
  lab_session session{"busy", {}, busy};
  ASSERT_TRUE(session.run_until_state([](kernel& k) { return k.counts().regions == 1; }));
  EXPECT_EQ(session.core().counts().regions, 1U);
  EXPECT_FALSE(session.is_over());
}

TEST(a_session, goes_back_by_going_there_again) {
  lab_session session{"busy", {}, busy, std::uint64_t{5}};
  session.go_to(4);
  const std::string then = session.lines();
  const kernel_counts counted = session.core().counts();
  session.go_to(9);
  const std::string later = session.lines();
  EXPECT_THAT(later, StartsWith(then));

  session.go_to(4);
  EXPECT_EQ(session.at(), 4U);
  EXPECT_EQ(session.lines(), then);
  EXPECT_EQ(session.core().counts(), counted);
  session.go_to(9);
  EXPECT_EQ(session.lines(), later);
}

TEST(a_session, does_not_go_beyond_the_end) {
  lab_session session{"short", {}, [](region) -> task<void> { co_return; }};
  session.go_to(1000);
  EXPECT_TRUE(session.is_over());
  EXPECT_EQ(session.at(), 1U);
  EXPECT_FALSE(session.step());
}

} // namespace
} // namespace cancelscope
