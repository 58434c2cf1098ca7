#include "runtime/executor/timer_queue.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <random>
#include <vector>

namespace cancelscope {
namespace {

struct noted_timer final : timer {
  std::vector<int>* fired = nullptr;
  int number = 0;
  void fire() noexcept override { fired->push_back(number); }
};

TEST(timers, fire_in_the_order_of_their_times_and_of_equal_times_in_the_order_they_were_started) {
  std::vector<int> fired;
  std::deque<noted_timer> timers(4);
  timer_queue queue;
  const std::vector<time_ns> times{30, 10, 30, 20};
  for (std::size_t i = 0; i < times.size(); ++i) {
    timers[i].fired = &fired;
    timers[i].number = static_cast<int>(i);
    queue.start(timers[i], times[i]);
  }
  EXPECT_EQ(queue.next(), 10U);
  queue.fire_due(20);
  EXPECT_EQ(fired, (std::vector{1, 3}));
  queue.fire_due(30);
  EXPECT_EQ(fired, (std::vector{1, 3, 0, 2}));
  EXPECT_EQ(queue.next(), std::nullopt);
}

TEST(timers, that_are_stopped_never_fire_over_random_histories) {
  std::mt19937 random{5};
  std::vector<int> fired;
  std::deque<noted_timer> timers(200);
  std::map<int, time_ns> running;
  timer_queue queue;
  for (int i = 0; i < 200; ++i) {
    timers[static_cast<std::size_t>(i)].fired = &fired;
    timers[static_cast<std::size_t>(i)].number = i;
  }
  for (int step = 0; step < 5000; ++step) {
    const int which = static_cast<int>(random() % 200);
    if (random() % 2 == 0) {
      running[which] = random() % 1000;
      queue.start(timers[static_cast<std::size_t>(which)], running[which]);
    } else {
      running.erase(which);
      queue.stop(timers[static_cast<std::size_t>(which)]);
    }
  }
  queue.fire_due(1000);
  EXPECT_EQ(fired.size(), running.size());
  for (std::size_t i = 1; i < fired.size(); ++i)
    EXPECT_LE(running.at(fired[i - 1]), running.at(fired[i]));
}

TEST(timers, fire_in_order_and_are_found_due_in_order_where_most_of_the_others_were_stopped) {
  constexpr int many = 3000;
  std::vector<int> fired;
  std::deque<noted_timer> timers(many);
  timer_queue queue;
  for (int i = 0; i < many; ++i) {
    timers[static_cast<std::size_t>(i)].fired = &fired;
    timers[static_cast<std::size_t>(i)].number = i;
    queue.start(timers[static_cast<std::size_t>(i)], static_cast<time_ns>(i % 7));
  }
  std::vector<int> left; // by time, and of one time as they were started
  for (int time = 0; time < 7; ++time)
    for (int i = time; i < many; i += 7)
      if (i % 50 == 0) left.push_back(i);
  for (int i = 0; i < many; ++i)
    if (i % 50 != 0) queue.stop(timers[static_cast<std::size_t>(i)]);

  EXPECT_EQ(queue.next(), 0U);
  std::vector<timer*> due;
  queue.find_due(6, due);
  ASSERT_EQ(due.size(), left.size());
  for (std::size_t i = 0; i < due.size(); ++i)
    EXPECT_EQ(static_cast<noted_timer*>(due[i])->number, left[i]);
  queue.fire_due(6);
  EXPECT_EQ(fired, left);
  EXPECT_EQ(queue.next(), std::nullopt);
}

} // namespace
} // namespace cancelscope
