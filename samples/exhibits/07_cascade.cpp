// Exhibit 7: a node in the middle of a tree of four levels is closed. What is under it goes, without one orphan.
#include "samples/exhibits/exhibits.hpp"
#include "samples/exhibits/tree.hpp"

#include <map>
#include <set>

namespace cancelscope::samples {

namespace {

using namespace std::chrono_literals;

struct standing {
  std::size_t under = 0;  ///< regions under the node, it included
  std::size_t beside = 0; ///< all others of the tree
};

standing count(kernel& core, const tree& grown, const branch& node) {
  standing seen;
  for (const branch& each : grown.branches())
    if (core.is_live(each.here.handle())) ++(each.is_under(node) ? seen.under : seen.beside);
  return seen;
}

struct cut {
  standing before{}, after{};
  region_handle node{};
};

task<> close_the_middle(tree& grown, stage& on, cut& seen) {
  co_await sleep(1ms);
  const branch* node = nullptr;
  for (const branch& each : grown.branches())
    if (each.path == std::vector<std::size_t>{1, 0}) node = &each;
  if (node == nullptr) co_await fail("the tree has no middle");
  seen.node = node->here.handle();
  seen.before = count(on.core(), grown, *node);
  node->here.cancel("the middle is closed");
  co_await sleep(1ms);
  seen.after = count(on.core(), grown, *node);
  grown.branches().front().here.cancel("the exhibit is over");
}

/// Tasks that were not over when their region was closed, as the trace tells it.
std::size_t orphans(const trace::kept_trace& trace) {
  std::map<trace::task_id, trace::region_id> running;
  std::size_t found = 0;
  for (const trace::event& e : trace.events()) {
    if (const auto* spawned = std::get_if<trace::task_spawn>(&e.body))
      running[spawned->task] = spawned->region;
    if (const auto* ended = std::get_if<trace::task_end>(&e.body)) running.erase(ended->task);
    if (const auto* moved = std::get_if<trace::region_moved>(&e.body))
      if (moved->state == trace::region_state::closed)
        for (const auto& [task, region] : running)
          found += region == moved->region;
  }
  return found;
}

/// Requests that the first one caused, whatever their number of steps.
std::size_t effects_of(const trace::kept_trace& trace, trace::cancel_id first) {
  std::set<trace::cancel_id> caused{first};
  for (const auto& request : trace.all<trace::cancel_request>())
    if (request.cause && caused.contains(*request.cause)) caused.insert(request.cancel);
  return caused.size() - 1;
}

void run_cascade(stage& on) {
  tree grown{{.depth = 3, .branches = 3}}; // with the trunk, four levels
  cut seen;
  const auto ended = on.runtime().run("forest", [&](region r) -> task<> {
    const auto closing = r.spawn("closer", close_the_middle(grown, on, seen));
    const auto plant = [&](region trunk) { return grown.grow(trunk); };
    static_cast<void>(co_await with_region("trunk", plant));
    co_await value_of(closing.join());
  });
  on.prove(ended.is_ok(), "the program ran");
  on.prove_equal(seen.before.under, 4, "a node of the third level with its three branches stood");
  on.prove_equal(seen.after.under, 0, "one request later all four are closed");
  on.prove_equal(seen.after.beside, seen.before.beside,
                 "and all " + std::to_string(seen.before.beside) + " other regions stand");
  on.prove_equal(orphans(on.trace()), 0, "no task of the trace outlived its region");
  const auto requests = on.trace().requests_for(trace::entity_id(seen.node.id()));
  // In each of the four regions a body and a worker; in the node three tasks that hold a branch besides; and the
  // three regions themselves.
  on.prove_equal(requests.empty() ? 0 : effects_of(on.trace(), requests.front().cancel),
                 4 * 2 + 3 + 3, "the request reached each region and each task under it once");
  on.prove_nothing_left();
}

} // namespace

sample cascade() {
  return {.name = "cascade",
          .exhibit = 7,
          .shows = "a node in the middle of a tree is closed: zero orphans, counted in the trace",
          .run = run_cascade};
}

} // namespace cancelscope::samples
