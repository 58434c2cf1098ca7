#include "trace-format/recorder.hpp"
#include "trace-format/recording/byte_ring.hpp"

#include <gmock/gmock.h>

#include <cstring>
#include <thread>
#include <vector>

namespace cancelscope::trace::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// A record of that size whose first byte after the size is `value`.
bool put(byte_ring& ring, std::uint32_t size, std::uint8_t value) {
  std::byte* at = ring.reserve(size);
  if (at == nullptr) return false;
  std::memcpy(at, &size, sizeof size);
  at[sizeof size] = std::byte{value};
  ring.publish(size);
  return true;
}

std::vector<int> take_all(byte_ring& ring) {
  std::vector<int> values;
  ring.drain(
      [&](const std::byte* at, std::size_t) { values.push_back(std::to_integer<int>(at[4])); });
  return values;
}

TEST(ByteRing, GivesRecordsBackInTheirOrder) {
  byte_ring ring{64};
  EXPECT_TRUE(put(ring, 8, 1));
  EXPECT_TRUE(put(ring, 24, 2));
  EXPECT_THAT(take_all(ring), ElementsAre(1, 2));
  EXPECT_THAT(take_all(ring), IsEmpty());
}

TEST(ByteRing, RefusesWhatDoesNotFitAndTakesItAfterADrain) {
  byte_ring ring{64};
  EXPECT_TRUE(put(ring, 32, 1));
  EXPECT_TRUE(put(ring, 32, 2));
  EXPECT_FALSE(put(ring, 8, 3));
  EXPECT_THAT(take_all(ring), ElementsAre(1, 2));
  EXPECT_TRUE(put(ring, 8, 3));
}

TEST(ByteRing, NeverSplitsARecordAtItsEnd) {
  byte_ring ring{64};
  EXPECT_TRUE(put(ring, 40, 1));
  EXPECT_THAT(take_all(ring), ElementsAre(1));
  EXPECT_TRUE(put(ring, 32, 2)); // 24 bytes are left before the end: they are skipped
  EXPECT_TRUE(put(ring, 8, 3));
  EXPECT_THAT(take_all(ring), ElementsAre(2, 3));
}

TEST(ByteRing, NeverTakesWhatIsLargerThanItself) {
  byte_ring ring{64};
  EXPECT_FALSE(put(ring, 72, 1));
}

TEST(ByteRing, KnowsWhenItIsHalfFull) {
  byte_ring ring{64};
  put(ring, 32, 1);
  EXPECT_FALSE(ring.half_full());
  put(ring, 8, 2);
  EXPECT_TRUE(ring.half_full());
  take_all(ring);
  EXPECT_FALSE(ring.half_full());
}

TEST(ByteRing, CarriesRecordsFromOneThreadToAnother) {
  if (!threads_available) GTEST_SKIP() << "no threads here";
  constexpr int records = 20000;
  byte_ring ring{1024};
  std::thread producer{[&] {
    for (int i = 0; i < records; ++i)
      while (!put(ring, static_cast<std::uint32_t>(8 + i % 9 * 8), static_cast<std::uint8_t>(i)))
        std::this_thread::yield();
  }};
  int seen = 0;
  bool in_order = true;
  while (seen < records) {
    for (const int value : take_all(ring))
      in_order &= value == (seen++ & 0xFF);
    std::this_thread::yield();
  }
  producer.join();
  EXPECT_TRUE(in_order);
}

} // namespace
} // namespace cancelscope::trace::testing
