// Exhibit 5: budgets combine: the earlier deadline, the lower quotas, the higher priority, however they are nested.
#include "runtime/cancelscope.hpp"
#include "samples/exhibits/exhibits.hpp"

#include <algorithm>
#include <random>

namespace cancelscope::samples {

namespace {

using namespace std::chrono_literals;

using nest = std::vector<nanoseconds>;

/// Timeouts, one inside the other, the first outermost, around a task that would take an hour.
task<> nested(nest deadlines, std::size_t level) {
  if (level == deadlines.size()) {
    co_await sleep(1h);
    co_return;
  }
  auto ended = co_await timeout("level " + std::to_string(level), deadlines[level],
                                nested(deadlines, level + 1));
  co_await value_of(std::move(ended));
}

struct measured {
  std::size_t right_time = 0;
  std::size_t right_cause = 0;
};

task<> measure_nest(const nest& deadlines, stage& on, measured& seen) {
  const time_ns began = on.core().time().now();
  const auto ended = co_await outcome_of(nested(deadlines, 0));
  const time_ns took = on.core().time().now() - began;
  const auto tightest = std::ranges::min_element(deadlines);
  seen.right_time += took == static_cast<time_ns>(tightest->count());
  const std::string cause =
      "the deadline of 'level " + std::to_string(tightest - deadlines.begin()) + "' passed";
  seen.right_cause += ended.is_cancelled() && ended.message() == cause;
}

/// The effective deadlines of the trace's regions never grow from the outside inwards.
bool deadlines_only_tighten(const trace::kept_trace& trace) {
  const auto opened = trace.all<trace::region_open>();
  return std::ranges::all_of(opened, [&](const trace::region_open& inner) {
    const auto outer = std::ranges::find_if(opened, [&](const trace::region_open& candidate) {
      return inner.parent.value && candidate.region == *inner.parent.value;
    });
    if (outer == opened.end() || !outer->budget || !outer->budget->deadline) return true;
    return inner.budget && inner.budget->deadline &&
           *inner.budget->deadline <= *outer->budget->deadline;
  });
}

budget any_budget(std::mt19937_64& random) {
  budget made;
  if (random() % 3 != 0) made.deadline = random() % 4;
  if (random() % 3 != 0) made.polls = random() % 4;
  if (random() % 3 != 0) made.cost = random() % 4;
  made.priority = static_cast<std::uint8_t>(random() % 4);
  return made;
}

std::size_t broken_laws(std::mt19937_64& random, int samples) {
  std::size_t broken = 0;
  for (int i = 0; i < samples; ++i) {
    const budget a = any_budget(random);
    const budget b = any_budget(random);
    const budget c = any_budget(random);
    broken += combine(a, combine(b, c)) != combine(combine(a, b), c);
    broken += combine(a, b) != combine(b, a);
    broken += combine(a, a) != a;
    broken += combine(a, unlimited) != a;
  }
  return broken;
}

task<> spend_it(std::uint64_t& spent) {
  for (;;) {
    co_await spend(1);
    ++spent;
  }
}

void run_budget_algebra(stage& on) {
  std::mt19937_64 random{on.seed()};
  measured seen;
  constexpr std::size_t nests = 12;
  std::uint64_t spent = 0;
  outcome<void> broke;
  const auto ended = on.runtime().run("algebra", [&](region) -> task<> {
    for (std::size_t i = 0; i < nests; ++i) {
      nest deadlines{10ms, 20ms, 30ms, 40ms, 50ms, 60ms};
      std::ranges::shuffle(deadlines, random);
      co_await measure_nest(deadlines, on, seen);
    }
    const auto inner = [&spent](region) { return spend_it(spent); };
    const auto outer = [&inner](region) -> task<> {
      auto bought = co_await with_region("a purse of 100 inside", {.cost = 100}, inner);
      co_await value_of(std::move(bought));
    };
    broke = co_await with_region("a purse of 7", {.cost = 7}, outer);
  });
  on.prove(ended.is_ok(), "all nests ran");
  on.prove_equal(seen.right_time, nests, "each nest of six timeouts ended at the earliest of them");
  on.prove_equal(seen.right_cause, nests, "and names the level whose deadline that was");
  on.prove(deadlines_only_tighten(on.trace()),
           "in the trace no region's deadline is later than that of the region around it");
  on.prove_equal(spent, 7, "of a large purse inside a small one only the small one was spent");
  on.prove(broke.is_cancelled() && broke.why().root().kind() == cancel_kind::budget,
           "and the task that went on spending was cancelled by its budget");
  on.prove_equal(
      broken_laws(random, 1000), 0,
      "combining is associative, commutative, idempotent, and unlimited is its identity");
  on.prove_nothing_left();
}

} // namespace

sample budget_algebra() {
  return {.name = "budget-algebra",
          .exhibit = 5,
          .shows = "nested timeouts and quotas compose: the tightest holds, wherever it stands",
          .run = run_budget_algebra};
}

} // namespace cancelscope::samples
