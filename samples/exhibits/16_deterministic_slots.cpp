// Exhibit 16: slots are freed in order and reused in reverse; and a recorded trace, replayed, gives the same slots.
#include "runtime/cancelscope.hpp"
#include "samples/exhibits/exhibits.hpp"

#include <algorithm>
#include <map>
#include <random>

namespace cancelscope::samples {

namespace {

using namespace std::chrono_literals;

/// Opens six, frees them in order, opens six again: they come in reverse.
task<> free_and_reuse(region r, stage& on) {
  kernel& core = on.core();
  std::vector<region_handle> first;
  std::vector<std::uint32_t> slots;
  for (int i = 0; i < 6; ++i) {
    first.push_back(*core.open_region({.name = "first", .parent = r.handle()}));
    slots.push_back(first.back().slot());
  }
  for (const region_handle each : first)
    static_cast<void>(core.close(each));
  std::vector<std::uint32_t> again;
  std::vector<region_handle> second;
  for (int i = 0; i < 6; ++i) {
    second.push_back(*core.open_region({.name = "second", .parent = r.handle()}));
    again.push_back(second.back().slot());
  }
  std::ranges::reverse(again);
  on.prove(again == slots, "six slots freed in order were reused in reverse");
  on.prove(std::ranges::all_of(second, [](region_handle h) { return h.generation() == 2; }),
           "each by a tenant of the second generation");
  for (const region_handle each : second)
    static_cast<void>(core.close(each));
  co_return;
}

/// Opens and closes at random, by the seed.
task<> wander(region r, stage& on) {
  std::mt19937_64 random{on.seed()};
  std::vector<region_handle> open{r.handle()};
  std::vector<region_handle> closed;
  for (int step = 0; step < 400; ++step) {
    if (open.size() == 1 || random() % 5 < 3) {
      const region_handle parent = open[random() % open.size()];
      if (const auto child = on.core().open_region({.name = "wanders", .parent = parent}))
        open.push_back(*child);
    } else {
      const std::size_t at = 1 + random() % (open.size() - 1);
      static_cast<void>(on.core().close(open[at]));
      std::erase_if(open, [&](region_handle h) {
        return on.core().state_of(h) != trace::region_state::open;
      });
    }
    if (step % 40 == 0) co_await sleep(1ms);
  }
  for (auto last = open.rbegin(); last != open.rend(); ++last)
    if (*last != r.handle()) static_cast<void>(on.core().close(*last));
}

/// Does to a new kernel what the trace says was done, and counts where it gives another answer.
struct replay {
  std::size_t opened = 0;
  std::size_t closed = 0;
  std::size_t different = 0;

  explicit replay(const trace::kept_trace& recorded) {
    for (const trace::event& e : recorded.events()) {
      time_.set(e.t);
      if (const auto* region = std::get_if<trace::region_open>(&e.body)) open(*region);
      if (const auto* moved = std::get_if<trace::region_moved>(&e.body))
        if (moved->state == trace::region_state::closing) close(moved->region);
    }
  }

private:
  void open(const trace::region_open& region) {
    ++opened;
    const region_handle parent =
        region.parent.value ? live_[*region.parent.value] : region_handle{};
    const auto made = kernel_.open_region({.parent = parent});
    different += !made || made->id() != region.region;
    if (made) live_[region.region] = *made;
  }
  void close(trace::region_id region) {
    ++closed;
    const auto found = live_.find(region);
    different += found == live_.end() || !kernel_.close(found->second);
  }

  manual_clock time_;
  kernel kernel_{time_, nullptr};
  std::map<trace::region_id, region_handle> live_;
};

void run_deterministic_slots(stage& on) {
  const auto ended = on.runtime().run("slots", [&on](region r) -> task<> {
    co_await free_and_reuse(r, on);
    co_await wander(r, on);
  });
  on.prove(ended.is_ok(), "the program ran");
  const replay again{on.trace()};
  on.prove(again.opened > 200 && again.opened == again.closed,
           "the recorded trace, of " + std::to_string(again.opened) +
               " opens and as many closes, was replayed on a new kernel");
  on.prove_equal(again.different, 0, "which gave every region the same slot and generation");
  on.prove_nothing_left();
}

} // namespace

sample deterministic_slots() {
  return {.name = "deterministic-slots",
          .exhibit = 16,
          .shows =
              "free in order, reuse in reverse; a recorded trace replayed gives the same slots",
          .run = run_deterministic_slots};
}

} // namespace cancelscope::samples
