// A million operations at random on one kernel, and every count taken three times: by whoever asked for them, by the
// kernel, and from the trace.
#include "runtime/kernel/kernel.hpp"

#include <gmock/gmock.h>

#include <map>
#include <random>
#include <vector>

namespace cancelscope {
namespace {

/// Counts what the trace says, and keeps nothing.
class counting_sink final : public trace::sink {
public:
  struct kind_counts {
    std::size_t introduced = 0;
    std::size_t released = 0;
    [[nodiscard]] std::size_t live() const { return introduced - released; }
    friend bool operator==(const kind_counts&, const kind_counts&) = default;
  };
  kind_counts regions, tasks, obligations;
  std::map<outcome_kind, std::size_t> ended;
  std::map<trace::obligation_fate, std::size_t> fates;
  std::map<trace::cancel_effect, std::size_t> effects;
  std::size_t joined = 0, closed = 0, stale = 0, violations = 0, out_of_order = 0;

  void write(const trace::event& e) override {
    out_of_order += e.t < last_;
    last_ = e.t;
    std::visit([this](const auto& body) { see(body); }, e.body);
  }

private:
  void see(const trace::region_open&) { ++regions.introduced; }
  void see(const trace::task_spawn&) { ++tasks.introduced; }
  void see(const trace::obligation_open&) { ++obligations.introduced; }
  void see(const trace::slot_release& e) {
    switch (e.id.kind) {
    case entity_kind::region:
      ++regions.released;
      return;
    case entity_kind::task:
      ++tasks.released;
      return;
    case entity_kind::obligation:
      ++obligations.released;
      return;
    }
  }
  void see(const trace::task_end& e) { ++ended[e.outcome]; }
  void see(const trace::task_join&) { ++joined; }
  void see(const trace::obligation_end& e) { ++fates[e.how]; }
  void see(const trace::cancel_request& e) { ++effects[*e.effect]; }
  void see(const trace::region_moved& e) { closed += e.state == trace::region_state::closed; }
  void see(const trace::stale_use&) { ++stale; }
  void see(const trace::violation&) { ++violations; }
  template <class Other> void see(const Other&) {}

  std::uint64_t last_ = 0;
};

struct quiet_body final : task_body {
  void wake() noexcept override {}
  outcome_taker destroy(std::string_view) noexcept override { return {}; }
};

/// What was asked for, and what the answer was.
class million {
public:
  std::size_t operations = 0;
  std::size_t opened = 0, spawned = 0, reserved = 0, refused = 0, joined = 0, committed = 0,
              aborted = 0;
  std::map<outcome_kind, std::size_t> ended;

  explicit million(unsigned seed) : random_(seed) {
    root_ = *k.open_region({.name = "root", .policy = on_failure::keep_going});
    ++opened;
  }

  void run(std::size_t count) {
    while (operations < count) {
      ++operations;
      clock.advance(random_() % 3);
      one();
    }
  }
  /// Everybody who lives ends, and everything closes.
  void finish() {
    static_cast<void>(k.cancel(root_, {.kind = cancel_kind::shutdown, .message = "the end"}));
    for (const auto task : tasks_)
      end(task);
    for (const auto region : regions_)
      if (k.is_live(region)) static_cast<void>(k.close(region));
    if (k.is_live(root_)) static_cast<void>(k.close(root_));
    k.trace().trace_ended();
  }

  manual_clock clock;
  counting_sink told;
  kernel k{clock, &told, {.last_generation = 5000}};

private:
  static constexpr std::size_t most = 300; ///< handles that are kept of each kind, live or not

  template <class Handle> Handle recent(const std::vector<Handle>& handles) {
    return handles.empty() ? Handle{} : handles[random_() % handles.size()];
  }
  /// What is replaced is out of our hands.
  template <class Handle> void keep(std::vector<Handle>& handles, Handle h) {
    if (handles.size() < most)
      handles.push_back(h);
    else
      handles[random_() % most] = h;
  }
  region_handle home() {
    const region_handle chosen = recent(regions_);
    return k.is_live(chosen) ? chosen : root_;
  }
  template <class Result> bool done(const Result& result) {
    refused += !result && result.error().message.find("stale handle") != std::string::npos;
    return static_cast<bool>(result);
  }

  void one() {
    switch (random_() % 12) {
    case 0:
      open();
      return;
    case 1:
    case 2:
    case 3:
      spawn();
      return;
    case 4:
    case 5:
      end(recent(tasks_));
      return;
    case 6:
      join(recent(tasks_));
      return;
    case 7:
      static_cast<void>(done(k.cancel(recent(tasks_), request())));
      return;
    case 8:
      close_or_cancel();
      return;
    case 9:
      reserve();
      return;
    case 10:
      resolve();
      return;
    default:
      if (const auto task = recent(tasks_); can_run(task)) static_cast<void>(k.must_stop(task));
    }
  }

