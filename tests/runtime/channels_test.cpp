// Channels and the mutex: nothing is lost and nothing comes twice, wherever somebody is cancelled.
#include "tests/runtime/support/program.hpp"

#include <map>
#include <set>

namespace cancelscope {
namespace {

using namespace tests;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

task<void> yields(int times) {
  for (int i = 0; i < times; ++i)
    co_await yield();
}

// ---- mpsc ----

using an_mpsc_channel = program_test;

task<void> send_numbers(mpsc_sender<int> to, int first, int count) {
  for (int i = first; i < first + count; ++i)
    co_await value_of(to.send(i));
}

TEST_F(an_mpsc_channel, hands_over_every_value_in_order_and_ends_when_the_senders_are_gone) {
  std::vector<int> received;
  EXPECT_TRUE(run([&](region r) -> task<void> {
                auto [numbers, inbox] = mpsc<int>("numbers", 4);
                static_cast<void>(r.spawn("sender", send_numbers(std::move(numbers), 0, 10)));
                while (const auto next = co_await inbox.receive())
                  received.push_back(*next);
              }).is_ok());
  EXPECT_THAT(received, ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
}

TEST_F(an_mpsc_channel, lets_a_sender_wait_when_all_places_are_taken) {
  std::string log;
  const auto eager = [&log](mpsc_sender<int> to) -> task<void> {
    for (int i = 0; i < 3; ++i) {
      co_await value_of(to.send(i));
      log += "sent ";
    }
  };
  EXPECT_TRUE(run([&](region r) -> task<void> {
                auto [numbers, inbox] = mpsc<int>("numbers", 2);
                static_cast<void>(r.spawn("eager", eager(std::move(numbers))));
                co_await sleep(1ms);
                log += "received ";
                EXPECT_EQ(*co_await inbox.receive(), 0);
                co_await sleep(1ms);
              }).is_ok());
  EXPECT_EQ(log, "sent sent received sent ");
  const auto waits = trace.all<trace::task_wait>(
      [](const auto& w) { return w.on == trace::wait_reason::channel; });
  EXPECT_EQ(waits.at(0).label, "numbers");
}

TEST_F(an_mpsc_channel, tells_a_sender_that_nobody_receives_any_more) {
  EXPECT_TRUE(run({.policy = on_failure::keep_going}, [](region r) -> task<void> {
                auto [numbers, inbox] = mpsc<int>("numbers", 1);
                const auto waiting = r.spawn("waiting", send_numbers(numbers, 0, 2));
                co_await sleep(1ms);
                {
                  const auto gone = std::move(inbox);
                }
                EXPECT_TRUE((co_await numbers.send(7)).is_err());
                const auto ended = co_await waiting.join();
                EXPECT_EQ(ended.err().message, "'numbers': nobody receives any more");
              }).is_ok());
}

TEST_F(an_mpsc_channel, keeps_a_reserved_place_as_an_obligation_until_it_is_sent_to) {
  EXPECT_TRUE(run([](region) -> task<void> {
                auto [numbers, inbox] = mpsc<int>("numbers", 1);
                reserved_place<int> place = *co_await numbers.reserve();
                EXPECT_EQ(inbox.waiting(), 0U);
                std::move(place).send(7);
                EXPECT_EQ(*co_await inbox.receive(), 7);
              }).is_ok());
  EXPECT_EQ(trace.all<trace::obligation_open>().at(0).label, "numbers");
  EXPECT_EQ(trace.all<trace::obligation_end>().at(0).how, trace::obligation_fate::committed);
}

TEST_F(an_mpsc_channel, gives_a_place_that_its_holder_gave_up_to_the_next_in_turn) {
  std::string log;
  const auto holder = [](mpsc_sender<int> to) -> task<void> {
    const reserved_place<int> place = *co_await to.reserve();
    co_await sleep(1h);
  };
  const auto next = [&log](mpsc_sender<int> to) -> task<void> {
    co_await value_of(to.send(8));
    log += "sent";
  };
  EXPECT_TRUE(run([&](region r) -> task<void> {
                auto [numbers, inbox] = mpsc<int>("numbers", 1);
                const auto first = r.spawn("holder", holder(numbers));
                static_cast<void>(r.spawn("next", next(numbers)));
                co_await sleep(1ms);
                EXPECT_EQ(log, "");
                first.cancel("enough");
                EXPECT_EQ(*co_await inbox.receive(), 8);
                co_await first.join();
              }).is_ok());
  EXPECT_EQ(trace.all<trace::obligation_end>().at(0).how, trace::obligation_fate::aborted);
}

TEST_F(an_mpsc_channel, is_not_at_its_end_while_somebody_still_holds_a_place) {
  EXPECT_TRUE(run([](region r) -> task<void> {
                auto [numbers, inbox] = mpsc<int>("numbers", 1);
                const auto late = [](mpsc_sender<int> to) -> task<void> {
                  reserved_place<int> place = *co_await to.reserve();
                  {
                    const auto gone = std::move(to);
                  }
                  co_await sleep(1ms);
                  std::move(place).send(7);
                };
                static_cast<void>(r.spawn("late", late(std::move(numbers))));
                EXPECT_EQ(*co_await inbox.receive(), 7);
                EXPECT_FALSE(co_await inbox.receive());
              }).is_ok());
}

TEST_F(an_mpsc_channel, keeps_the_value_for_a_receiver_that_was_cancelled_as_it_arrived) {
  std::vector<int> in_clean_up;
  const auto reader = [&](mpsc_receiver<int> inbox) -> task<void> {
    const auto how = co_await outcome_of(inbox.receive());
    EXPECT_TRUE(how.is_cancelled());
    while (const auto next = co_await inbox.receive())
      in_clean_up.push_back(*next);
  };
  EXPECT_TRUE(run([&](region r) -> task<void> {
                auto [numbers, inbox] = mpsc<int>("numbers", 2);
                const auto h = r.spawn("reader", reader(std::move(inbox)));
                co_await sleep(1ms);
                co_await value_of(numbers.send(7)); // it is ready now, and has not run
                h.cancel("enough");
                {
                  const auto gone = std::move(numbers);
                }
                co_await h.join();
              }).is_ok());
  EXPECT_THAT(in_clean_up, ElementsAre(7));
}

// ---- Cancelled at every point ----

/// Several send and one receives, and one of them is cancelled after so many rounds: what was sent, as
/// the senders know it, is what was received.
struct traffic {
  std::multiset<int> sent;
  std::multiset<int> received;
};

task<void> send_and_note(mpsc_sender<int> to, int first, traffic& seen) {
  for (int i = first; i < first + 4; ++i) {
    if (i % 2 == 0) {
      const auto how = co_await to.send(i);
      if (!how) co_return;
    } else {
      auto place = co_await to.reserve();
      if (!place) co_return;
      co_await yield();
      (*std::move(place)).send(i);
    }
    seen.sent.insert(i);
    co_await yield();
  }
}

task<void> receive_and_note(mpsc_receiver<int> from, traffic& seen) {
  const auto drain = [&seen](mpsc_receiver<int>& inbox) -> task<void> {
    while (const auto next = co_await inbox.receive()) {
      seen.received.insert(*next);
      co_await yield();
    }
  };
  const auto how = co_await outcome_of(drain(from));
  if (how.is_cancelled()) co_await drain(from); // the clean-up takes what is still coming
}

TEST(an_mpsc_channel_in_any_schedule, loses_nothing_and_doubles_nothing_wherever_one_is_cancelled) {
  std::set<std::size_t> amounts;
  for (std::size_t places : {1U, 2U, 3U}) {
    for (int victim = 0; victim < 4; ++victim) {
      for (int rounds = 1; rounds < 24; ++rounds) { // what never began receives nothing
        SCOPED_TRACE(testing::Message() << places << " places, task " << victim
                                        << " cancelled after " << rounds << " rounds");
        virtual_clock clock;
        kept_trace trace;
        traffic seen;
        {
          current_thread runtime{clock, {.sink = &trace}};
          static_cast<void>(runtime.run("root", [&](region r) -> task<void> {
            auto [numbers, inbox] = mpsc<int>("numbers", places);
            std::vector<join_handle<void>> tasks;
            for (int sender = 0; sender < 3; ++sender)
              tasks.push_back(r.spawn("sender", send_and_note(numbers, sender * 10, seen)));
            tasks.push_back(r.spawn("receiver", receive_and_note(std::move(inbox), seen)));
            {
              const auto gone = std::move(numbers);
            }
            co_await yields(rounds);
            tasks[static_cast<std::size_t>(victim)].cancel("chosen");
            for (const auto& each : tasks)
              static_cast<void>(co_await each.join());
          }));
          EXPECT_EQ(runtime.core().counts(), kernel_counts{});
        }
        EXPECT_EQ(seen.received, seen.sent);
        amounts.insert(seen.sent.size());
        EXPECT_THAT(breaks_of_law(trace.events()), IsEmpty());
      }
    }
  }
  EXPECT_GT(amounts.size(), 2U) << "the cancellations came too late to matter";
  EXPECT_TRUE(amounts.contains(12));
}

// ---- oneshot ----

using a_oneshot = program_test;

TEST_F(a_oneshot, hands_one_value_from_one_to_one) {
  EXPECT_TRUE(run([](region r) -> task<void> {
                auto [reply, answer] = oneshot<int>("reply");
                const auto responder = [](oneshot_sender<int> to) -> task<void> {
                  co_await sleep(1ms);
                  EXPECT_FALSE(std::move(to).send(7));
                };
                static_cast<void>(r.spawn("responder", responder(std::move(reply))));
                EXPECT_EQ(*co_await answer.receive(), 7);
              }).is_ok());
}

TEST_F(a_oneshot, tells_the_receiver_that_the_sender_went_without_sending) {
  EXPECT_TRUE(run([](region r) -> task<void> {
                auto [reply, answer] = oneshot<int>("reply");
                const auto shirker = [](oneshot_sender<int>) -> task<void> { co_await sleep(1h); };
                const auto h = r.spawn("shirker", shirker(std::move(reply)));
                co_await sleep(1ms);
                h.cancel("enough");
                EXPECT_EQ((co_await answer.receive()).err().message,
                          "'reply': the sender went without sending");
                co_await h.join();
              }).is_ok());
}

TEST_F(a_oneshot, gives_the_value_back_when_the_receiver_is_gone) {
  auto [reply, answer] = oneshot<std::string>("reply");
  EXPECT_FALSE(reply.is_abandoned());
  {
    const auto gone = std::move(answer);
  }
  EXPECT_TRUE(reply.is_abandoned());
  EXPECT_EQ(std::move(reply).send("precious"), "precious");
}

TEST_F(a_oneshot, keeps_the_value_for_a_receiver_that_was_cancelled_as_it_arrived) {
  int saved = 0;
  const auto reader = [&saved](oneshot_receiver<int> answer) -> task<void> {
    EXPECT_TRUE((co_await outcome_of(answer.receive())).is_cancelled());
    saved = *co_await answer.receive();
  };
  EXPECT_TRUE(run([&](region r) -> task<void> {
                auto [reply, answer] = oneshot<int>("reply");
                const auto h = r.spawn("reader", reader(std::move(answer)));
                co_await sleep(1ms);
                EXPECT_FALSE(std::move(reply).send(7));
                h.cancel("enough");
                co_await h.join();
              }).is_ok());
  EXPECT_EQ(saved, 7);
}

// ---- broadcast ----

using a_broadcast = program_test;

task<void> read_all(subscription<int> from, std::vector<int>& into, nanoseconds pause) {
  while (const auto next = co_await from.receive()) {
    into.push_back(*next);
    co_await sleep(pause);
  }
}

TEST_F(a_broadcast, gives_every_value_to_every_subscriber_from_its_subscription_on) {
  std::vector<int> early;
  std::vector<int> late;
  EXPECT_TRUE(run([&](region r) -> task<void> {
                broadcast<int> news{"news", 4};
                static_cast<void>(r.spawn("early", read_all(news.subscribe(), early, 1us)));
                co_await news.send(1);
                co_await news.send(2);
                static_cast<void>(r.spawn("late", read_all(news.subscribe(), late, 1us)));
                co_await news.send(3);
              }).is_ok());
  EXPECT_THAT(early, ElementsAre(1, 2, 3));
  EXPECT_THAT(late, ElementsAre(3));
}

TEST_F(a_broadcast, lets_the_sender_wait_for_the_slowest_so_that_nobody_misses_anything) {
  std::vector<int> slow;
  std::vector<int> quick;
  EXPECT_TRUE(run([&](region r) -> task<void> {
                broadcast<int> news{"news", 2};
                static_cast<void>(r.spawn("slow", read_all(news.subscribe(), slow, 5ms)));
                static_cast<void>(r.spawn("quick", read_all(news.subscribe(), quick, 1ms)));
                for (int i = 0; i < 6; ++i)
                  co_await news.send(i);
              }).is_ok());
  EXPECT_THAT(slow, ElementsAre(0, 1, 2, 3, 4, 5));
  EXPECT_THAT(quick, ElementsAre(0, 1, 2, 3, 4, 5));
}

TEST_F(a_broadcast, is_not_held_up_by_a_subscriber_that_was_cancelled) {
  std::vector<int> seen;
  EXPECT_TRUE(run([&](region r) -> task<void> {
                broadcast<int> news{"news", 1};
                const auto stuck = [](subscription<int>) -> task<void> { co_await sleep(1h); };
                const auto h = r.spawn("stuck", stuck(news.subscribe()));
                static_cast<void>(r.spawn("reader", read_all(news.subscribe(), seen, 1us)));
                co_await news.send(1);
                const auto canceller = [](const join_handle<void>& who) -> task<void> {
                  co_await sleep(2ms);
                  who.cancel("enough");
                };
                static_cast<void>(r.spawn("canceller", canceller(h)));
                co_await news.send(2);
                EXPECT_EQ(news.subscribers(), 1U);
                co_await h.join();
              }).is_ok());
  EXPECT_THAT(seen, ElementsAre(1, 2));
  EXPECT_EQ(clock.now(), in_ns(2ms) + 1000) << "the reader's last pause";
}

TEST_F(a_broadcast, has_sent_to_nobody_what_a_cancelled_sender_waited_to_send) {
  std::vector<int> seen;
  EXPECT_TRUE(run([&](region r) -> task<void> {
                broadcast<int> news{"news", 1};
                subscription<int> reader = news.subscribe();
                const auto sender = [&news](int what) -> task<void> { co_await news.send(what); };
                co_await news.send(1);
                const auto second = r.spawn("second", sender(2));
                const auto third = r.spawn("third", sender(3));
                co_await sleep(1ms);
                // Its turn comes, and it is cancelled before it runs: the turn goes to the third.
                seen.push_back(*co_await reader.receive());
                second.cancel("enough");
                seen.push_back(*co_await reader.receive());
                co_await second.join();
                co_await third.join();
              }).is_ok());
  EXPECT_THAT(seen, ElementsAre(1, 3));
}

TEST(a_broadcast_in_any_schedule, gives_all_to_all_who_are_not_cancelled) {
  for (int rounds = 0; rounds < 20; ++rounds) {
    SCOPED_TRACE(rounds);
    virtual_clock clock;
    std::vector<int> seen[3];
    current_thread runtime{clock};
    static_cast<void>(runtime.run("root", [&](region r) -> task<void> {
      std::vector<join_handle<void>> readers;
      {
        broadcast<int> news{"news", 2};
        for (auto& each : seen)
          readers.push_back(r.spawn("reader", read_all(news.subscribe(), each, 0us)));
        const auto canceller = [](const join_handle<void>& who, int after) -> task<void> {
          co_await yields(after);
          who.cancel("chosen");
        };
        const auto cancelling = r.spawn("canceller", canceller(readers[1], rounds));
        for (int i = 0; i < 8; ++i)
          co_await news.send(i);
        co_await cancelling.join();
      }
      for (const auto& each : readers)
        static_cast<void>(co_await each.join());
    }));
    EXPECT_THAT(seen[0], ElementsAre(0, 1, 2, 3, 4, 5, 6, 7));
    EXPECT_EQ(seen[2], seen[0]);
    for (std::size_t i = 0; i < seen[1].size(); ++i)
      EXPECT_EQ(seen[1][i], static_cast<int>(i)) << "whole, in order, as far as it came";
    EXPECT_EQ(runtime.core().counts(), kernel_counts{});
  }
}

// ---- watch ----

using a_watch = program_test;

TEST_F(a_watch, tells_of_the_newest_value_and_not_of_each) {
  std::vector<int> seen;
  // Not in the body: it looks on when the body is over.
  const auto look = [&seen](watcher<int> at) -> task<void> {
    while (const auto now = co_await at.changed())
      seen.push_back(*now);
  };
  EXPECT_TRUE(run([&](region r) -> task<void> {
                watch<int> level{"level", 0};
                static_cast<void>(r.spawn("look", look(level.watcher())));
                co_await sleep(1ms);
                EXPECT_THAT(seen, IsEmpty()) << "what it began with is not new";
                level.set(1);
                level.set(2);
                co_await sleep(1ms);
                level.set(3);
              }).is_ok());
  EXPECT_THAT(seen, ElementsAre(2, 3)) << "the last one too, though the source is gone by then";
}

TEST_F(a_watch, counts_a_value_as_new_for_a_watcher_that_was_cancelled_before_it_looked) {
  int seen = 0;
  const auto look = [&seen](watcher<int> at) -> task<void> {
    EXPECT_TRUE((co_await outcome_of(at.changed())).is_cancelled());
    seen = *co_await at.changed();
  };
  EXPECT_TRUE(run([&](region r) -> task<void> {
                watch<int> level{"level", 0};
                const auto h = r.spawn("look", look(level.watcher()));
                co_await sleep(1ms);
                level.set(5);
                h.cancel("enough");
                co_await h.join();
              }).is_ok());
  EXPECT_EQ(seen, 5);
}

// ---- mutex ----

using a_mutex = program_test;

TEST_F(a_mutex, lets_one_at_a_time_at_the_value_in_turn) {
  std::string log;
  EXPECT_TRUE(run([&](region r) -> task<void> {
                mutex<int> counter{"counter", 0};
                const auto add = [&](std::string who) -> task<void> {
                  const locked<int> mine = co_await counter.lock();
                  const int before = *mine;
                  co_await sleep(1ms);
                  *mine = before + 1;
                  log += who;
                };
                const auto a = r.spawn("a", add("a"));
                const auto b = r.spawn("b", add("b"));
                const auto c = r.spawn("c", add("c"));
                co_await yield();
                EXPECT_TRUE(counter.is_locked());
                EXPECT_EQ(counter.waiting(), 2U);
                static_cast<void>(co_await join_all(a, b, c));
                EXPECT_EQ(*co_await counter.lock(), 3);
              }).is_ok());
  EXPECT_EQ(log, "abc");
}

TEST_F(a_mutex, is_free_again_wherever_its_holder_or_one_who_waits_is_cancelled) {
  for (int victim = 0; victim < 3; ++victim) {
    for (int rounds = 0; rounds < 12; ++rounds) {
      SCOPED_TRACE(testing::Message() << "task " << victim << " after " << rounds);
      virtual_clock own_clock;
      current_thread runtime{own_clock};
      int done = 0;
      static_cast<void>(runtime.run("root", [&](region r) -> task<void> {
        mutex<int> counter{"counter", 0};
        const auto add = [&counter]() -> task<void> {
          const locked<int> mine = co_await counter.lock();
          const int before = *mine;
          co_await yields(2);
          *mine = before + 1;
        };
        std::vector<join_handle<void>> tasks;
        for (int i = 0; i < 3; ++i)
          tasks.push_back(r.spawn("adds", add()));
        co_await yields(rounds);
        tasks[static_cast<std::size_t>(victim)].cancel("chosen");
        for (const auto& each : tasks)
          done += (co_await each.join()).is_ok();
        EXPECT_FALSE(counter.is_locked());
        EXPECT_EQ(*co_await counter.lock(), done);
      }));
      EXPECT_EQ(runtime.core().counts(), kernel_counts{});
    }
  }
}

} // namespace
} // namespace cancelscope
