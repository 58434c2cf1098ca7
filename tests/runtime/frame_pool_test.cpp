// Where frames and jobs come from.
#include "runtime/executor/frame_pool.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace cancelscope::detail {
namespace {

class the_frame_pool : public testing::Test {
protected:
  void SetUp() override {
    if (!reuses_frames) GTEST_SKIP() << "under AddressSanitizer nothing is reused";
  }
};

TEST_F(the_frame_pool, gives_the_block_that_was_given_back_last) {
  void* const first = frame_pool::take(200);
  void* const second = frame_pool::take(200);
  frame_pool::give_back(first, 200);
  frame_pool::give_back(second, 200);
  EXPECT_EQ(frame_pool::take(193), second) << "of the same size class";
  EXPECT_EQ(frame_pool::take(256), first);
  frame_pool::give_back(first, 256);
  frame_pool::give_back(second, 193);
}

TEST_F(the_frame_pool, keeps_sizes_apart_and_takes_large_ones_from_elsewhere) {
  void* const small = frame_pool::take(64);
  frame_pool::give_back(small, 64);
  void* const larger = frame_pool::take(65);
  EXPECT_NE(larger, small);
  frame_pool::give_back(larger, 65);
  void* const huge = frame_pool::take(100'000);
  static_cast<char*>(huge)[99'999] = 1;
  frame_pool::give_back(huge, 100'000);
}

#ifndef __EMSCRIPTEN__ // which has one thread
TEST_F(the_frame_pool, takes_back_what_another_thread_took_and_frees_what_a_thread_kept) {
  std::vector<void*> taken;
  std::thread{[&taken] {
    for (int i = 0; i < 100; ++i)
      taken.push_back(frame_pool::take(300));
    void* const own = frame_pool::take(300);
    frame_pool::give_back(own, 300); // kept by a thread that ends: LeakSanitizer would tell
  }}.join();
  // Another thread, because this one may keep as many as it can already, from the tests before.
  std::thread{[&taken] {
    for (void* each : taken)
      frame_pool::give_back(each, 300);
    void* const again = frame_pool::take(300);
    EXPECT_EQ(again, taken.back());
    frame_pool::give_back(again, 300);
  }}.join();
}
#endif

} // namespace
} // namespace cancelscope::detail
