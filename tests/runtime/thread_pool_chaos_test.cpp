// A hundred thousand tasks on four threads, which spawn, send, wait, lock, fail, cancel and forget each other by chance; every
// count taken from the program, the kernel and the trace.
#include "runtime/cancelscope.hpp"
#include "tests/runtime/support/trace_law.hpp"
#include "trace-format/kept_trace.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <stdexcept>
#include <vector>

namespace cancelscope {
namespace {

using namespace std::chrono_literals;

/// Counts events without keeping them.
class event_counts final : public trace::sink {
public:
  void write(const trace::event& e) override {
    falls += e.t < last_;
    last_ = e.t;
    std::visit([this](const auto& body) { see(body); }, e.body);
    if (e.th) threads.insert(*e.th);
  }

  std::size_t opened = 0, closed = 0, spawned = 0, joined = 0, requested = 0, reserved = 0,
              violations = 0, exhausted = 0, stale = 0, falls = 0;
  std::map<entity_kind, std::size_t> released;
  std::map<outcome_kind, std::size_t> ended;
  std::map<trace::obligation_fate, std::size_t> fates;
  std::set<std::uint64_t> threads;

private:
  void see(const trace::region_open&) { ++opened; }
  void see(const trace::region_moved& e) { closed += e.state == trace::region_state::closed; }
  void see(const trace::task_spawn&) { ++spawned; }
  void see(const trace::task_end& e) {
    ++ended[e.outcome];
    exhausted += e.error == "clean-up budget exhausted";
  }
  void see(const trace::task_join&) { ++joined; }
  void see(const trace::cancel_request& e) { requested += e.message == "by chance"; }
  void see(const trace::obligation_open&) { ++reserved; }
  void see(const trace::obligation_end& e) { ++fates[e.how]; }
  void see(const trace::slot_release& e) { ++released[e.id.kind]; }
  void see(const trace::stale_use&) { ++stale; }
  void see(const trace::violation&) { ++violations; }
  template <class Other> void see(const Other&) {}

  std::uint64_t last_ = 0;
};

/// The program. Drivers start workers, and keep some of their handles: to cancel them, to join them, or to forget them.
class crowd {
public:
  crowd(unsigned seed, int drivers, int each) : seed_(seed), drivers_(drivers), each_(each) {}

  task<void> body(region r) {
    auto [letters, inbox] = mpsc<int>("letters", 8);
    const auto post = r.spawn("post", receive(std::move(inbox)));
    {
      const mpsc_sender<int> to = std::move(letters);
      const auto crowded = [&](region inner) -> task<void> {
        for (int i = 0; i < drivers_; ++i)
          static_cast<void>(
              inner.spawn("driver", drive(inner, seed_ + static_cast<unsigned>(i), to)));
        co_return;
      };
      const auto ended = co_await with_region(
          "crowd", {.cleanup = 50us, .policy = on_failure::keep_going}, crowded);
      EXPECT_NE(ended.kind(), outcome_kind::ok) << "some failed";
    }
    EXPECT_TRUE((co_await post.join()).is_ok());
    EXPECT_EQ(permits_.available(), 3U);
    const locked<std::size_t> mine = co_await book_.lock();
    EXPECT_EQ(*mine, counted);
  }

  std::atomic<std::size_t> begun = 0, gone = 0, sent = 0, cancels = 0, counted = 0;
  std::size_t received = 0; ///< by one task

private:
  struct presence {
    explicit presence(crowd& here) : in(here) { ++in.begun; }
    presence(const presence&) = delete;
    presence& operator=(const presence&) = delete;
    ~presence() { ++in.gone; }
    crowd& in;
  };

  task<void> receive(mpsc_receiver<int> inbox) {
    while (const std::optional<int> letter = co_await inbox.receive())
      ++received;
  }
  task<void> send(mpsc_sender<int> to) {
    const presence here{*this};
    const outcome<void> arrived = co_await to.send(1);
    if (arrived) ++sent;
  }
  task<void> send_in_two_steps(mpsc_sender<int> to) {
    const presence here{*this};
    auto place = co_await to.reserve();
    co_await yield();
    if (!place) co_return;
    (*std::move(place)).send(1);
    ++sent;
  }
  task<void> hold() {
    const presence here{*this};
    const permit held = co_await permits_.acquire();
    co_await yield();
  }
  task<void> count() {
    const presence here{*this};
    const locked<std::size_t> mine = co_await book_.lock();
    ++*mine;
    ++counted;
    co_await yield();
  }
  task<void> doze(int how_long) {
    const presence here{*this};
    const auto slept = co_await outcome_of(sleep(how_long * 1us));
    if (!slept) co_await sleep(1us); // cleans up
    co_await value_of(slept);
  }
  task<void> fail_by_chance(bool throws) {
    const presence here{*this};
    co_await yield();
    if (throws) throw std::runtime_error("by chance");
    co_await fail("by chance");
  }
  task<void> compete() {
    const presence here{*this};
    static_cast<void>(co_await race(doze(1), doze(2)));
    static_cast<void>(co_await timeout("short", 1us, doze(5)));
  }

