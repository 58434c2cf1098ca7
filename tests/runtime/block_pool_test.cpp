// Where frames and jobs come from.
#include "runtime/kernel/block_pool.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace cancelscope::detail {
namespace {

class the_block_pool : public testing::Test {
protected:
  void SetUp() override {
    if (!reuses_frames) GTEST_SKIP() << "under AddressSanitizer nothing is reused";
  }
};

TEST_F(the_block_pool, gives_the_block_that_was_given_back_last) {
  void* const first = block_pool::take(200);
  void* const second = block_pool::take(200);
  block_pool::give_back(first, 200);
  block_pool::give_back(second, 200);
  EXPECT_EQ(block_pool::take(193), second) << "of the same size class";
  EXPECT_EQ(block_pool::take(256), first);
  block_pool::give_back(first, 256);
  block_pool::give_back(second, 193);
}

TEST_F(the_block_pool, keeps_sizes_apart_and_takes_large_ones_from_elsewhere) {
  void* const small = block_pool::take(64);
  block_pool::give_back(small, 64);
  void* const larger = block_pool::take(65);
  EXPECT_NE(larger, small);
  block_pool::give_back(larger, 65);
  void* const huge = block_pool::take(100'000);
  static_cast<char*>(huge)[99'999] = 1;
  block_pool::give_back(huge, 100'000);
}

#ifndef __EMSCRIPTEN__ // which has one thread
TEST_F(the_block_pool, takes_back_what_another_thread_took_and_frees_what_a_thread_kept) {
  std::vector<void*> taken;
  std::thread{[&taken] {
    for (int i = 0; i < 100; ++i)
      taken.push_back(block_pool::take(300));
    void* const own = block_pool::take(300);
    block_pool::give_back(own, 300); // kept by a thread that ends: LeakSanitizer would tell
  }}.join();
  // Another thread, because this one may keep as many as it can already, from the tests before.
  std::thread{[&taken] {
    for (void* each : taken)
      block_pool::give_back(each, 300);
    void* const again = block_pool::take(300);
    EXPECT_EQ(again, taken.back());
    block_pool::give_back(again, 300);
  }}.join();
}
#endif

} // namespace
} // namespace cancelscope::detail
