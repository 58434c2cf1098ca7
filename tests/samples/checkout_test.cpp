// The whole path: the order service runs on virtual time, its trace is loaded, and the inspector's answers are
// what a reader of samples/checkout/checkout.cpp would say.

#include "inspector/answers/answers.hpp"
#include "inspector/attribution/explain.hpp"
#include "inspector/cut/cut.hpp"
#include "inspector/findings/finding.hpp"
#include "inspector/store/loader.hpp"
#include "inspector/summary/sentence.hpp"
#include "samples/checkout/checkout.hpp"
#include "trace-format/jsonl_writer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace {

using namespace cancelscope;
using namespace cancelscope::inspector;
using testing::AllOf;
using testing::HasSubstr;

constexpr auto orders_file = CANCELSCOPE_SOURCE_DIR "/samples/checkout/orders.jsonl";

struct day {
  std::string trace;
  checkout::tally tally;
};

day run_day(std::uint64_t seed) {
  day result;
  auto orders = checkout::read_orders(orders_file);
  if (!orders) throw std::runtime_error(orders.error().message);
  checkout::shop shop{*std::move(orders), seed};
  trace::jsonl_sink sink{std::make_unique<trace::string_output>(result.trace)};
  virtual_clock clock;
  {
    current_thread runtime{clock, {.name = "checkout", .sink = &sink}};
    static_cast<void>(runtime.run("checkout", {.policy = on_failure::keep_going},
                                  [&](region service) { return shop.open(service); }));
  }
  sink.flush();
  result.tally = shop.counted();
  return result;
}

class CheckoutDay : public testing::Test {
protected:
  static void SetUpTestSuite() {
    auto loaded = load_bytes("checkout.jsonl", today().trace);
    ASSERT_TRUE(loaded) << loaded.error().message;
    store_ = std::make_unique<trace_store>(*std::move(loaded));
  }
  static void TearDownTestSuite() { store_.reset(); }

  static const day& today() {
    static const day run = run_day(42);
    return run;
  }
  static const trace_store& store() { return *store_; }

  /// The first task of that name whose cancellation began, or was caused, by a request of that kind.
  static explanation first_cancelled(std::string_view name, trace::cancel_kind root) {
    for (const entity who : store().find_named(name)) {
      if (!who.as<task_index>()) continue;
      const explanation why = explain(store(), who);
      const cancel_index cause = why.chain.root_cause();
      if (cause && store()[cause].kind == root) return why;
    }
    ADD_FAILURE() << "no task named " << name << " was cancelled that way";
    return {};
  }

private:
  static inline std::unique_ptr<trace_store> store_;
};