  /// Cleans up for longer than it may, in a region of its own.
  task<void> linger() {
    const presence here{*this};
    const auto slept = co_await outcome_of(sleep(3us));
    if (slept) co_return;
    const auto rests = [](region) -> task<void> { co_await sleep(1h); };
    static_cast<void>(co_await with_region("lingers", rests));
    ADD_FAILURE() << "its clean-up budget was exhausted";
  }

  task<void> worker(unsigned chance, const mpsc_sender<int>& to) {
    switch (chance % 8) {
    case 0:
      return send(to);
    case 1:
      return send_in_two_steps(to);
    case 2:
      return hold();
    case 3:
      return count();
    case 4:
      return fail_by_chance(chance % 16 < 8);
    case 5:
      return compete();
    case 6:
      return linger();
    default:
      return doze(static_cast<int>(chance % 5));
    }
  }

  task<void> drive(region r, unsigned seed, mpsc_sender<int> to) {
    std::mt19937 random{seed};
    std::vector<join_handle<void>> kept;
    for (int i = 0; i < each_; ++i) {
      kept.push_back(r.spawn("worker", worker(static_cast<unsigned>(random()), to)));
      if (kept.size() < 20) continue;
      std::swap(kept.back(), kept[random() % kept.size()]);
      const join_handle<void> one = std::move(kept.back());
      kept.pop_back();
      const unsigned chance = random() % 4;
      if (chance <= 1) { // one of which nobody can know how far it is
        one.cancel("by chance");
        ++cancels;
      }
      if (chance == 1 || chance == 2) static_cast<void>(co_await one.join());
    }
  }

  unsigned seed_;
  int drivers_;
  int each_;
  semaphore permits_{"permits", 3};
  mutex<std::size_t> book_{"book", 0};
};

std::size_t all_of(const auto& counts) {
  std::size_t all = 0;
  for (const auto& [what, count] : counts)
    all += count;
  return all;
}

#if defined(__SANITIZE_THREAD__)
constexpr int tasks_of_a_driver = 400; // each costs so much more
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
constexpr int tasks_of_a_driver = 400;
#else
constexpr int tasks_of_a_driver = 8000;
#endif
#else
constexpr int tasks_of_a_driver = 8000;
#endif
constexpr int drivers = 10;

TEST(a_crowd_on_four_threads, leaves_nothing_and_every_count_is_the_same_from_all_sides) {
  event_counts told;
  crowd people{7, drivers, tasks_of_a_driver};
  {
    virtual_clock clock;
    thread_pool runtime{clock, 4, {.name = "chaos", .sink = &told}};
    EXPECT_TRUE(runtime.run("root", [&](region r) { return people.body(r); }).is_ok());
    EXPECT_EQ(runtime.core().counts(), kernel_counts{}) << "nothing lives, leaked, or was refused";
  }
  EXPECT_EQ(people.begun, people.gone);
  EXPECT_EQ(people.received, people.sent);
  EXPECT_EQ(told.requested, people.cancels);
  EXPECT_EQ(told.opened, told.closed);
  EXPECT_EQ(told.opened, told.released[entity_kind::region]);
  EXPECT_EQ(told.spawned, told.released[entity_kind::task]);
  EXPECT_EQ(told.spawned, told.joined) << "each was joined once, by somebody or by its region";
  EXPECT_EQ(told.spawned, all_of(told.ended)) << "no orphan";
  EXPECT_EQ(told.reserved, told.released[entity_kind::obligation]);
  EXPECT_EQ(told.reserved, all_of(told.fates));
  EXPECT_EQ(told.fates[trace::obligation_fate::leaked], 0U);
  EXPECT_EQ(told.violations, told.exhausted) << "and nothing else was violated";
  EXPECT_EQ(told.stale, 0U);
  EXPECT_EQ(told.falls, 0U) << "time never falls";
  // And it was no walk in the park.
  EXPECT_GT(told.spawned, static_cast<std::size_t>(drivers * tasks_of_a_driver * 5 / 4));
  EXPECT_GT(people.sent, static_cast<std::size_t>(tasks_of_a_driver));
  EXPECT_GT(told.exhausted, static_cast<std::size_t>(tasks_of_a_driver / 10));
  EXPECT_EQ(told.ended.size(), 4U) << "all outcomes occur";
  EXPECT_THAT(told.threads, testing::Contains(testing::Gt(1U)))
      << "several threads had a part in it";
}

TEST(a_crowd_on_four_threads, obeys_the_law_of_traces_whatever_the_seed) {
  for (const unsigned seed : {1U, 2U, 3U, 4U, 5U}) {
    trace::kept_trace told;
    {
      virtual_clock clock;
      thread_pool runtime{clock, 4, {.name = "chaos", .sink = &told}};
      crowd people{seed, 4, 100};
      EXPECT_TRUE(runtime.run("root", [&](region r) { return people.body(r); }).is_ok());
    }
    EXPECT_THAT(tests::breaks_of_law(told.events()), testing::IsEmpty()) << "seed " << seed;
  }
}

} // namespace
} // namespace cancelscope
