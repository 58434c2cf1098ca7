// Exhibit 14: forty scopes are opened and closed in patterns; slots are reused last-in-first-out, generation by
// generation.
#include "runtime/cancelscope.hpp"
#include "samples/exhibits/exhibits.hpp"

#include <algorithm>
#include <map>

namespace cancelscope::samples {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t scopes = 40;

/// What the free list must give next, worked out from the trace alone.
class free_list {
public:
  /// False when the region did not get the slot released last, or its generation is not one more.
  bool take(trace::region_id region) {
    const auto before = generation_.find(region.slot);
    const bool fresh = before == generation_.end();
    const bool in_turn = fresh ? free_.empty() && region.generation == 1
                               : !free_.empty() && free_.back() == region.slot &&
                                     region.generation == before->second + 1;
    if (!fresh && !free_.empty()) free_.pop_back();
    generation_[region.slot] = region.generation;
    return in_turn;
  }
  void give_back(trace::entity_id id) { free_.push_back(id.slot); }
  [[nodiscard]] std::uint64_t highest_generation() const {
    std::uint64_t highest = 0;
    for (const auto& [slot, generation] : generation_)
      highest = std::max(highest, generation);
    return highest;
  }
  [[nodiscard]] std::size_t slots() const { return generation_.size(); }

private:
  std::map<std::uint64_t, std::uint64_t> generation_;
  std::vector<std::uint64_t> free_;
};

class patterns {
public:
  patterns(kernel& core, region_handle under) : core_(core), under_(under) {}

  task<> play() {
    open_until(scopes);
    co_await close_in_turn([](std::size_t left) { return left - 1; }); // as a stack
    open_until(scopes);
    co_await close_in_turn([](std::size_t) { return std::size_t{0}; }); // as a queue
    open_until(scopes);
    co_await close_in_turn([](std::size_t left) { return left / 2; }); // from the middle
    for (int round = 0; round < 6; ++round) {                          // a comb
      open_until(scopes);
      for (std::size_t at = 0; at < open_.size(); ++at)
        close(at);
      co_await sleep(1ms);
    }
    co_await close_in_turn([](std::size_t left) { return left - 1; });
  }
  [[nodiscard]] std::size_t opened() const { return opened_; }

private:
  void open_until(std::size_t count) {
    while (open_.size() < count) {
      const std::string name = "scope " + std::to_string(opened_++);
      open_.push_back(*core_.open_region({.name = name, .parent = under_}));
    }
  }
  void close(std::size_t at) {
    static_cast<void>(core_.close(open_[at]));
    open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(at));
  }
  template <class Choose> task<> close_in_turn(Choose choose) {
    while (!open_.empty()) {
      close(choose(open_.size()));
      co_await sleep(100us);
    }
  }

  kernel& core_;
  region_handle under_;
  std::vector<region_handle> open_;
  std::size_t opened_ = 0;
};

void run_slot_reuse(stage& on) {
  std::size_t opened = 0;
  const auto ended = on.runtime().run("patterns", [&](region r) -> task<> {
    patterns all{on.core(), r.handle()};
    co_await all.play();
    opened = all.opened();
  });
  on.prove(ended.is_ok(), "all patterns were played");
  free_list expected;
  std::size_t out_of_turn = 0;
  for (const trace::event& e : on.trace().events()) {
    if (const auto* region = std::get_if<trace::region_open>(&e.body))
      out_of_turn += !expected.take(region->region);
    if (const auto* released = std::get_if<trace::slot_release>(&e.body))
      if (released->id.kind == entity_kind::region) expected.give_back(released->id);
  }
  on.prove_equal(out_of_turn, 0,
                 std::to_string(opened) +
                     " scopes each took the slot released last, one generation "
                     "after its last tenant");
  on.prove_equal(expected.slots(), scopes + 1,
                 "no more slots were made than scopes stood at once, with the one around them");
  on.prove(expected.highest_generation() >= 5,
           "the busiest slot reached generation " + std::to_string(expected.highest_generation()));
  on.prove_nothing_left();
}

} // namespace

sample slot_reuse() {
  return {
      .name = "slot-reuse",
      .exhibit = 14,
      .shows =
          "forty scopes opened and closed in patterns: slots last-in-first-out, generations rise",
      .run = run_slot_reuse};
}

} // namespace cancelscope::samples
