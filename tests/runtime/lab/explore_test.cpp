// Exploration: how many schedules, which, and that those left out could not have shown anything else.
#include "runtime/cancelscope.hpp"
#include "runtime/lab/shrink.hpp"

#include <gmock/gmock.h>

#include <random>
#include <set>

namespace cancelscope {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;

/// A task of so many steps, each of which writes its name if it shares anything.
task<void> steps_of(char name, int count, std::string* shared) {
  for (int i = 0; i < count; ++i) {
    if (i > 0) co_await yield();
    if (shared == nullptr) continue;
    touches(shared);
    *shared += name;
  }
}

lab_program two_tasks(int a, int b, std::string* of_a, std::string* of_b) {
  return lab_program_of("two", {}, [=](region r) -> task<void> {
    for (std::string* each : {of_a, of_b})
      if (each != nullptr) each->clear();
    static_cast<void>(r.spawn("a", steps_of('a', a, of_a)));
    static_cast<void>(r.spawn("b", steps_of('b', b, of_b)));
    co_return;
  });
}

constexpr std::size_t binomial(std::size_t n, std::size_t k) {
  return k == 0 || k == n ? 1 : binomial(n - 1, k - 1) + binomial(n - 1, k);
}

TEST(exploration, runs_two_independent_tasks_once) {
  const exploration found = explore(two_tasks(4, 3, nullptr, nullptr));
  EXPECT_EQ(found.run, 1U);
  EXPECT_GT(found.pruned, 0U);
  EXPECT_TRUE(found.complete);
  EXPECT_FALSE(found.failure);
}

TEST(exploration, runs_two_tasks_that_share_nothing_with_each_other_once) {
  std::string x;
  std::string y;
  EXPECT_EQ(explore(two_tasks(3, 3, &x, &y)).run, 1U);
}

TEST(exploration, runs_dependent_steps_in_every_order_once) {
  const std::vector<std::pair<int, int>> counts{{1, 1}, {2, 2}, {3, 2}, {4, 3}, {1, 5}};
  for (const auto& [n, m] : counts) {
    std::string order;
    std::set<std::string> orders;
    const exploration found = explore(two_tasks(n, m, &order, &order),
                                      {.after_run = [&](const lab_run&) { orders.insert(order); }});
    const auto expected = binomial(static_cast<std::size_t>(n + m), static_cast<std::size_t>(n));
    EXPECT_EQ(found.run, expected) << n << " against " << m;
    EXPECT_EQ(orders.size(), expected);
    EXPECT_EQ(found.redundant, 0U);
    EXPECT_TRUE(found.complete);
  }
}

TEST(exploration, runs_every_interleaving_when_nothing_is_reduced) {
  const exploration found =
      explore(two_tasks(3, 2, nullptr, nullptr), {.reduced_by = reduction::none});
  EXPECT_EQ(found.run, binomial(5, 2));
  EXPECT_EQ(found.pruned, 0U);
  EXPECT_TRUE(found.complete);
}

TEST(exploration, does_not_exchange_steps_that_only_read_or_only_count) {
  for (const access how : {access::reads, access::adds}) {
    int shared = 0;
    const auto use = [&]() -> task<void> {
      touches(&shared, how);
      co_return;
    };
    const auto uses = [&](region r) -> task<void> {
      for (int i = 0; i < 3; ++i)
        static_cast<void>(r.spawn("use", use()));
      co_return;
    };
    EXPECT_EQ(explore(lab_program_of("uses", {}, uses)).run, 1U);
  }
}

TEST(exploration, stops_after_so_many_schedules_and_says_that_there_are_more) {
  std::string order;
  const exploration found = explore(two_tasks(4, 4, &order, &order), {.schedules = 10});
  EXPECT_EQ(found.run, 10U);
  EXPECT_FALSE(found.complete);
}

TEST(exploration, tries_a_deadline_and_what_it_bounds_in_both_orders) {
  std::set<std::string> ends;
  std::string ended;
  const auto limited = [&](region) -> task<void> {
    const auto work = []() -> task<void> { co_await sleep(1ms); };
    ended = (co_await timeout("limit", 1ms, work())).is_ok() ? "ok" : "cancelled";
  };
  const exploration found = explore(lab_program_of("limited", {}, limited),
                                    {.after_run = [&](const lab_run&) { ends.insert(ended); }});
  EXPECT_TRUE(found.complete);
  EXPECT_EQ(ends.size(), 2U);
  EXPECT_LE(found.run, 4U);
}

TEST(exploration, tries_both_winners_of_a_race) {
  std::set<int> winners;
  int winner = 0;
  const auto answer = [](int value) -> task<int> {
    co_await yield();
    co_return value;
  };
  const auto racing = [&](region) -> task<void> {
    winner = *co_await race(named("one", answer(1)), named("two", answer(2)));
  };
  const exploration found = explore(lab_program_of("race", {}, racing),
                                    {.after_run = [&](const lab_run&) { winners.insert(winner); }});
  EXPECT_TRUE(found.complete);
  EXPECT_THAT(winners, testing::ElementsAre(1, 2));
}

TEST(exploration, gives_the_same_counts_again) {
  std::string order;
  const auto count = [&] {
    const exploration found = explore(two_tasks(3, 3, &order, &order));
    return std::pair{found.run, found.pruned};
  };
  EXPECT_EQ(count(), count());
}

TEST(exploration, says_that_a_program_does_not_do_the_same_again) {
  int runs = 0;
  const auto fickle = [&](region r) -> task<void> {
    const int tasks = ++runs == 1 ? 2 : 3;
    for (int i = 0; i < tasks; ++i)
      static_cast<void>(r.spawn("t", steps_of('t', 2, nullptr)));
    touches(&runs);
    co_return;
  };
  const exploration found =
      explore(lab_program_of("fickle", {}, fickle), {.reduced_by = reduction::none});
  ASSERT_TRUE(found.not_repeatable);
  EXPECT_THAT(*found.not_repeatable, HasSubstr("something else could happen than the last time"));
}

// ---- What is left out could not have shown anything else ----

/// What tasks do: at each step something with one of a few things that are shared.
struct script {
  struct doing {
    int thing = 0;
    access how{};
  };
  std::vector<std::vector<doing>> tasks;
};

script script_of(std::uint64_t seed) {
  std::mt19937_64 random{seed};
  script made;
  made.tasks.resize(2 + random() % 2);
  const std::size_t longest = made.tasks.size() == 2 ? 3 : 2; // all orders of more are too many
  for (auto& each : made.tasks) {
    each.resize(1 + random() % longest);
    for (auto& step : each)
      step = {static_cast<int>(random() % 2), random() % 3 == 0 ? access::reads : access::changes};
  }
  return made;
}

/// What a run of the script came to: what each step saw, and what was left.
using seen = std::vector<int>;

task<void> act(const std::vector<script::doing>& steps, int name, int (&things)[2], seen& saw) {
  bool first = true;
  for (const auto& [thing, how] : steps) {
    if (!std::exchange(first, false)) co_await yield();
    touches(&things[thing], how);
    saw[static_cast<std::size_t>(name)] = saw[static_cast<std::size_t>(name)] * 31 + things[thing];
    if (how == access::changes) things[thing] = things[thing] * 7 + name + 1;
  }
}

std::set<seen> ends_of(const script& played, reduction reduced_by, std::size_t& run) {
  std::set<seen> ends;
  seen saw;
  int things[2] = {};
  const auto program = [&](region r) -> task<void> {
    saw.assign(played.tasks.size() + 2, 0);
    things[0] = things[1] = 0;
    for (std::size_t i = 0; i < played.tasks.size(); ++i)
      static_cast<void>(r.spawn("act", act(played.tasks[i], static_cast<int>(i), things, saw)));
    co_return;
  };
  const auto note = [&](const lab_run&) {
    saw[played.tasks.size()] = things[0];
    saw[played.tasks.size() + 1] = things[1];
    ends.insert(saw);
  };
  const exploration found =
      explore(lab_program_of("script", {}, program),
              {.schedules = 5000, .reduced_by = reduced_by, .after_run = note});
  EXPECT_TRUE(found.complete);
  EXPECT_FALSE(found.failure);
  run += found.run;
  return ends;
}

TEST(reduction_by_partial_order, comes_to_every_end_that_all_interleavings_come_to) {
  std::size_t reduced = 0;
  std::size_t all = 0;
  // What a step reads first is not what another reads first in another run, though both are the first thing met.
  using enum access;
  const std::vector<script> known{
      {{{{0, reads}}, {{1, reads}, {0, changes}}, {{0, changes}}}},
      {{{{1, reads}}, {{0, reads}, {1, reads}}, {{1, changes}, {0, changes}}}},
  };
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const script played = seed < known.size() ? known[seed] : script_of(seed);
    EXPECT_EQ(ends_of(played, reduction::partial_order, reduced),
              ends_of(played, reduction::none, all))
        << "seed " << seed;
  }
  EXPECT_LT(reduced * 2, all);
}

