// Exhibit 10: hundreds of handles; tasks and regions are started, cancelled, closed and joined at random, by a seed.
// Nothing is leaked, orphaned or unresolved: counted by the kernel, and again from the trace.
#include "runtime/cancelscope.hpp"
#include "samples/exhibits/exhibits.hpp"

#include <deque>
#include <memory>
#include <random>
#include <stdexcept>

namespace cancelscope::samples {

namespace {

using namespace std::chrono_literals;

constexpr int steps = 1500;

/// A region that somebody keeps open until it is told to close, or cancelled; it joins all that was started in it.
struct household {
  explicit household(region r) : here(r) {}

  region here;
  std::deque<join_handle<void>> members{};
  watch<bool> closing{"closing", false};
  bool is_over = false;
};

class storm {
public:
  explicit storm(std::uint64_t seed) : random_(seed) {}

  task<> rage(region r) {
    auto root = std::make_shared<household>(r);
    homes_.push_back(root);
    const auto sources = r.spawn("chance", act());
    co_await value_of(sources.join());
    co_await keep(root);
  }

  std::size_t spawned = 0;
  std::size_t opened = 0;
  std::size_t reserved = 0;
  std::size_t cancels = 0;

private:
  bool one_in(std::uint64_t n) { return random_() % n == 0; }
  nanoseconds pause() { return std::chrono::microseconds{random_() % 3000}; }

  task<> act() {
    for (int step = 0; step < steps; ++step) {
      act_once();
      if (one_in(3)) co_await sleep(pause());
    }
    over_ = true;
    for (const auto& home : homes_)
      home->closing.set(true);
  }

  void act_once() {
    std::erase_if(homes_, [](const auto& home) { return home->is_over; });
    household& home = *homes_[random_() % homes_.size()];
    switch (random_() % 8) {
    case 0:
    case 1:
    case 2:
      start(home, "worker", work(home.here));
      return;
    case 3:
      start(home, "keeper", open());
      return;
    case 4:
      start(home, "failing", fail_later());
      return;
    case 5:
      if (!home.members.empty()) cancel(home.members[random_() % home.members.size()]);
      return;
    case 6:
      if (&home == homes_.front().get()) return;
      ++cancels;
      home.here.cancel("by chance");
      return;
    default:
      if (&home != homes_.front().get()) home.closing.set(true);
    }
  }

  void cancel(const join_handle<void>& member) {
    if (member.is_over()) return; // it may have been joined already
    ++cancels;
    member.cancel("by chance");
  }
  void start(household& home, std::string_view name, task<> body) {
    ++spawned;
    home.members.push_back(home.here.spawn(name, std::move(body)));
  }

  task<> work(region home) {
    ++reserved;
    obligation lease = home.reserve(obligation_kind::lease, "held by a worker");
    auto how = co_await outcome_of(rest(pause()));
    if (how.is_cancelled()) co_await sleep(pause()); // cleaning up
    if (how) lease.commit();
    co_await value_of(std::move(how));
  }
  static task<> rest(nanoseconds how_long) { co_await sleep(how_long); }
  task<> fail_later() {
    co_await sleep(pause());
    if (one_in(2)) throw std::runtime_error("by chance");
    co_await fail("by chance");
  }

  task<> open() {
    ++opened;
    const region_options options{.deadline = one_in(4) ? 1ms + pause() : nanoseconds{},
                                 .policy = one_in(4) ? on_failure::cancel_siblings
                                                     : on_failure::keep_going};
    const auto body = [this](region r) { return keep_new(r); };
    static_cast<void>(co_await with_region("household", options, body));
  }

  task<> keep_new(region r) {
    const auto home = std::make_shared<household>(r);
    homes_.push_back(home);
    co_await keep(home);
  }
  /// Waits for the word to close, and joins whoever was started here, and whoever is started meanwhile.
  task<> keep(std::shared_ptr<household> home) {
    auto how = co_await outcome_of(closed(*home));
    for (std::size_t next = 0; next < home->members.size(); ++next)
      static_cast<void>(co_await shield(join_all(home->members[next])));
    home->is_over = true;
    co_await value_of(std::move(how));
  }
  task<> closed(household& home) const {
    auto told = home.closing.watcher();
    if (!over_ && !home.closing.now()) static_cast<void>(co_await told.changed());
  }

  std::mt19937_64 random_;
  std::vector<std::shared_ptr<household>> homes_; ///< the first is the root
  bool over_ = false;                             ///< nothing more begins
};

struct books {
  std::size_t regions = 0, tasks = 0, obligations = 0;
  std::size_t ended = 0, joined = 0, leaked = 0, resolved = 0, cancels = 0, released = 0;
  std::size_t most_at_once = 0;
};

books read(const trace::kept_trace& trace) {
  books b;
  for (const trace::event& e : trace.events()) {
    b.regions += std::holds_alternative<trace::region_open>(e.body);
    b.tasks += std::holds_alternative<trace::task_spawn>(e.body);
    b.obligations += std::holds_alternative<trace::obligation_open>(e.body);
    b.ended += std::holds_alternative<trace::task_end>(e.body);
    b.joined += std::holds_alternative<trace::task_join>(e.body);
    if (const auto* end = std::get_if<trace::obligation_end>(&e.body))
      ++(end->how == trace::obligation_fate::leaked ? b.leaked : b.resolved);
    if (const auto* c = std::get_if<trace::cancel_request>(&e.body))
      b.cancels += c->kind == cancel_kind::user && !c->cause;
    b.released += std::holds_alternative<trace::slot_release>(e.body);
    b.most_at_once = std::max(b.most_at_once, b.regions + b.tasks + b.obligations - b.released);
  }
  return b;
}

void run_chaos(stage& on) {
  storm chance{on.seed()};
  const auto ended = on.runtime().run("storm", {.policy = on_failure::keep_going},
                                      [&](region r) { return chance.rage(r); });
  on.prove(ended.is_ok(), "the region around it all ended well");
  const books told = read(on.trace());
  on.prove(told.most_at_once >= 100,
           "at one time " + std::to_string(told.most_at_once) + " handles were out");
  // Besides what chance started: the root and its body, and each household's body.
  on.prove_equal(told.tasks, chance.spawned + chance.opened + 2,
                 "the trace holds every task that was started");
  on.prove_equal(told.regions, chance.opened + 1, "and every region");
  on.prove_equal(told.obligations, chance.reserved, "and every lease");
  on.prove_equal(told.cancels, chance.cancels, "and every request of chance");
  on.prove_equal(told.ended, told.tasks, "zero orphans: every task ended");
  on.prove_equal(told.joined, told.tasks, "and was joined once");
  on.prove_equal(told.resolved, told.obligations,
                 "zero unresolved: every lease was committed or aborted");
  on.prove_equal(told.leaked + on.core().counts().leaked, 0,
                 "zero leaked, by the trace and by the kernel");
  on.prove_nothing_left();
}

} // namespace

sample chaos() {
  return {
      .name = "chaos",
      .exhibit = 10,
      .shows =
          "hundreds of handles, random spawn, cancel, join and close: nothing left, counted twice",
      .run = run_chaos};
}

} // namespace cancelscope::samples
