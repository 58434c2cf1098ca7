// The programs of docs/runtime.md say what the page says they do.
#include "runtime/executor/current_thread.hpp"
#include "samples/tutorial/threads.hpp"
#include "samples/tutorial/tutorial.hpp"

#include <gtest/gtest.h>

namespace {

using namespace cancelscope;

std::string told_by(auto program) {
  virtual_clock clock;
  current_thread runtime{clock};
  std::string log;
  static_cast<void>(program(runtime, log));
  EXPECT_EQ(runtime.core().counts(), kernel_counts{});
  return log;
}

TEST(the_tutorial, adds_up_what_two_tasks_fetched) {
  EXPECT_EQ(told_by(tutorial::first_program), "the total is 30\n");
}

TEST(the_tutorial, goes_on_after_a_failure_that_it_asked_for_and_ends_by_one_that_it_did_not) {
  EXPECT_EQ(told_by(tutorial::failures), "there is no item -1\n"
                                         "item 7 costs 70\n"
                                         "the shop: there is no item -2\n");
}

TEST(the_tutorial, says_who_cancelled_and_why) {
  EXPECT_EQ(told_by(tutorial::cancelling), "user: the shop closes\n"
                                           "parent \n"
                                           "timeout the deadline of 'answer' passed\n");
}

TEST(the_tutorial, cleans_up_within_its_budget) {
  EXPECT_EQ(told_by(tutorial::cleaning_up), "the desk is tidy\nthe money was given back\n");
}

TEST(the_tutorial, stops_when_the_money_is_spent) {
  EXPECT_EQ(told_by(tutorial::budgets), "33 pages; 'translation' has used up its cost\n");
}

TEST(the_tutorial, chooses) {
  EXPECT_EQ(told_by(tutorial::choices), "the quickest asks 35\n"
                                        "the first who has it asks 40\n"
                                        "after 3 attempts: 50\n");
}

TEST(the_tutorial, passes_orders_on) {
  EXPECT_EQ(told_by(tutorial::channels), "order 1\norder 2\norder 3\n");
}

#ifndef __EMSCRIPTEN__ // which has one thread
TEST(the_tutorial, counts_on_another_thread_for_as_long_as_there_is_patience) {
  real_clock clock;
  current_thread runtime{clock};
  std::string log;
  static_cast<void>(tutorial::offloading(runtime, log));
  EXPECT_EQ(log, "168 primes below 1000\nthe deadline of 'patience' passed\n");
}
#endif

} // namespace
