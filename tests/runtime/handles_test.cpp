// Handles: slot, generation and kind; last-in-first-out slots; stale ones refused.
#include "runtime/kernel/slot_table.hpp"
#include "tests/runtime/support/kernel_bench.hpp"

#include <map>
#include <random>

namespace cancelscope {
namespace {

using testing::HasSubstr;
using the_kernel = tests::kernel_test;

static_assert(!std::is_convertible_v<task_handle, region_handle>);
static_assert(!std::is_constructible_v<region_handle, task_handle>);
static_assert(!std::is_constructible_v<task_handle, any_handle>,
              "a kind is checked by the kernel, never assumed");
static_assert(std::is_trivially_copyable_v<task_handle> && sizeof(task_handle) == 8);

struct tenant_record {
  int step = 0;
};
using table = slot_table<tenant_record, entity_kind::task>;

TEST(a_handle, is_one_value_of_slot_generation_and_kind) {
  const task_handle h{7, 2};
  EXPECT_EQ(to_string(h.id()), "t7.2");
  const auto back = any_handle::from_bits(any_handle{h}.bits());
  EXPECT_EQ(back.kind(), entity_kind::task);
  EXPECT_EQ(back.slot(), 7U);
  EXPECT_EQ(back.generation(), 2U);
}

TEST(a_handle, of_nothing_is_null_and_equals_no_live_one) {
  table t;
  EXPECT_FALSE(task_handle{});
  EXPECT_NE(t.acquire().first, task_handle{});
  EXPECT_EQ(t.find(task_handle{}), nullptr);
}

TEST(slots, are_reused_last_in_first_out) {
  table t;
  std::vector<task_handle> held;
  for (int i = 0; i < 5; ++i)
    held.push_back(t.acquire().first);
  for (const int i : {1, 4, 0})
    t.release(held[static_cast<std::size_t>(i)]);
  EXPECT_EQ(t.acquire().first.slot(), 0U);
  EXPECT_EQ(t.acquire().first.slot(), 4U);
  EXPECT_EQ(t.acquire().first.slot(), 1U);
  EXPECT_EQ(t.acquire().first.slot(), 5U);
}

TEST(slots, begin_with_generation_1_and_raise_it_at_every_reuse) {
  table t;
  for (std::uint32_t generation = 1; generation <= 4; ++generation) {
    const auto h = t.acquire().first;
    EXPECT_EQ(h.slot(), 0U);
    EXPECT_EQ(h.generation(), generation);
    t.release(h);
  }
}

TEST(slots, whose_generations_are_used_up_are_retired_and_never_wrapped) {
  table t{3};
  for (int i = 0; i < 3; ++i)
    t.release(t.acquire().first);
  EXPECT_EQ(t.retired(), 1U);
  const auto next = t.acquire().first;
  EXPECT_EQ(next.slot(), 1U);
  EXPECT_EQ(next.generation(), 1U);
  EXPECT_EQ(t.find(task_handle{0, 3}), nullptr);
}

TEST(slots, agree_with_a_simple_model_over_random_histories) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    std::mt19937 random{seed};
    table t{50};
    std::map<task_handle, int> living;
    std::vector<task_handle> gone;
    for (int step = 0; step < 5000; ++step) {
      if (living.empty() || random() % 2 == 0) {
        const auto [h, record] = t.acquire();
        EXPECT_EQ(record->step, 0) << "the tenant before left something behind";
        record->step = step + 1;
        EXPECT_TRUE(living.emplace(h, step + 1).second)
            << "a handle that lives was given out again";
      } else {
        const auto chosen =
            std::next(living.begin(), static_cast<std::ptrdiff_t>(random() % living.size()));
        t.release(chosen->first);
        gone.push_back(chosen->first);
        living.erase(chosen);
      }
    }
    for (const auto& [h, value] : living)
      EXPECT_EQ(t.find(h)->step, value);
    for (const auto h : gone)
      EXPECT_EQ(t.find(h), nullptr);
    EXPECT_EQ(t.live(), living.size());
  }
}

TEST_F(the_kernel, a_stale_handle_is_refused_with_what_was_presented_and_what_lives_there_now) {
  const auto old = open("first");
  ASSERT_TRUE(k.close(old));
  const auto tenant = open("second");
  ASSERT_EQ(tenant.slot(), old.slot());

  const auto refused = k.cancel(old, {.message = "too late"});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message,
            "cancel was given the stale handle r0.1; r0.2 lives there now, 'second'");
  const auto stale = trace.all<trace::stale_use>();
  ASSERT_EQ(stale.size(), 1U);
  EXPECT_EQ(to_string(stale[0].id), "r0.1");
  EXPECT_EQ(stale[0].live, 2U);
  EXPECT_EQ(stale[0].op, "cancel");
  EXPECT_EQ(k.state_of(tenant), trace::region_state::open) << "it changed nothing";
  EXPECT_TRUE(trace.all<trace::cancel_request>().empty());
  ASSERT_TRUE(k.close(tenant));
}

TEST_F(the_kernel, a_stale_handle_to_a_free_slot_is_refused_too) {
  const auto old = open("gone");
  ASSERT_TRUE(k.close(old));
  EXPECT_EQ(k.spawn(old, {}).error().message,
            "spawn was given the stale handle r0.1; its slot is free");
  EXPECT_EQ(k.counts().refused, 1U);
}

TEST_F(the_kernel, a_handle_of_another_kind_is_refused_like_a_stale_one) {
  const auto root = open("root");
  const auto task = spawn("work", root);
  const auto refused = k.checked<region_handle>(task, "close");
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("close wants a region and was given t0.1"));
  EXPECT_EQ(trace.all<trace::stale_use>().size(), 1U);
  EXPECT_EQ(*k.checked<task_handle>(task, "join"), task);
  k.end_task(task, {});
  ASSERT_TRUE(k.close(root));
}

TEST_F(the_kernel, the_same_sequence_of_opens_and_closes_gives_the_same_slots) {
  const auto history = [](kernel& of) {
    std::vector<region_handle> open;
    std::string slots;
    std::mt19937 random{3};
    for (int step = 0; step < 200; ++step) {
      if (open.empty() || random() % 3 != 0) {
        open.push_back(*of.open_region({}));
        slots += to_string(open.back().id()) + ' ';
      } else {
        const auto chosen = static_cast<std::ptrdiff_t>(random() % open.size());
        EXPECT_TRUE(of.close(open[static_cast<std::size_t>(chosen)]));
        open.erase(open.begin() + chosen);
      }
    }
    for (const auto h : open)
      EXPECT_TRUE(of.close(h));
    return slots;
  };
  kernel other{clock, nullptr};
  EXPECT_EQ(history(k), history(other));
}

} // namespace
} // namespace cancelscope
