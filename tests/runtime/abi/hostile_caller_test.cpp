// No caller can break the kernel: every function refuses, precisely, handles of another kind and of a past life, and any
// sequence of calls with any numbers leaves a kernel that still closes to nothing.
#include "tests/runtime/abi/consumer.hpp"

#include <functional>
#include <random>
#include <utility>

namespace cancelscope {
namespace hostile_caller_test {

using testing::AnyOf;
using testing::HasSubstr;
using tests::consumer;

enum class wants : std::uint8_t { region, task, obligation, region_or_task };

struct taker {
  std::string name;
  wants kind;
  std::function<cs_status(consumer&, std::uint64_t)> call;
};

/// Every place of the interface that takes a handle.
std::vector<taker> takers() {
  static std::uint64_t wide = 0;
  static std::uint32_t number = 0;
  return {
      {"open_region.parent", wants::region,
       [](consumer& c, std::uint64_t h) {
         const cs_region_spec spec{.parent = h};
         return c.b.open_region(&spec, "r", &wide);
       }},
      {"open_region.by", wants::task,
       [](consumer& c, std::uint64_t h) {
         const cs_region_spec spec{.by = h};
         return c.b.open_region(&spec, "r", &wide);
       }},
      {"close_region", wants::region,
       [](consumer& c, std::uint64_t h) { return c.b.close_region(h); }},
      {"on_close", wants::region,
       [](consumer& c, std::uint64_t h) { return c.b.on_close(h, "f", 1); }},
      {"region_state", wants::region,
       [](consumer& c, std::uint64_t h) { return c.b.region_state(h, &number); }},
      {"spawn.region", wants::region,
       [](consumer& c, std::uint64_t h) {
         const cs_task_spec spec{.region = h};
         return c.b.spawn(&spec, "t", &wide);
       }},
      {"spawn.by", wants::task,
       [](consumer& c, std::uint64_t h) {
         const cs_task_spec spec{.region = c.open("for a spawn"), .by = h};
         return c.b.spawn(&spec, "t", &wide);
       }},
      {"task_state", wants::task,
       [](consumer& c, std::uint64_t h) { return c.b.task_state(h, &number); }},
      {"checkpoint", wants::task, [](consumer& c, std::uint64_t h) { return c.b.checkpoint(h); }},
      {"task_ran", wants::task, [](consumer& c, std::uint64_t h) { return c.b.task_ran(h, 1); }},
      {"task_waits", wants::task,
       [](consumer& c, std::uint64_t h) { return c.b.task_waits(h, CS_WAIT_IO, 0, {}); }},
      {"task_waits_for_region.task", wants::task,
       [](consumer& c, std::uint64_t h) { return c.b.task_waits_for_region(h, 0); }},
      {"task_waits_for_region.region", wants::region,
       [](consumer& c, std::uint64_t h) {
         return c.b.task_waits_for_region(c.spawn(c.open("r"), "waits"), h);
       }},
      {"spend", wants::task, [](consumer& c, std::uint64_t h) { return c.b.spend(h, 1); }},
      {"shield", wants::task, [](consumer& c, std::uint64_t h) { return c.b.shield(h); }},
      {"unshield", wants::task, [](consumer& c, std::uint64_t h) { return c.b.unshield(h); }},
      {"on_exit", wants::task, [](consumer& c, std::uint64_t h) { return c.b.on_exit(h, "e"); }},
      {"finalize", wants::task, [](consumer& c, std::uint64_t h) { return c.b.finalize(h); }},
      {"exit_ran", wants::task,
       [](consumer& c, std::uint64_t h) { return c.b.exit_ran(h, CS_RETURNED, {}); }},
      {"end_task", wants::task,
       [](consumer& c, std::uint64_t h) { return c.b.end_task(h, CS_RETURNED, {}); }},
      {"join.task", wants::task, [](consumer& c, std::uint64_t h) { return c.b.join(h, 0); }},
      {"join.by", wants::task,
       [](consumer& c, std::uint64_t h) { return c.b.join(c.spawn(c.open("r"), "joined"), h); }},
      {"stop_joining", wants::task,
       [](consumer& c, std::uint64_t h) { return c.b.stop_joining(h); }},
      {"cancel.target", wants::region_or_task,
       [](consumer& c, std::uint64_t h) { return c.cancel(h); }},
      {"cancel.by", wants::task,
       [](consumer& c, std::uint64_t h) { return c.cancel(c.open("r"), "why", h); }},
      {"why", wants::region_or_task, [](consumer& c, std::uint64_t h) { return c.b.why(h); }},
      {"reserve.region", wants::region,
       [](consumer& c, std::uint64_t h) {
         const cs_obligation_spec spec{.region = h};
         return c.b.reserve(&spec, "o", &wide);
       }},
      {"reserve.task", wants::task,
       [](consumer& c, std::uint64_t h) {
         const cs_obligation_spec spec{.region = c.open("r"), .task = h};
         return c.b.reserve(&spec, "o", &wide);
       }},
      {"commit", wants::obligation, [](consumer& c, std::uint64_t h) { return c.b.commit(h, 0); }},
      {"commit.by", wants::task,
       [](consumer& c, std::uint64_t h) { return c.b.commit(c.reserve(c.open("r"), "o"), h); }},
      {"abort", wants::obligation, [](consumer& c, std::uint64_t h) { return c.b.abort(h, 0); }},
      {"abort.by", wants::task,
       [](consumer& c, std::uint64_t h) { return c.b.abort(c.reserve(c.open("r"), "o"), h); }},
      {"mark.region", wants::region,
       [](consumer& c, std::uint64_t h) { return c.b.mark(h, 0, "m"); }},
      {"mark.task", wants::task, [](consumer& c, std::uint64_t h) { return c.b.mark(0, h, "m"); }},
  };
}

bool takes(wants kind, entity_kind given) {
  switch (given) {
  case entity_kind::region:
    return kind == wants::region || kind == wants::region_or_task;
  case entity_kind::task:
    return kind == wants::task || kind == wants::region_or_task;
  case entity_kind::obligation:
    return kind == wants::obligation;
  }
  return false;
}

constexpr auto kinds = {entity_kind::region, entity_kind::task, entity_kind::obligation};

TEST(a_hostile_caller, is_refused_a_live_handle_of_another_kind_by_every_function) {
  for (const auto& t : takers())
    for (const entity_kind given : kinds) {
      if (takes(t.kind, given)) continue;
      consumer c;
      const auto region = c.open("live");
      const std::uint64_t handle = given == entity_kind::region ? region
                                   : given == entity_kind::task ? c.spawn(region, "live")
                                                                : c.reserve(region, "live");
      const auto before = c.counts();
      EXPECT_EQ(t.call(c, handle), CS_OTHER_KIND) << t.name << ' ' << static_cast<char>(given);
      EXPECT_THAT(c.b.message(), HasSubstr(" wants a ")) << t.name;
      EXPECT_EQ(c.counts().refused, before.refused + 1) << t.name;
      EXPECT_EQ(c.b.why(region), CS_NOTHING) << t.name;
    }
}

TEST(a_hostile_caller,
     is_refused_a_handle_of_a_past_life_by_every_function_and_its_heir_is_untouched) {
  for (const auto& t : takers())
    for (const entity_kind given : kinds) {
      if (!takes(t.kind, given)) continue;
      consumer c;
      const auto home = c.open("home");
      std::uint64_t old = 0;
      std::uint64_t heir = 0;
      if (given == entity_kind::region) {
        old = c.open("old", home);
        c.b.close_region(old);
        heir = c.open("heir", home);
      } else if (given == entity_kind::task) {
        old = c.spawn(home, "old");
        c.end(old);
        c.b.join(old, 0);
        heir = c.spawn(home, "heir");
      } else {
        old = c.reserve(home, "old");
        c.b.commit(old, 0);
        heir = c.reserve(home, "heir");
      }
      ASSERT_EQ(any_handle::from_bits(old).slot(), any_handle::from_bits(heir).slot());
      EXPECT_EQ(t.call(c, old), CS_STALE) << t.name;
      EXPECT_THAT(c.b.message(), HasSubstr("was given the stale handle")) << t.name;
      EXPECT_THAT(c.b.message(), HasSubstr("lives there now")) << t.name;
      if (given == entity_kind::task) {
        EXPECT_EQ(c.state_of(heir), static_cast<std::uint32_t>(CS_TASK_RUNNING)) << t.name;
      }
      if (given != entity_kind::obligation) {
        EXPECT_EQ(c.b.why(heir), CS_NOTHING) << t.name;
      }
    }
}

TEST(a_hostile_caller, is_refused_numbers_that_are_no_handle) {
  for (const auto& t : takers()) {
    consumer c;
    EXPECT_EQ(t.call(c, 0xffff'ffff'ffff'ffffU), CS_INVALID) << t.name;
    EXPECT_EQ(t.call(c, 1), CS_INVALID) << t.name;
  }
}

TEST(a_hostile_caller, is_refused_numbers_that_stand_for_no_enumerator) {
  consumer c;
  const auto region = c.open("r");
  const auto task = c.spawn(region, "t");
  std::uint64_t wide = 0;
  const cs_region_spec urgent{.priority = 256};
  EXPECT_EQ(c.b.open_region(&urgent, "r", &wide), CS_INVALID);
  const cs_region_spec policy{.on_failure = 2};
  EXPECT_EQ(c.b.open_region(&policy, "r", &wide), CS_INVALID);
  const cs_task_spec finalizer{.region = region, .role = 2}; // the kernel's own
  EXPECT_EQ(c.b.spawn(&finalizer, "t", &wide), CS_INVALID);
  const cs_obligation_spec kind{.region = region, .kind = 6};
  EXPECT_EQ(c.b.reserve(&kind, "o", &wide), CS_INVALID);
  EXPECT_EQ(c.b.task_waits(task, 6, 0, {}), CS_INVALID);
  EXPECT_EQ(c.b.end_task(task, 4, {}), CS_INVALID);
  EXPECT_EQ(c.b.open_region(nullptr, "r", &wide), CS_INVALID);
  EXPECT_EQ(c.b.spawn(nullptr, "t", &wide), CS_INVALID);
  EXPECT_EQ(c.b.cancel(nullptr, "why", &wide), CS_INVALID);
  EXPECT_EQ(c.b.reserve(nullptr, "o", &wide), CS_INVALID);
  EXPECT_EQ(c.b.attach(nullptr, {}), CS_ALREADY_ATTACHED);
}

TEST(a_hostile_caller, that_calls_anything_with_anything_leaves_a_kernel_that_closes_to_nothing) {
  constexpr int rounds = 40;
  constexpr int calls = 3'000;
  std::mt19937_64 chance{20'261'123};
  for (int round = 0; round < rounds; ++round) {
    consumer c{1 << 16};
    std::vector<std::uint64_t> known{0, 1, ~std::uint64_t{0}};
    const auto pick = [&] { return known[chance() % known.size()]; };
    const auto small = [&] { return static_cast<std::uint32_t>(chance() % 8); };
    for (int i = 0; i < calls; ++i) {
      std::uint64_t made = 0;
      switch (chance() % 23) {
      case 0: {
        const cs_region_spec spec{.parent = pick(),
                                  .by = pick(),
                                  .deadline = chance() % 4 == 0 ? chance() % 4'000 : 0,
                                  .cleanup = chance() % 3 == 0 ? chance() % 200 : 0,
                                  .on_failure = small() % 2};
        static_cast<void>(c.b.open_region(&spec, "r", &made));
        break;
      }
      case 1:
      case 2: {
        const cs_task_spec spec{.region = pick(), .by = pick(), .role = small() % 3};
        static_cast<void>(c.b.spawn(&spec, "t", &made));
        break;
      }
      case 3: {
        const cs_obligation_spec spec{.region = pick(), .task = pick(), .kind = small()};
        static_cast<void>(c.b.reserve(&spec, "o", &made));
        break;
      }
      case 4: {
        const cs_cancel_spec spec{.target = pick(), .by = pick(), .kind = small()};
        std::uint64_t id = 0;
        if (chance() % 4 == 0) static_cast<void>(c.b.cancel(&spec, "why", &id));
        break;
      }
      case 5:
        if (chance() % 8 == 0) static_cast<void>(c.b.close_region(pick()));
        break;
      case 6:
        static_cast<void>(c.b.on_close(pick(), "f", small()));
        break;
      case 7:
        static_cast<void>(c.b.checkpoint(pick()));
        break;
      case 8:
        static_cast<void>(c.b.task_ran(pick(), chance() % 5));
        break;
      case 9:
        static_cast<void>(c.b.task_waits(pick(), small(), pick(), "w"));
        break;
      case 10:
        static_cast<void>(c.b.task_waits_for_region(pick(), 0));
        break;
      case 11:
        static_cast<void>(c.b.spend(pick(), chance()));
        break;
      case 12:
        static_cast<void>(c.b.shield(pick()));
        break;
      case 13:
        static_cast<void>(c.b.unshield(pick()));
        break;
      case 14:
        static_cast<void>(c.b.on_exit(pick(), "e"));
        break;
      case 15:
        static_cast<void>(c.b.finalize(pick()));
        break;
      case 16:
        static_cast<void>(c.b.exit_ran(pick(), small(), "how"));
        break;
      case 17:
      case 18:
        static_cast<void>(c.b.end_task(pick(), small(), "how"));
        break;
      case 19:
        static_cast<void>(c.b.join(pick(), pick()));
        break;
      case 20:
        static_cast<void>(chance() % 2 == 0 ? c.b.commit(pick(), pick())
                                            : c.b.abort(pick(), pick()));
        break;
      case 21:
        static_cast<void>(c.b.stop_joining(pick()));
        break;
      default: {
        cs_notice next{};
        while (c.b.take_notice(&next) == CS_OK)
          if (next.kind == CS_NOTICE_FINALIZE) known.push_back(next.handle);
        c.reach(static_cast<std::uint64_t>(i));
        break;
      }
      }
      if (made != 0) known.push_back(made);
    }
    // Whatever is left is ended the way a well-behaved consumer would, and then nothing is left.
    for (int again = 0; again < 50 && c.counts().regions > 0; ++again) {
      for (const auto handle : known)
        if (any_handle::from_bits(handle).kind() == entity_kind::region)
          static_cast<void>(c.b.close_region(handle));
      for (const auto& n : c.notices())
        known.push_back(n.handle);
      for (const auto handle : known) {
        std::uint32_t state = 0;
        if (any_handle::from_bits(handle).kind() != entity_kind::task) continue;
        if (c.b.task_state(handle, &state) != CS_OK || state == CS_TASK_COMPLETED) continue;
        static_cast<void>(c.b.exit_ran(handle, CS_RETURNED, {}));
        static_cast<void>(c.end(handle));
      }
    }
    EXPECT_EQ(c.counts().regions, 0U) << "round " << round;
    EXPECT_EQ(c.counts().tasks, 0U) << "round " << round;
    EXPECT_EQ(c.counts().obligations, 0U) << "round " << round;
  }
}

} // namespace hostile_caller_test
} // namespace cancelscope
