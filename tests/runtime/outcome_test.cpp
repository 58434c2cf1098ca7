// Outcomes: `ok < err < cancelled < panicked`, and what they carry.
#include "runtime/kernel/outcome.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace cancelscope {
namespace {

cancellation some_cancellation(std::uint64_t number) {
  auto record = std::make_shared<cancellation::record>();
  record->id = {number};
  return cancellation{record};
}

outcome<int> arbitrary_outcome(std::mt19937& random) {
  const int payload = static_cast<int>(random() % 1000);
  switch (random() % 4) {
  case 0:
    return payload;
  case 1:
    return error{std::to_string(payload)};
  case 2:
    return some_cancellation(static_cast<std::uint64_t>(payload));
  default:
    return panic{std::to_string(payload)};
  }
}

/// Kind and payload together, as something that can be compared.
std::string told(const outcome<int>& o) {
  switch (o.kind()) {
  case outcome_kind::ok:
    return "ok " + std::to_string(*o);
  case outcome_kind::err:
    return "err " + o.err().message;
  case outcome_kind::cancelled:
    return "cancelled " + to_string(o.why().id());
  case outcome_kind::panicked:
    return "panicked " + o.panicked().message;
  }
  return {};
}

TEST(an_outcome, carries_its_payload_whole) {
  EXPECT_EQ(*outcome<int>{7}, 7);
  EXPECT_EQ(outcome<int>{error{"no stock"}}.err().message, "no stock");
  EXPECT_EQ(outcome<int>{panic{"a bug"}}.panicked().message, "a bug");
  EXPECT_EQ(outcome<int>{some_cancellation(3)}.why().id().number, 3U);
}

TEST(a_failure, is_asked_for_as_what_it_was_and_is_nothing_else) {
  const failure declined = error{"declined"};
  ASSERT_NE(declined.get_if<error>(), nullptr);
  EXPECT_EQ(declined.get_if<error>()->message, "declined");
  EXPECT_EQ(declined.get_if<panic>(), nullptr);
  EXPECT_EQ(declined.get_if<cancellation>(), nullptr);

  const failure called_off = some_cancellation(7);
  ASSERT_NE(called_off.get_if<cancellation>(), nullptr);
  EXPECT_EQ(to_string(called_off.get_if<cancellation>()->id()), "c7");
  EXPECT_EQ(called_off.get_if<error>(), nullptr);

  const failure copied = declined;
  EXPECT_EQ(copied.message(), declined.message());
}

TEST(an_outcome, keeps_its_failure_when_the_value_is_dropped) {
  EXPECT_TRUE(outcome<int>{7}.without_value().is_ok());
  EXPECT_EQ(outcome<int>{error{"no stock"}}.without_value().err().message, "no stock");
}

TEST(an_outcome, aborts_when_asked_for_a_payload_it_does_not_have) {
  EXPECT_DEATH_IF_SUPPORTED(static_cast<void>(*outcome<int>{error{"no"}}), "");
  EXPECT_DEATH_IF_SUPPORTED(static_cast<void>(outcome<int>{1}.failed()), "");
  EXPECT_DEATH_IF_SUPPORTED(static_cast<void>(outcome<int>{error{"no"}}.why()), "");
}

TEST(combining_outcomes, takes_the_worst) {
  const std::vector<outcome<int>> rising{1, error{"e"}, some_cancellation(1), panic{"p"}};
  for (std::size_t i = 0; i < rising.size(); ++i)
    for (std::size_t j = 0; j < rising.size(); ++j)
      EXPECT_EQ(combine(rising[i], rising[j]).kind(), rising[std::max(i, j)].kind());
}

TEST(combining_outcomes, keeps_the_earlier_payload_on_a_tie) {
  EXPECT_EQ(combine(outcome<int>{error{"first"}}, outcome<int>{error{"second"}}).err().message,
            "first");
  EXPECT_EQ(*combine(outcome<int>{1}, outcome<int>{2}), 1);
}

TEST(combining_outcomes, is_associative_and_idempotent) {
  std::mt19937 random{11};
  for (int i = 0; i < 1000; ++i) {
    const auto a = arbitrary_outcome(random);
    const auto b = arbitrary_outcome(random);
    const auto c = arbitrary_outcome(random);
    EXPECT_EQ(told(combine(combine(a, b), c)), told(combine(a, combine(b, c))));
    EXPECT_EQ(told(combine(a, a)), told(a));
    EXPECT_EQ(combine(a, b).kind(), combine(b, a).kind());
  }
}

} // namespace
} // namespace cancelscope
