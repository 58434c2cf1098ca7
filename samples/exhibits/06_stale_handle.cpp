// Exhibit 6: an id is recycled, and the old handle is refused.
#include "runtime/cancelscope.hpp"
#include "samples/exhibits/exhibits.hpp"

namespace cancelscope::samples {

namespace {

using namespace std::chrono_literals;

task<> stay_a_moment() {
  co_await sleep(1ms);
}

task<> use_what_is_gone(region r, stage& on) {
  kernel& core = on.core();
  const auto first = r.spawn("first tenant", stay_a_moment());
  const task_handle old = first.handle();
  static_cast<void>(co_await first.join());

  const auto second = r.spawn("second tenant", stay_a_moment());
  const task_handle fresh = second.handle();
  on.prove(fresh.slot() == old.slot() && fresh.generation() == old.generation() + 1,
           "the second task lives in the first one's slot, one generation later");

  const auto cancelled = core.cancel(old, {.message = "by an old handle"});
  on.prove(!cancelled && cancelled.error().message ==
                             "cancel was given the stale handle " + to_string(old.id()) + "; " +
                                 to_string(fresh.id()) + " lives there now, 'second tenant'",
           "the old handle is refused with who was meant and who lives there now");
  const any_handle as_region = fresh;
  on.prove(!core.checked<region_handle>(as_region, "close"), "a handle of another kind is refused");
  on.prove(!core.cancellation_of(fresh), "neither of them touched the task that lives there");
  const auto ended = co_await second.join();
  on.prove(ended.is_ok(), "and it ends well");
}

void run_stale_handle(stage& on) {
  static_cast<void>(
      on.runtime().run("house", [&on](region r) -> task<> { return use_what_is_gone(r, on); }));
  on.prove_equal(on.core().counts().refused, 2, "the kernel counts both refusals");
  on.prove_equal(on.trace().all<trace::stale_use>().size(), 2, "the trace tells both");
  on.prove_nothing_left();
}

} // namespace

sample stale_handle() {
  return {.name = "stale-handle",
          .exhibit = 6,
          .shows = "an id is recycled; the old handle is refused and changes nothing",
          .findings = {"stale-handle"},
          .run = run_stale_handle};
}

} // namespace cancelscope::samples
