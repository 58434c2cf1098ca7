#include "trace-format/ids.hpp"
#include "trace-format/names.hpp"

#include <gtest/gtest.h>

#include <unordered_set>

namespace cancelscope::trace::testing {
namespace {

// A task cannot stand where a region is meant; an id of any kind takes both.
static_assert(!std::is_convertible_v<task_id, region_id>);
static_assert(std::is_convertible_v<task_id, entity_id>);

TEST(Ids, AreWrittenAsKindSlotAndGeneration) {
  EXPECT_EQ(to_string(region_id{3, 1}), "r3.1");
  EXPECT_EQ(to_string(task_id{7, 2}), "t7.2");
  EXPECT_EQ(to_string(obligation_id{2, 5}), "o2.5");
  EXPECT_EQ(to_string(cancel_id{12}), "c12");
}

TEST(Ids, AreReadBackAsTheyWereWritten) {
  for (const std::string written : {"r0.1", "t7.2", "o18446744073709551615.18446744073709551615"}) {
    ASSERT_TRUE(parse_entity_id(written)) << written;
    EXPECT_EQ(to_string(*parse_entity_id(written)), written);
  }
  EXPECT_EQ(parse_cancel_id("c18446744073709551615"), cancel_id{18446744073709551615U});
}

TEST(Ids, AreNothingElse) {
  for (const char* text :
       {"",       "r",     "r3",    "r3.",   "r.1",   ".1",    "3.1",
        "x3.1",   "R3.1",  "r3.0",  "r03.1", "r3.01", "r3.1 ", " r3.1",
        "r3.1.1", "r-3.1", "r+3.1", "r3,1",  "rr3.1", "c1",    "r18446744073709551616.1",
        "r0x3.1"})
    EXPECT_FALSE(parse_entity_id(text)) << text;
  for (const char* text :
       {"", "c", "c0", "c01", "1", "c1.1", "c-1", "C1", "c18446744073709551616", "c1 ", "r1.1"})
    EXPECT_FALSE(parse_cancel_id(text)) << text;
}

TEST(Ids, OfDifferentKindsInOneSlotAreDifferent) {
  std::unordered_set<entity_id> ids{region_id{1, 1}, task_id{1, 1}, obligation_id{1, 1},
                                    task_id{1, 2}};
  EXPECT_EQ(ids.size(), 4U);
}

TEST(Names, AreThoseOfTheFormat) {
  EXPECT_EQ(to_string(cancel_kind::fail_fast), "fail_fast");
  EXPECT_EQ(to_string(region_state::finalizing), "finalizing");
  EXPECT_EQ(to_string(clock_kind::virtual_time), "virtual");
  EXPECT_EQ(to_string(anomaly_code::time_went_back), "time-went-back");
  EXPECT_EQ(to_string(anomaly_code::cut_off), "cut-off");
  EXPECT_EQ(parse<outcome_kind>("panicked"), outcome_kind::panicked);
  EXPECT_EQ(parse<outcome_kind>("Panicked"), std::nullopt);
}

TEST(Names, AKindCalledOtherIsTheProducersOwn) {
  EXPECT_EQ(parse<cancel_kind>("other"), std::nullopt);
}

TEST(Names, KindsAreRankedWeakestFirstAndUnknownOnesAsUser) {
  EXPECT_LT(strength(cancel_kind::user), strength(cancel_kind::timeout));
  EXPECT_LT(strength(cancel_kind::parent), strength(cancel_kind::shutdown));
  EXPECT_EQ(strength(cancel_kind::other), strength(cancel_kind::user));
}

} // namespace
} // namespace cancelscope::trace::testing
