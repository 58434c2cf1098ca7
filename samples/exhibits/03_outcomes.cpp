// Exhibit 3: the four outcomes, and how any two of them combine.
#include "runtime/cancelscope.hpp"
#include "samples/exhibits/exhibits.hpp"

#include <array>
#include <stdexcept>

namespace cancelscope::samples {

namespace {

using namespace std::chrono_literals;

constexpr std::array kinds{outcome_kind::ok, outcome_kind::err, outcome_kind::cancelled,
                           outcome_kind::panicked};

task<int> end_as(outcome_kind kind, std::string who) {
  co_await sleep(1ms);
  switch (kind) {
  case outcome_kind::ok:
    co_return 1;
  case outcome_kind::err:
    co_return error{std::move(who)};
  case outcome_kind::cancelled:
    co_await sleep(1h);
    break;
  case outcome_kind::panicked:
    throw std::runtime_error(who);
  }
  co_return 0;
}

join_handle<int> start(region r, outcome_kind kind, const std::string& who) {
  auto started = r.spawn(who, end_as(kind, who));
  if (kind == outcome_kind::cancelled) started.cancel(who);
  return started;
}

struct tally {
  std::size_t worst_won = 0;
  std::size_t first_kept = 0;
};

task<tally> combine_all_pairs(region r) {
  tally seen;
  for (const outcome_kind first : kinds) {
    for (const outcome_kind second : kinds) {
      const auto a = start(r, first, "the first");
      const auto b = start(r, second, "the second");
      const auto both = co_await join_all(a, b);
      seen.worst_won += both.kind() == std::max(first, second);
      const std::string_view expected = second > first ? "the second" : "the first";
      seen.first_kept += both.is_ok() || both.message() == expected;
    }
  }
  co_return seen;
}

void run_outcomes(stage& on) {
  const auto seen =
      on.runtime().run("pairs", {.policy = on_failure::keep_going}, combine_all_pairs);
  constexpr std::size_t pairs = kinds.size() * kinds.size();
  on.prove(seen.is_ok(), "a region that keeps going is not harmed by outcomes that somebody took");
  on.prove_equal(seen ? seen->worst_won : 0, pairs, "of each pair of outcomes the worse one wins");
  on.prove_equal(seen ? seen->first_kept : 0, pairs,
                 "with its own words, and of equals the earlier one's");
  for (const outcome_kind kind : kinds) {
    const auto ended =
        on.trace().all<trace::task_end>([&](const auto& e) { return e.outcome == kind; });
    const std::size_t body = kind == outcome_kind::ok ? 1 : 0;
    on.prove_equal(ended.size(), 2 * kinds.size() + body,
                   "in the trace " + std::to_string(2 * kinds.size() + body) + " tasks ended " +
                       std::string{to_string(kind)});
  }
  on.prove_nothing_left();
}

} // namespace

sample outcomes() {
  return {.name = "outcomes",
          .exhibit = 3,
          .shows =
              "ok < err < cancelled < panicked: the worst of each pair wins, ties keep the first",
          .run = run_outcomes};
}

} // namespace cancelscope::samples
