// The chapter of docs/runtime.md about sockets does what the page says.
#include "samples/tutorial/sockets.hpp"

#include <gtest/gtest.h>

namespace {

using namespace cancelscope;

TEST(the_tutorial_of_sockets, talks_to_an_echo) {
  real_clock clock;
  io_thread runtime{clock};
  const outcome<std::string> answer = tutorial::small_talk(runtime);
  ASSERT_TRUE(answer) << answer.message();
  EXPECT_EQ(*answer, "hello");
  EXPECT_EQ(runtime.core().counts(), kernel_counts{});
}

} // namespace
