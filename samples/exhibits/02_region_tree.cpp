// Exhibit 2: cancel any region of a tree; everything under it goes, nothing beside or above it, and its handles close.
#include "samples/exhibits/exhibits.hpp"
#include "samples/exhibits/tree.hpp"

#include <random>

namespace cancelscope::samples {

namespace {

using namespace std::chrono_literals;

class visit {
public:
  visit(stage& on, tree& grown) : on_(on), grown_(grown), random_(on.seed()) {}

  /// Cancels one standing region after the other until only the trunk is left, then the trunk.
  task<> fell() {
    co_await sleep(1ms);
    on_.prove_equal(standing().size(), grown_.full_size(), "the whole tree stands");
    while (standing().size() > 1) {
      const auto alive = standing();
      const branch& chosen = *alive[1 + random_() % (alive.size() - 1)];
      chosen.here.cancel("clicked " + chosen.name);
      co_await sleep(1ms);
      judge(alive, chosen);
    }
    on_.prove(went_ == grown_.full_size() - 1,
              "after " + std::to_string(clicks_) + " clicks every region but the trunk is closed");
    on_.prove(wrong_ == 0, "each click closed exactly the regions under it, each with its worker, "
                           "and touched none beside or above");
    grown_.branches().front().here.cancel("clicked the trunk");
  }

private:
  [[nodiscard]] bool stands(const branch& b) const { return on_.core().is_live(b.here.handle()); }
  [[nodiscard]] std::vector<const branch*> standing() const {
    std::vector<const branch*> alive;
    for (const branch& each : grown_.branches())
      if (stands(each)) alive.push_back(&each);
    return alive;
  }
  void judge(const std::vector<const branch*>& before, const branch& clicked) {
    ++clicks_;
    for (const branch* each : before) {
      const bool goes = each->is_under(clicked);
      went_ += goes;
      wrong_ += goes == stands(*each);
      wrong_ += goes == on_.core().is_live(each->worker);
      if (!goes && on_.core().cancellation_of(each->here.handle())) ++wrong_;
    }
  }

  stage& on_;
  tree& grown_;
  std::mt19937_64 random_;
  std::size_t clicks_ = 0;
  std::size_t went_ = 0;
  std::size_t wrong_ = 0;
};

/// Every cancelled task's chain ends at a click on a region above it.
std::size_t workers_cancelled_by_a_click(const trace::kept_trace& trace) {
  std::size_t found = 0;
  for (const auto& ended : trace.all<trace::task_end>())
    if (ended.outcome == outcome_kind::cancelled && ended.cancel) {
      const auto request = trace.all<trace::cancel_request>(
          [&](const auto& c) { return c.cancel == *ended.cancel; });
      const auto cause = trace.all<trace::cancel_request>(
          [&](const auto& c) { return request.at(0).cause && c.cancel == *request.at(0).cause; });
      found += !cause.empty() && cause[0].message && cause[0].message->starts_with("clicked");
    }
  return found;
}

void run_region_tree(stage& on) {
  tree grown{{.depth = 3, .branches = 3}};
  visit visitor{on, grown};
  const auto ended = on.runtime().run("garden", [&](region r) -> task<> {
    const auto walk = r.spawn("visitor", visitor.fell());
    const auto plant = [&](region trunk) { return grown.grow(trunk); };
    static_cast<void>(co_await with_region("trunk", plant));
    co_await value_of(walk.join());
  });
  on.prove(ended.is_ok(), "the garden around the tree is none the worse for it");
  const std::size_t cancelled =
      on.trace()
          .all<trace::task_end>([](const auto& e) { return e.outcome == outcome_kind::cancelled; })
          .size();
  on.prove_equal(workers_cancelled_by_a_click(on.trace()), cancelled,
                 "in the trace, the cause of every cancelled task is a click");
  on.prove_nothing_left();
}

} // namespace

sample region_tree() {
  return {.name = "region-tree",
          .exhibit = 2,
          .shows =
              "cancel any region of a tree: it cascades, handles close, nothing beside is touched",
          .run = run_region_tree};
}

} // namespace cancelscope::samples
