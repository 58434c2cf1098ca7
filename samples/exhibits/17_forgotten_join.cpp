// Exhibit 17: five tasks that nobody joins; their region collects them, and the trace tells.
#include "runtime/cancelscope.hpp"
#include "samples/exhibits/exhibits.hpp"

#include <set>

namespace cancelscope::samples {

namespace {

using namespace std::chrono_literals;

task<> finish_after(nanoseconds pause, int& finished) {
  co_await sleep(pause);
  ++finished;
}

void run_forgotten_join(stage& on) {
  int finished = 0;
  const auto ended = on.runtime().run("program", [&](region) -> task<> {
    const auto body = [&finished](region r) -> task<> {
      for (int i = 1; i <= 5; ++i)
        static_cast<void>(
            r.spawn("forgotten " + std::to_string(i), finish_after(i * 1ms, finished)));
      co_return;
    };
    static_cast<void>(co_await with_region("careless", body));
    on.prove_equal(static_cast<std::uint64_t>(finished), 5,
                   "the region did not close before all five had finished");
  });
  on.prove(ended.is_ok(), "nothing failed");
  const trace::entity_id careless = on.trace().region_named("careless");
  std::set<trace::task_id> collected;
  for (const auto& join : on.trace().all<trace::task_join>())
    if (join.by == careless) collected.insert(join.task);
  on.prove_equal(collected.size(), 5, "in the trace the region joined all five itself");
  on.prove_nothing_left();
}

} // namespace

sample forgotten_join() {
  return {.name = "forgotten-join",
          .exhibit = 17,
          .shows = "five tasks that nobody joins: their region collects them, and `check` says so",
          .findings = {"unjoined-task"},
          .run = run_forgotten_join};
}

} // namespace cancelscope::samples
