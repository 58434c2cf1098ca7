// Random programs, by a seed: whatever they do, the law of traces holds and nothing is left.
#include "tests/runtime/support/kernel_bench.hpp"
#include "tests/runtime/support/program.hpp"

#include <map>
#include <random>

namespace cancelscope {
namespace {

using namespace tests;
using testing::IsEmpty;

// ---- Histories of the kernel alone ----

class kernel_history {
public:
  explicit kernel_history(unsigned seed) : random_(seed) {}

  void run(int steps) {
    regions_.push_back(
        *k_.open_region({.name = "root", .cleanup = 400, .policy = on_failure::keep_going}));
    for (int step = 0; step < steps; ++step) {
      clock_.advance(random_() % 20);
      k_.expire();
      one_step();
    }
    // Whoever opened a region closes it; one that is gone refuses, and that is counted too.
    for (auto region = regions_.rbegin(); region != regions_.rend(); ++region)
      static_cast<void>(k_.cancel(*region, {.kind = cancel_kind::shutdown, .message = "the end"}));
    for (auto region = regions_.rbegin(); region != regions_.rend(); ++region)
      static_cast<void>(k_.close(*region));
    clock_.advance(1000);
    k_.expire();
    EXPECT_EQ(k_.counts().regions, 0U);
    EXPECT_EQ(k_.counts().tasks, 0U);
    EXPECT_EQ(k_.counts().obligations, 0U);
    k_.trace().trace_ended();
    EXPECT_THAT(breaks_of_law(trace_.events()), IsEmpty());
    EXPECT_EQ(trace_.all<trace::stale_use>().size(), k_.counts().refused);
  }

private:
  /// Any handle ever given out: most are stale, and must be refused without harm.
  template <class Handle> Handle any_of(const std::vector<Handle>& handles) {
    return handles.empty() ? Handle{} : handles[random_() % handles.size()];
  }
  template <class Handle> Handle recent(const std::vector<Handle>& handles) {
    if (handles.empty()) return {};
    const std::size_t span = std::min<std::size_t>(handles.size(), 12);
    return handles[handles.size() - 1 - random_() % span];
  }

  void one_step() {
    switch (random_() % 12) {
    case 0:
    case 1:
      open();
      return;
    case 2:
    case 3:
    case 4:
      spawn();
      return;
    case 5:
      end(recent(tasks_));
      return;
    case 6:
      end(any_of(tasks_));
      return;
    case 7:
      static_cast<void>(k_.cancel(recent(tasks_), asked()));
      return;
    case 8:
      if (random_() % 4 == 0)
        static_cast<void>(k_.cancel(recent(regions_), asked()));
      else
        static_cast<void>(k_.close(recent(regions_)));
      return;
    case 9:
      static_cast<void>(k_.join(any_of(tasks_), recent(tasks_)));
      return;
    case 10:
      oblige();
      return;
    default: {
      const auto task = recent(tasks_);
      if (can_run(task)) static_cast<void>(k_.must_stop(task));
    }
    }
  }

  void open() {
    region_spec spec{.parent = recent(regions_)};
    if (random_() % 3 == 0) spec.limits.deadline = clock_.now() + random_() % 300;
    if (random_() % 4 == 0) spec.policy = on_failure::keep_going;
    if (!spec.parent || !k_.is_live(spec.parent)) spec.parent = regions_.front();
    if (const auto opened = k_.open_region(spec)) regions_.push_back(*opened);
  }

  void spawn() {
    bodies_.emplace_back();
    if (const auto task = k_.spawn(recent(regions_), {.name = "work", .body = &bodies_.back()}))
      tasks_.push_back(*task);
  }

  [[nodiscard]] bool can_run(task_handle task) const {
    const auto state = k_.state_of(task);
    return state && *state < task_state::finalizing;
  }

  void end(task_handle task) {
    if (!can_run(task)) return;
    switch (random_() % 4) {
    case 0:
      k_.end_task(task, error{"failed"});
      return;
    case 1:
      if (const auto why = k_.cancellation_of(task)) {
        k_.end_task(task, why);
        return;
      }
      [[fallthrough]];
    default:
      k_.end_task(task, {});
    }
  }

  void oblige() {
    const auto task = recent(tasks_);
    if (random_() % 2 == 0) {
      if (const auto made =
              k_.reserve(recent(regions_), {.task = k_.is_live(task) ? task : task_handle{}}))
        obligations_.push_back(*made);
    } else if (random_() % 2 == 0) {
      static_cast<void>(k_.commit(any_of(obligations_)));
    } else {
      static_cast<void>(k_.abort(recent(obligations_)));
    }
  }

  cancel_spec asked() {
    constexpr cancel_kind kinds[] = {cancel_kind::user, cancel_kind::timeout, cancel_kind::budget,
                                     cancel_kind::race_lost};
    return {.kind = kinds[random_() % 4], .message = "by chance"};
  }