TEST_F(CheckoutDay, IsTensOfThousandsOfEventsWithoutOneAnomaly) {
  EXPECT_GT(store().event_count(), 20'000U);
  EXPECT_TRUE(store().anomalies().empty());
  EXPECT_TRUE(store().ended_in_order());
}

TEST_F(CheckoutDay, IsTheSameTraceForTheSameSeedAndAnotherForAnother) {
  EXPECT_EQ(run_day(42).trace, today().trace);
  EXPECT_NE(run_day(43).trace, today().trace);
}

TEST_F(CheckoutDay, EndsEveryOrderOneWayOrTheOther) {
  const checkout::tally& t = today().tally;
  EXPECT_EQ(t.shipped + t.refused + t.cancelled + t.panicked,
            checkout::read_orders(orders_file)->size());
  EXPECT_GT(t.shipped, 200U);
  EXPECT_GT(t.refused, 0U);
  EXPECT_GT(t.cancelled, 0U);
  EXPECT_GT(t.panicked, 0U);
}

TEST_F(CheckoutDay, KnowsTheWholeChainOfEveryCancellation) {
  std::set<trace::cancel_kind> kinds;
  for (std::size_t i = 0; i < store().tasks().size(); ++i) {
    const explanation why = explain(store(), task_index{static_cast<std::uint32_t>(i)});
    if (!why.cancelled()) continue;
    EXPECT_TRUE(why.chain.complete());
    kinds.insert(store()[why.chain.root_cause()].kind);
  }
  using enum trace::cancel_kind;
  EXPECT_THAT(kinds, testing::IsSupersetOf({user, timeout, fail_fast, race_lost}));
}

TEST_F(CheckoutDay, SaysThatAPaymentRanIntoItsTimeout) {
  const explanation why = first_cancelled("payment attempt 1", trace::cancel_kind::timeout);
  EXPECT_THAT(plain(sentence(store(), why)),
              AllOf(HasSubstr("timeout of 80 ms"), HasSubstr("payment attempt 1")));
}

TEST_F(CheckoutDay, SaysWhichContenderWonAgainstTheLoser) {
  const explanation why = first_cancelled("price service", trace::cancel_kind::race_lost);
  EXPECT_THAT(plain(sentence(store(), why)),
              AllOf(HasSubstr("price service"), HasSubstr("price cache")));
}

TEST_F(CheckoutDay, SaysWhichEmptyShelfEndedTheOtherReservations) {
  const explanation why = first_cancelled("stock", trace::cancel_kind::fail_fast);
  ASSERT_TRUE(why.cancelled());
  EXPECT_THAT(plain(sentence(store(), why)),
              AllOf(HasSubstr("failed and region stock fails fast"), HasSubstr("wanted")));
  EXPECT_TRUE(store()[why.chain.root_cause()].origin_task);
}

TEST_F(CheckoutDay, SaysThatTheCustomerClosedThePage) {
  const auto left = std::ranges::find_if(store().cancels(), [](const cancel_row& c) {
    return store().text(c.message) == "the customer closed the page";
  });
  ASSERT_NE(left, store().cancels().end());
  EXPECT_EQ(left->kind, trace::cancel_kind::user);
}

TEST_F(CheckoutDay, FindsTheLeasesThatTheReviewDeskForgot) {
  const auto findings = find_all(store());
  const auto leaks = std::ranges::count(findings, finding_code::leaked_obligation, &finding::code);
  EXPECT_GT(leaks, 0);
  const auto leak = std::ranges::find(findings, finding_code::leaked_obligation, &finding::code);
  EXPECT_THAT(leak->message, HasSubstr("×"));
}

// Steps of a cancelled order are collected by its region: nobody is left to join them.
TEST_F(CheckoutDay, FindsTheCleanUpThatTookTooLongAndNothingThatIsNotWrong) {
  std::set<std::string_view> found;
  for (const finding& f : find_all(store()))
    found.insert(to_string(f.code));
  EXPECT_THAT(found, testing::UnorderedElementsAre("violation", "leaked-obligation", "over-budget",
                                                   "unjoined-task"));
}

class kept_lines final : public trace::sink {
public:
  void write(const trace::event& e) override { trace::jsonl_writer{}.append(e, lines); }
  std::string lines;
};

TEST_F(CheckoutDay, CanBeCutDownToAnyOfItsCancellationsAndExplainsItAsBefore) {
  std::size_t cuts = 0;
  std::size_t longest = 0;
  for (std::uint32_t i = 0; i < store().tasks().size(); ++i) {
    const explanation why = explain(store(), task_index{i});
    if (!why.cancelled()) continue;
    kept_lines kept;
    longest = std::max(longest, write_cut(store(), task_index{i}, {}, kept));
    const auto cut = load_bytes("cut.jsonl", kept.lines);
    ASSERT_TRUE(cut) << cut.error().message;
    EXPECT_TRUE(cut->anomalies().empty()) << cut->anomalies()[0].what.message;
    const entity same = cut->find(store().id_of(task_index{i}));
    ASSERT_EQ(explain_json(*cut, explain(*cut, same)), explain_json(store(), why));
    ++cuts;
  }
  EXPECT_GT(cuts, 100U);
  EXPECT_LT(longest, 200U) << "of tens of thousands of events";
}

TEST(OrdersFile, NamesTheLineThatIsNoOrder) {
  const auto orders = checkout::read_orders(CANCELSCOPE_SOURCE_DIR "/tests/data/broken-line.jsonl");
  ASSERT_FALSE(orders);
  EXPECT_THAT(orders.error().message, HasSubstr("broken-line.jsonl:1: not an order"));
}

TEST(OrdersFile, IsRefusedWithASentenceWhenItIsNotThere) {
  const auto orders = checkout::read_orders("no-such-file.jsonl");
  ASSERT_FALSE(orders);
  EXPECT_THAT(orders.error().message, HasSubstr("no-such-file.jsonl"));
}

} // namespace