  void open() {
    const auto made = k.open_region({.parent = home(), .policy = on_failure::keep_going});
    if (!done(made)) return;
    ++opened;
    if (regions_.size() < most) {
      regions_.push_back(*made);
      return;
    }
    region_handle& replaced = regions_[random_() % most]; // whoever opened a region closes it
    static_cast<void>(done(k.close(replaced)));
    replaced = *made;
  }
  void spawn() {
    const auto made = k.spawn(home(), {.body = &body_});
    if (!done(made)) return;
    ++spawned;
    if (tasks_.size() < most) {
      tasks_.push_back(*made);
      return;
    }
    // One that nobody can name any more could never end: so those that are replaced end now, and are joined.
    task_handle& replaced = tasks_[random_() % most];
    end(replaced);
    join(replaced);
    replaced = *made;
  }
  [[nodiscard]] bool can_run(task_handle task) const {
    const auto state = k.state_of(task);
    return state && *state < task_state::finalizing;
  }
  void end(task_handle task) {
    if (!can_run(task)) return;
    outcome<void> how;
    if (random_() % 4 == 0) how = error{"by chance"};
    if (const auto why = k.cancellation_of(task); why && random_() % 2 == 0) how = why;
    if (random_() % 50 == 0) how = panic{"by chance"};
    ++ended[how.kind()];
    k.end_task(task, how);
  }
  void join(task_handle task) {
    const auto taken = k.join(task, any_handle{root_});
    if (done(taken) && *taken) ++joined;
  }
  void close_or_cancel() {
    const region_handle region = recent(regions_);
    if (random_() % 3 == 0)
      static_cast<void>(done(k.cancel(region, request())));
    else
      static_cast<void>(done(k.close(region)));
  }
  void reserve() {
    const auto made = k.reserve(home(), {.kind = trace::obligation_kind::lease});
    if (!done(made)) return;
    ++reserved;
    keep(obligations_, *made);
  }
  void resolve() {
    const obligation_handle which = recent(obligations_);
    if (random_() % 2 == 0)
      committed += done(k.commit(which));
    else
      aborted += done(k.abort(which));
  }
  cancel_spec request() {
    constexpr cancel_kind kinds[] = {cancel_kind::user, cancel_kind::timeout, cancel_kind::budget,
                                     cancel_kind::race_lost};
    return {.kind = kinds[random_() % 4]};
  }

  std::mt19937 random_;
  quiet_body body_;
  region_handle root_;
  std::vector<region_handle> regions_;
  std::vector<task_handle> tasks_;
  std::vector<obligation_handle> obligations_;
};

std::size_t sum(const auto& counts) {
  std::size_t all = 0;
  for (const auto& [what, count] : counts)
    all += count;
  return all;
}

TEST(a_million_operations, leave_nothing_and_every_count_is_the_same_from_all_sides) {
  million chance{7};
  for (int part = 1; part <= 10; ++part) {
    chance.run(static_cast<std::size_t>(part) * 100'000);
    const kernel_counts live = chance.k.counts();
    EXPECT_EQ(live.regions, chance.told.regions.live());
    EXPECT_EQ(live.tasks, chance.told.tasks.live());
    EXPECT_EQ(live.obligations, chance.told.obligations.live());
    EXPECT_GT(live.regions + live.tasks + live.obligations, 100U) << "hundreds are alive at a time";
  }
  chance.finish();

  const counting_sink& told = chance.told;
  const kernel_counts left = chance.k.counts();
  EXPECT_EQ(left.regions + left.tasks + left.obligations, 0U);
  EXPECT_EQ(told.regions, (counting_sink::kind_counts{chance.opened, chance.opened}));
  EXPECT_EQ(told.tasks, (counting_sink::kind_counts{chance.spawned, chance.spawned}));
  EXPECT_EQ(told.obligations, (counting_sink::kind_counts{chance.reserved, chance.reserved}));
  EXPECT_EQ(told.closed, chance.opened);
  EXPECT_EQ(told.ended, chance.ended);
  EXPECT_EQ(sum(told.ended), chance.spawned) << "no orphan";
  EXPECT_EQ(told.joined, chance.spawned) << "each was joined once, by somebody or by its region";
  EXPECT_EQ(told.fates.at(trace::obligation_fate::committed), chance.committed);
  EXPECT_EQ(told.fates.at(trace::obligation_fate::aborted), chance.aborted);
  EXPECT_EQ(told.fates.at(trace::obligation_fate::leaked), left.leaked);
  EXPECT_EQ(sum(told.fates), chance.reserved);
  EXPECT_EQ(told.stale, left.refused);
  EXPECT_EQ(told.stale, chance.refused);
  EXPECT_EQ(told.violations, 0U);
  EXPECT_EQ(told.out_of_order, 0U);
  // And it was no walk in the park.
  EXPECT_GT(chance.spawned, 200'000U);
  EXPECT_GT(chance.joined, 10'000U);
  EXPECT_GT(told.stale, 10'000U);
  EXPECT_GT(told.effects.at(trace::cancel_effect::strengthened), 1'000U);
  EXPECT_EQ(told.ended.size(), 4U) << "all outcomes occur";
}

} // namespace
} // namespace cancelscope