  std::mt19937 random_;
  manual_clock clock_;
  kept_trace trace_;
  std::deque<noted_body> bodies_;
  kernel k_{clock_, &trace_, {.last_generation = 40}};
  std::vector<region_handle> regions_;
  std::vector<task_handle> tasks_;
  std::vector<obligation_handle> obligations_;
};

TEST(random_histories_of_the_kernel, keep_the_law_and_leave_nothing) {
  for (unsigned seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    kernel_history{seed}.run(1500);
  }
}

// ---- Programs ----

struct chance {
  std::mt19937 random;
  semaphore permits{"permits", 3};

  bool one_in(unsigned n) { return random() % n == 0; }
  nanoseconds pause() { return std::chrono::microseconds{random() % 50}; }
};

task<int> anything(chance& by, int depth);

task<int> wait_a_while(chance& by) {
  co_await sleep(by.pause());
  co_return 1;
}

task<int> stubborn(chance& by) {
  const auto how = co_await outcome_of(wait_a_while(by));
  if (how.is_cancelled()) co_await sleep(by.pause());
  co_return how;
}

task<int> with_permit(chance& by) {
  const permit held = co_await by.permits.acquire();
  co_await sleep(by.pause());
  co_return 1;
}

task<int> failing(chance& by) {
  co_await sleep(by.pause());
  if (by.one_in(2)) throw std::runtime_error("by chance");
  co_return error{"by chance"};
}

task<int> crowd(chance& by, int depth, region r) {
  std::vector<join_handle<int>> handles;
  const auto size = by.random() % 5;
  for (std::size_t i = 0; i < size; ++i)
    handles.push_back(r.spawn("member", anything(by, depth - 1)));
  if (by.one_in(2)) static_cast<void>(r.reserve(obligation_kind::lease, "forgotten").detach());
  for (const auto& each : handles) {
    if (by.one_in(4)) each.cancel("by chance");
    if (by.one_in(2)) static_cast<void>(co_await each.join());
  }
  if (by.one_in(6)) r.cancel("by chance");
  co_return 1;
}

task<int> scoped(chance& by, int depth) {
  const region_options options{.deadline = by.one_in(3) ? by.pause() : nanoseconds{},
                               .cleanup = by.one_in(2) ? by.pause() : nanoseconds{},
                               .policy = by.one_in(2) ? on_failure::keep_going
                                                      : on_failure::cancel_siblings};
  auto ended = co_await with_region("crowd", options,
                                    [&by, depth](region r) { return crowd(by, depth, r); });
  co_return by.one_in(3) ? std::move(ended) : outcome<int>{1};
}

task<int> anything(chance& by, int depth) {
  if (depth == 0) co_return co_await wait_a_while(by);
  switch (by.random() % 9) {
  case 0:
    co_return co_await failing(by);
  case 1:
    co_return co_await with_permit(by);
  case 2:
    co_return co_await stubborn(by);
  case 3:
    co_return co_await timeout("timed", by.pause(), anything(by, depth - 1));
  case 4:
    co_return co_await race(anything(by, depth - 1), anything(by, depth - 1));
  case 5:
    co_return co_await first_ok(anything(by, depth - 1), anything(by, depth - 1));
  case 6: {
    const auto both = co_await join_all(anything(by, depth - 1), anything(by, depth - 1));
    co_return both ? outcome<int>{1} : outcome<int>{both.failed()};
  }
  case 7:
    co_return co_await shield(anything(by, depth - 1));
  default:
    co_return co_await scoped(by, depth);
  }
}

TEST(random_programs, keep_the_law_and_leave_nothing) {
  std::map<outcome_kind, int> ends;
  for (unsigned seed = 0; seed < 150; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    chance by{std::mt19937{seed}};
    virtual_clock clock;
    kept_trace trace;
    {
      current_thread runtime{clock, {.sink = &trace, .limits = {.last_generation = 30}}};
      const region_options options{
          .deadline = 2ms, .cleanup = 200us, .policy = on_failure::keep_going};
      const auto ended = runtime.run("root", options, [&](region r) -> task<int> {
        for (int i = 0; i < 6; ++i)
          static_cast<void>(r.spawn("top", anything(by, 5)));
        co_return 1;
      });
      ++ends[ended.kind()];
      kernel_counts left = runtime.core().counts();
      left.leaked = left.refused = 0;
      EXPECT_EQ(left, kernel_counts{});
    }
    EXPECT_THAT(breaks_of_law(trace.events()), IsEmpty());
    EXPECT_EQ(by.permits.available(), 3U);
    EXPECT_EQ(by.permits.waiting(), 0U);
  }
  EXPECT_GE(ends.size(), 3U) << "the programs are too much alike to prove anything";
}

} // namespace
} // namespace cancelscope
