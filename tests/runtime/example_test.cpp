// The example at the head of runtime/cancelscope.hpp, as it stands there.
#include "runtime/cancelscope.hpp"

#include <gtest/gtest.h>

namespace {

using namespace cancelscope;
using namespace std::chrono_literals;

task<int> fetch(int id) {
  co_await sleep(2ms);
  if (id < 0) co_return error{"no such item"};
  co_return id * 10;
}

task<int> total(region r) {
  auto first = r.spawn("first", fetch(1));
  auto second = co_await timeout("second", 50ms, fetch(2));
  if (!second) co_return std::move(second).failed();
  co_return *second + co_await value_of(first.join());
}

TEST(the_example_of_the_main_header, gives_the_total) {
  virtual_clock clock;
  current_thread runtime{clock, {.name = "example"}};
  outcome<int> sum = runtime.run("totals", {.deadline = 1s}, total);
  EXPECT_EQ(*sum, 30);
}

struct card {
  bool authorized = false;
};

task<int> charge(card& c) {
  c.authorized = true;
  co_await sleep(1h);
  co_return 1;
}

task<void> void_authorization(card& c) {
  co_await sleep(2ms);
  c.authorized = false;
}

task<int> pay(card& c) {
  outcome<int> paid = co_await outcome_of(charge(c));
  if (!paid) co_await void_authorization(c);
  co_return paid;
}

TEST(the_example_of_the_main_header, cleans_up_with_awaits) {
  virtual_clock clock;
  card c;
  current_thread runtime{clock};
  const auto ended = runtime.run("payment", {.deadline = 10ms, .cleanup = 5ms},
                                 [&](region) -> task<int> { return pay(c); });
  EXPECT_TRUE(ended.is_cancelled());
  EXPECT_FALSE(c.authorized);
}

} // namespace
