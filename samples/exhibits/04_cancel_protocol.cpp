// Exhibit 4: three tasks go through the cancel protocol while their clean-up budgets drain; one exhausts its own.
#include "runtime/cancelscope.hpp"
#include "samples/exhibits/exhibits.hpp"

#include <algorithm>
#include <memory>

namespace cancelscope::samples {

namespace {

using namespace std::chrono_literals;
using phase = trace::cancel_phase_name;

task<> work() {
  for (;;)
    co_await sleep(10ms);
}

/// Lets go at once: its destructors are all its clean-up.
task<> brief() {
  co_await work();
}

/// Cleans up with awaits, within its budget, and has a finalizer besides.
task<> tidy(bool& tidied) {
  co_await on_exit("put the tools away", [&tidied] { tidied = true; });
  auto how = co_await outcome_of(work());
  for (int step = 0; step < 3; ++step)
    co_await sleep(1ms);
  co_await value_of(std::move(how));
}

/// Would clean up for an hour.
task<> endless(bool& destroyed) {
  const auto note = std::shared_ptr<void>{nullptr, [&destroyed](void*) { destroyed = true; }};
  static_cast<void>(co_await outcome_of(work()));
  for (;;)
    co_await sleep(1ms);
}

struct ends {
  outcome_kind brief{}, tidy{}, endless{};
  std::string last_words;
};

task<ends> ask_all_to_stop(region r, stage& on, bool& tidied, bool& destroyed) {
  const auto one = r.spawn("brief", brief());
  const auto two = r.spawn("tidy", tidy(tidied));
  const auto three = r.spawn("endless", endless(destroyed));
  co_await sleep(2ms);
  for (const auto* each : {&one, &two, &three})
    each->cancel("the shift is over");
  on.prove(on.core().state_of(two.handle()) == task_state::requested,
           "a request only requests: the task has not moved yet");
  ends seen;
  seen.brief = (co_await one.join()).kind();
  seen.tidy = (co_await two.join()).kind();
  const outcome<void> stopped = co_await three.join();
  seen.endless = stopped.kind();
  seen.last_words = stopped.message();
  co_return seen;
}

void run_cancel_protocol(stage& on) {
  bool tidied = false;
  bool destroyed = false;
  const auto ended =
      on.runtime().run("workshop", {.cleanup = 5ms, .policy = on_failure::keep_going},
                       [&](region r) { return ask_all_to_stop(r, on, tidied, destroyed); });
  const trace::kept_trace& trace = on.trace();
  on.prove(ended.is_ok() && ended->brief == outcome_kind::cancelled,
           "`brief` ended cancelled as soon as it saw the request");
  on.prove(ended.is_ok() && ended->tidy == outcome_kind::cancelled && tidied,
           "`tidy` cleaned up within its budget, ran its finalizer, and ended cancelled");
  on.prove(trace.phases_of(trace.task_named("tidy")) ==
               std::vector{phase::draining, phase::finalizing, phase::completed},
           "`tidy` went through draining, finalizing and completed, in this order");
  on.prove(ended.is_ok() && ended->endless == outcome_kind::panicked &&
               ended->last_words == "clean-up budget exhausted",
           "`endless` was stopped when its budget was exhausted, and panicked");
  on.prove(destroyed, "its destructors ran all the same");
  std::vector<std::uint64_t> left;
  for (const auto& told : trace.all<trace::budget_left>())
    if (told.target == trace::entity_id(trace.task_named("endless"))) left.push_back(told.left);
  on.prove(left.size() >= 5 && std::ranges::is_sorted(left, std::greater<>{}) && left.back() == 0,
           "the trace shows its budget go down to nothing in " + std::to_string(left.size()) +
               " steps");
  on.prove_nothing_left();
}

} // namespace

sample cancel_protocol() {
  return {.name = "cancel-protocol",
          .exhibit = 4,
          .shows =
              "three tasks go through the phases while clean-up budgets drain; one exhausts it",
          .findings = {"violation", "over-budget"},
          .run = run_cancel_protocol};
}

} // namespace cancelscope::samples
