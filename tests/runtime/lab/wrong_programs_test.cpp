// Programs that are wrong on purpose: exploration finds each within a stated number of schedules, and nothing in the
// right ones, of which it runs every schedule that makes a difference.
#include "runtime/lab/shrink.hpp"
#include "samples/faulty/faulty.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace cancelscope {
namespace {

using samples::faulty_program;
using testing::IsEmpty;

/// Schedules within which each is found.
constexpr std::size_t enough = 50;

class wrong_programs : public testing::TestWithParam<faulty_program> {
protected:
  [[nodiscard]] lab_program wrong() const {
    return lab_program_of(std::string{GetParam().name}, {}, GetParam().wrong);
  }
  [[nodiscard]] lab_program right() const {
    return lab_program_of(std::string{GetParam().name}, {}, GetParam().right);
  }
};

TEST_P(wrong_programs, seem_to_work_in_the_order_of_the_current_thread) {
  EXPECT_THAT(run_in_lab(wrong(), lab_choices{}).broken, IsEmpty());
}

TEST_P(wrong_programs, are_found_within_fifty_schedules) {
  const exploration found = explore(wrong(), {.schedules = enough});
  ASSERT_TRUE(found.failure) << found.run << " schedules";
  EXPECT_EQ(found.failure->broken.at(0).oracle, GetParam().breaks);
}

TEST_P(wrong_programs, are_shrunk_to_a_schedule_that_needs_each_of_its_choices) {
  const exploration found = explore(wrong(), {.schedules = enough});
  ASSERT_TRUE(found.failure);
  const auto small = shrink(wrong(), *found.failure).schedule;
  ASSERT_FALSE(small.choices.empty());
  EXPECT_LE(small.choices.size(), 2U);
  EXPECT_EQ(small.broken.at(0).oracle, GetParam().breaks);
  for (std::size_t left_out = 0; left_out < small.choices.size(); ++left_out) {
    lab_choices rest = small.choices;
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(left_out));
    for (const broken_promise& each : run_in_lab(wrong(), rest).broken)
      EXPECT_NE(each.oracle, GetParam().breaks);
  }
}

TEST_P(wrong_programs, are_well_under_every_schedule_once_they_are_right) {
  const exploration found = explore(right(), {.schedules = 10'000});
  EXPECT_FALSE(found.failure);
  EXPECT_TRUE(found.complete);
}

INSTANTIATE_TEST_SUITE_P(all, wrong_programs,
                         testing::ValuesIn(samples::faulty_programs().begin(),
                                           samples::faulty_programs().end()),
                         [](const auto& of) {
                           std::string name{of.param.name};
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

} // namespace
} // namespace cancelscope
