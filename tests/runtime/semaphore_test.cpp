#include "tests/runtime/support/program.hpp"

namespace cancelscope {
namespace {

using namespace tests;
using testing::ElementsAre;

using a_semaphore = program_test;

task<void> hold(semaphore& from, nanoseconds pause, int& inside, int& most) {
  const permit held = co_await from.acquire();
  most = std::max(most, ++inside);
  co_await sleep(pause);
  --inside;
}

TEST_F(a_semaphore, lets_so_many_in_at_once_and_no_more) {
  semaphore db{"db", 3};
  int inside = 0;
  int most = 0;
  EXPECT_TRUE(run([&](region r) -> task<void> {
                for (int i = 0; i < 20; ++i)
                  static_cast<void>(r.spawn("user", hold(db, 1ms, inside, most)));
                co_return;
              }).is_ok());
  EXPECT_EQ(most, 3);
  EXPECT_EQ(db.available(), 3U);
  EXPECT_EQ(clock.now(), in_ns(7ms));
}

TEST_F(a_semaphore, serves_those_who_wait_in_turn) {
  semaphore db{"db", 1};
  std::string order;
  const auto user = [&](char name) -> task<void> {
    const permit held = co_await db.acquire();
    order += name;
    co_await sleep(1ms);
  };
  EXPECT_TRUE(run([&](region r) -> task<void> {
                for (const char name : {'a', 'b', 'c'})
                  static_cast<void>(r.spawn("user", user(name)));
                co_return;
              }).is_ok());
  EXPECT_EQ(order, "abc");
}

TEST_F(a_semaphore, wakes_a_cancelled_waiter_and_gives_it_nothing) {
  semaphore db{"db", 1};
  int inside = 0;
  int most = 0;
  EXPECT_TRUE(run([&](region r) -> task<void> {
                const permit held = co_await db.acquire();
                const auto waiter = r.spawn("waiter", hold(db, 1ms, inside, most));
                co_await sleep(1ms);
                EXPECT_EQ(db.waiting(), 1U);
                waiter.cancel("enough");
                EXPECT_TRUE((co_await waiter.join()).is_cancelled());
                EXPECT_EQ(db.waiting(), 0U);
              }).is_ok());
  EXPECT_EQ(most, 0);
  EXPECT_EQ(db.available(), 1U);
}

TEST_F(a_semaphore, passes_on_a_permit_that_was_handed_to_a_waiter_cancelled_before_it_ran) {
  semaphore db{"db", 1};
  int inside = 0;
  int most = 0;
  EXPECT_TRUE(run([&](region r) -> task<void> {
                permit held = co_await db.acquire();
                const auto first = r.spawn("first", hold(db, 1ms, inside, most));
                const auto second = r.spawn("second", hold(db, 1ms, inside, most));
                co_await sleep(1ms);
                held.release();
                first.cancel("too late to want it");
                EXPECT_TRUE((co_await first.join()).is_cancelled());
                EXPECT_TRUE((co_await second.join()).is_ok());
              }).is_ok());
  EXPECT_EQ(most, 1);
  EXPECT_EQ(db.available(), 1U);
}

TEST_F(a_semaphore, counts_a_permit_given_back_by_a_cancelled_holder_as_aborted) {
  semaphore db{"db", 1};
  int inside = 0;
  int most = 0;
  EXPECT_TRUE(run([&](region r) -> task<void> {
                {
                  const permit held = co_await db.acquire();
                }
                const auto holder = r.spawn("holder", hold(db, 1h, inside, most));
                co_await sleep(1ms);
                holder.cancel("enough");
                co_await holder.join();
              }).is_ok());
  std::vector<trace::obligation_fate> fates;
  for (const auto& end : trace.all<trace::obligation_end>())
    fates.push_back(end.how);
  EXPECT_THAT(fates,
              ElementsAre(trace::obligation_fate::committed, trace::obligation_fate::aborted));
  EXPECT_EQ(db.available(), 1U);
}

} // namespace
} // namespace cancelscope