// ---- Shrinking ----

/// Broken when b is written twice before the first a.
lab_program fails_when_b_is_twice_as_fast(std::string& order) {
  lab_program program = two_tasks(3, 3, &order, &order);
  auto run = std::move(program.run);
  program.run = [run, &order](host& on) -> std::optional<std::string> {
    static_cast<void>(run(on));
    if (!order.starts_with("bb")) return std::nullopt;
    return "b came twice before a";
  };
  return program;
}

TEST(shrinking, leaves_only_the_choices_that_are_needed) {
  std::string order;
  const lab_program program = fails_when_b_is_twice_as_fast(order);
  std::optional<failing_schedule> failing;
  for (std::uint64_t seed = 0; !failing; ++seed) {
    lab_run run = run_in_lab(program, seed);
    if (!run.broken.empty() && run.choices.size() > 2)
      failing = {run.choices, run.steps, run.broken};
  }
  const shrunk_schedule small = shrink(program, *failing);
  EXPECT_EQ(small.schedule.choices.size(), 2U); // b first, and b again
  EXPECT_EQ(small.schedule.broken.at(0).message, "b came twice before a");
  EXPECT_GT(small.tried, 0U);
}

TEST(shrinking, leaves_a_schedule_alone_under_which_nothing_is_broken) {
  const failing_schedule well{.choices = {{2, 1}}, .steps = 5, .broken = {}};
  std::string order;
  EXPECT_EQ(shrink(two_tasks(1, 1, &order, &order), well).schedule.choices, well.choices);
}

// ---- The example of docs/lab.md ----

struct account {
  int balance = 0;
};

task<> transfer(account& from, account& to, int amount) {
  touches(&from);
  const int before = from.balance;
  co_await yield(); // somebody is asked, say
  touches(&from);
  touches(&to);
  from.balance = before - amount;
  to.balance += amount;
}

task<> move_money(region) {
  account a{100}; // built anew in every run
  account b{100};
  const auto moving = [&](region inner) -> task<> {
    static_cast<void>(inner.spawn("there", transfer(a, b, 60)));
    static_cast<void>(inner.spawn("back", transfer(b, a, 60)));
    co_return;
  };
  co_await value_of(with_region("moving", moving));
  if (a.balance + b.balance != 200) co_await fail("money was lost or made");
}

TEST(the_example, loses_money) {
  const exploration found = explore(lab_program_of("transfer", {}, move_money));
  ASSERT_TRUE(found.failure);
  EXPECT_EQ(found.failure->broken.at(0).message, "money was lost or made");
}

} // namespace
} // namespace cancelscope
