// Exhibit 8: a request only requests; what releases a task is that somebody joins it.
#include "runtime/cancelscope.hpp"
#include "samples/exhibits/exhibits.hpp"

namespace cancelscope::samples {

namespace {

using namespace std::chrono_literals;

task<int> careful(bool& cleaned_up) {
  auto how = co_await outcome_of([]() -> task<int> {
    co_await sleep(1h);
    co_return 1;
  }());
  co_await sleep(3ms);
  cleaned_up = true;
  co_return how;
}

task<> follow(region r, stage& on) {
  kernel& core = on.core();
  bool cleaned_up = false;
  const auto h = r.spawn("careful", careful(cleaned_up));
  const task_handle task = h.handle();
  co_await sleep(1ms);
  h.cancel("please stop");
  on.prove(core.state_of(task) == task_state::requested && !h.is_over(),
           "right after the request the task is requested, and not over");
  on.prove(core.cancellation_of(task).message() == "please stop", "and knows why");
  co_await sleep(1ms);
  on.prove(core.state_of(task) == task_state::draining && !cleaned_up,
           "a moment later it is draining: it cleans up after itself");
  co_await sleep(10ms);
  on.prove(cleaned_up && core.state_of(task) == task_state::completed && core.is_live(task),
           "when it has completed it stays pinned: its handle is good, its outcome is kept");
  const outcome<int> ended = co_await h.join();
  on.prove(ended.is_cancelled() && ended.why().message() == "please stop",
           "joining gives the outcome with the request that ended it");
  on.prove(!core.is_live(task), "and releases the task: its handle names nothing any more");
}

void run_cancel_then_join(stage& on) {
  const auto ended =
      on.runtime().run("program", [&on](region r) -> task<> { return follow(r, on); });
  on.prove(ended.is_ok(), "the program ran");
  std::vector<std::string_view> order;
  const trace::task_id task = on.trace().task_named("careful");
  for (const trace::event& e : on.trace().events()) {
    const auto* request = std::get_if<trace::cancel_request>(&e.body);
    const auto* end = std::get_if<trace::task_end>(&e.body);
    const auto* join = std::get_if<trace::task_join>(&e.body);
    const auto* release = std::get_if<trace::slot_release>(&e.body);
    if ((request && request->target == trace::entity_id(task)) || (end && end->task == task) ||
        (join && join->task == task) || (release && release->id == trace::entity_id(task)))
      order.push_back(trace::name_of(e));
  }
  on.prove(order == std::vector<std::string_view>{"cancel", "task_end", "task_join", "release"},
           "the trace tells it in this order: cancel, task_end, task_join, release");
  on.prove_nothing_left();
}

} // namespace

sample cancel_then_join() {
  return {.name = "cancel-then-join",
          .exhibit = 8,
          .shows =
              "a request only requests; the task stays until it is joined, and joining releases it",
          .run = run_cancel_then_join};
}

} // namespace cancelscope::samples
