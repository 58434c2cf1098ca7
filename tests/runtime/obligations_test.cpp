// Obligations: committed, aborted, or found leaked; never lost in silence.
#include "tests/runtime/support/kernel_bench.hpp"

namespace cancelscope {
namespace {

using obligations = tests::kernel_test;
using trace::obligation_fate;
using trace::obligation_kind;

TEST_F(obligations, an_obligation_is_resolved_once) {
  const auto root = open("root");
  const auto lease = *k.reserve(root, {.kind = obligation_kind::lease, .label = "lamp"});
  EXPECT_TRUE(k.commit(lease));
  EXPECT_FALSE(k.abort(lease)) << "the second time its handle is stale";
  const auto ends = trace.all<trace::obligation_end>();
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_EQ(ends[0].how, obligation_fate::committed);
  ASSERT_TRUE(k.close(root));
}

TEST_F(obligations, an_obligation_still_open_at_quiescence_is_a_leak_and_is_told) {
  const auto root = open("root");
  const auto kept = *k.reserve(root, {.kind = obligation_kind::lease});
  ASSERT_TRUE(k.close(root));
  EXPECT_EQ(trace.all<trace::obligation_end>().at(0).how, obligation_fate::leaked);
  EXPECT_EQ(k.counts().leaked, 1U);
  EXPECT_FALSE(k.is_live(kept));
}

TEST_F(obligations, a_finalizer_may_still_resolve_what_is_open) {
  const auto root = open("root");
  const auto lease = *k.reserve(root, {});
  ASSERT_TRUE(k.on_close(root, "give back", [&] { EXPECT_TRUE(k.abort(lease)); }));
  ASSERT_TRUE(k.close(root));
  EXPECT_EQ(k.counts().leaked, 0U);
}

TEST_F(obligations, what_a_cancelled_task_gives_up_names_the_cancellation) {
  const auto root = open("root");
  const auto task = spawn("work", root);
  const auto given_up = *k.reserve(root, {.task = task});
  const auto kept = *k.reserve(root, {.task = task});
  ASSERT_TRUE(k.cancel(task, {}));
  ASSERT_TRUE(k.abort(given_up));
  ASSERT_TRUE(k.commit(kept));
  const auto ends = trace.all<trace::obligation_end>();
  EXPECT_EQ(ends.at(0).cancel, k.cancellation_of(task).id());
  EXPECT_EQ(ends.at(1).cancel, std::nullopt);
  k.end_task(task, {});
  ASSERT_TRUE(k.close(root));
}

} // namespace
} // namespace cancelscope
