// Exhibit 18: a scope is closed by its deadline, and everything under it is cancelled.
#include "samples/exhibits/exhibits.hpp"
#include "samples/exhibits/tree.hpp"

#include <set>

namespace cancelscope::samples {

namespace {

using namespace std::chrono_literals;

/// Ids of all requests that the region's own deadline led to, itself included.
std::set<trace::cancel_id> caused_by_deadline(const trace::kept_trace& trace) {
  std::set<trace::cancel_id> caused;
  for (const auto& request : trace.all<trace::cancel_request>()) {
    const bool root = request.kind == cancel_kind::timeout && !request.cause &&
                      request.target == trace::entity_id(trace.region_named("group"));
    if (root || (request.cause && caused.contains(*request.cause))) caused.insert(request.cancel);
  }
  return caused;
}

void run_group_timeout(stage& on) {
  tree grown{{.depth = 2, .branches = 2}};
  time_ns took = 0;
  outcome<void> ended;
  const auto program = on.runtime().run("program", [&](region) -> task<> {
    const time_ns began = on.core().time().now();
    const auto body = [&grown](region trunk) { return grown.grow(trunk); };
    ended = co_await with_region("group", {.deadline = 20ms, .cleanup = 5ms}, body);
    took = on.core().time().now() - began;
  });
  on.prove(program.is_ok(), "the program outlives the group");
  on.prove(took >= 20'000'000 && took < 25'000'000,
           "the group is closed at its deadline, within its clean-up budget");
  on.prove(ended.is_cancelled() && ended.message() == "the deadline of 'group' passed",
           "whoever waited for it is told which deadline that was");
  const auto caused = caused_by_deadline(on.trace());
  std::size_t cancelled = 0;
  std::size_t by_deadline = 0;
  for (const auto& end : on.trace().all<trace::task_end>()) {
    if (end.outcome != outcome_kind::cancelled) continue;
    ++cancelled;
    by_deadline += end.cancel && caused.contains(*end.cancel);
  }
  on.prove(cancelled >= 2 * grown.full_size(), std::to_string(cancelled) + " tasks in " +
                                                   std::to_string(grown.full_size()) +
                                                   " regions were cancelled");
  on.prove_equal(by_deadline, cancelled, "in the trace the root cause of each is that deadline");
  on.prove_nothing_left();
}

} // namespace

sample group_timeout() {
  return {.name = "group-timeout",
          .exhibit = 18,
          .shows = "a scope is closed by its deadline, and everything under it is cancelled",
          .run = run_group_timeout};
}

} // namespace cancelscope::samples
