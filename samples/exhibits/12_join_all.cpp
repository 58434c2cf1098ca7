// Exhibit 12: five tasks with mixed outcomes are joined together; the worst wins.
#include "runtime/cancelscope.hpp"
#include "samples/exhibits/exhibits.hpp"

#include <algorithm>
#include <random>
#include <stdexcept>

namespace cancelscope::samples {

namespace {

using namespace std::chrono_literals;

task<int> ready(nanoseconds after, int answer) {
  co_await sleep(after);
  co_return answer;
}
task<int> refused(nanoseconds after) {
  co_await sleep(after);
  co_return error{"refused"};
}
task<int> broken(nanoseconds after) {
  co_await sleep(after);
  throw std::runtime_error("broken");
}

/// The worst of what is joined, whatever ends first: `pauses` says when each does.
task<> join_five(region r, stage& on, std::vector<nanoseconds> pauses) {
  const auto one = r.spawn("ready", ready(pauses[0], 1));
  const auto two = r.spawn("ready too", ready(pauses[1], 2));
  const auto three = r.spawn("refused", refused(pauses[2]));
  const auto four = r.spawn("called off", ready(pauses[3] + 1h, 4));
  const auto five = r.spawn("broken", broken(pauses[4]));
  four.cancel("called off");
  const auto all = co_await join_all(one, two, three, four, five);
  on.prove(all.is_panicked() && all.message() == "broken",
           "of two values, an error, a cancellation and a panic, the panic wins");

  const auto good = r.spawn("ready", ready(pauses[0], 1));
  const auto bad = r.spawn("refused", refused(pauses[1]));
  const auto off = r.spawn("called off", ready(pauses[2] + 1h, 3));
  off.cancel("called off");
  const auto without_panic = co_await join_all(good, bad, off);
  on.prove(without_panic.is_cancelled() && without_panic.why().message() == "called off",
           "without it the cancellation wins, and brings its chain along");

  const auto a = r.spawn("ready", ready(pauses[3], 20));
  const auto b = r.spawn("ready too", ready(pauses[4], 22));
  const auto values = co_await join_all(a, b);
  on.prove(values && std::get<0>(*values) + std::get<1>(*values) == 42,
           "and when all are well, all values are there, in the order of the arguments");
}

void run_join_all_of_five(stage& on) {
  std::vector<nanoseconds> pauses{1ms, 2ms, 3ms, 4ms, 5ms};
  std::ranges::shuffle(pauses, std::mt19937_64{on.seed()});
  const auto ended = on.runtime().run("five", {.policy = on_failure::keep_going},
                                      [&](region r) { return join_five(r, on, pauses); });
  on.prove(ended.is_ok(), "whoever took the outcomes decides what they mean: the region is well");
  std::size_t joined_by_the_body = 0;
  for (const auto& join : on.trace().all<trace::task_join>())
    joined_by_the_body += join.by == trace::entity_id(on.trace().task_named("five"));
  on.prove_equal(joined_by_the_body, 10, "the trace says of all ten tasks who joined them");
  on.prove_nothing_left();
}

} // namespace

sample join_all_of_five() {
  return {.name = "join-all",
          .exhibit = 12,
          .shows = "five tasks with mixed outcomes are joined together; the worst wins",
          .run = run_join_all_of_five};
}

} // namespace cancelscope::samples
