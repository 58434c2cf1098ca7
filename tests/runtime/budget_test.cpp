// Budgets: combining is an algebra.
#include "runtime/kernel/budget.hpp"

#include <gtest/gtest.h>

#include <random>

namespace cancelscope {
namespace {

class arbitrary_budgets {
public:
  budget next() {
    return {.deadline = limit(),
            .polls = limit(),
            .cost = limit(),
            .priority = static_cast<std::uint8_t>(random_() % 256)};
  }

private:
  std::optional<std::uint64_t> limit() {
    if (random_() % 3 == 0) return std::nullopt;
    return random_() % 5; // few values, so that ties are common
  }
  std::mt19937 random_{7};
};

TEST(combining_budgets, takes_the_earlier_deadline_the_lower_quotas_and_the_higher_priority) {
  const budget a{.deadline = 10, .polls = 5, .priority = 1};
  const budget b{.deadline = 20, .polls = 3, .cost = 7, .priority = 9};
  EXPECT_EQ(combine(a, b), (budget{.deadline = 10, .polls = 3, .cost = 7, .priority = 9}));
}

TEST(combining_budgets, with_the_unlimited_one_changes_nothing) {
  arbitrary_budgets any;
  for (int i = 0; i < 1000; ++i) {
    const budget a = any.next();
    EXPECT_EQ(combine(a, unlimited), a);
    EXPECT_EQ(combine(unlimited, a), a);
  }
}

TEST(combining_budgets, is_associative_commutative_and_idempotent) {
  arbitrary_budgets any;
  for (int i = 0; i < 1000; ++i) {
    const budget a = any.next();
    const budget b = any.next();
    const budget c = any.next();
    EXPECT_EQ(combine(combine(a, b), c), combine(a, combine(b, c)));
    EXPECT_EQ(combine(a, b), combine(b, a));
    EXPECT_EQ(combine(a, a), a);
  }
}

} // namespace
} // namespace cancelscope
