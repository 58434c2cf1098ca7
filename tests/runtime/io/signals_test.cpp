// Signals that are awaited: each is seen once, and none is lost by being cancelled.
#include "runtime/io/signal_set.hpp"
#include "tests/runtime/io/sockets.hpp"

namespace cancelscope::tests {
namespace {

class signals : public sockets_test {};

TEST_F(signals, come_to_who_waits_for_them) {
  int which = 0;
  const outcome<void> ended = run([&](reactor& on, region r) -> task<void> {
    signal_set caught = co_await value_of(signal_set::catch_signals(on, SIGUSR1, SIGUSR2));
    const auto waiting = r.spawn("wait", caught.next());
    co_await until_waits(1);
    std::raise(SIGUSR2);
    which = co_await value_of(waiting.join());
  });
  EXPECT_TRUE(ended.is_ok());
  EXPECT_EQ(which, SIGUSR2);
}

TEST_F(signals, are_kept_while_nobody_waits) {
  const outcome<void> ended = run([&](reactor& on, region) -> task<void> {
    signal_set caught = co_await value_of(signal_set::catch_signals(on, SIGUSR1));
    std::raise(SIGUSR1);
    std::raise(SIGUSR1);
    EXPECT_EQ(co_await caught.next(), SIGUSR1);
    EXPECT_EQ(co_await caught.next(), SIGUSR1);
  });
  EXPECT_TRUE(ended.is_ok());
}

TEST_F(signals, are_not_lost_when_who_waits_is_cancelled) {
  const outcome<void> ended = run([&](reactor& on, region) -> task<void> {
    signal_set caught = co_await value_of(signal_set::catch_signals(on, SIGUSR1));
    const auto body = [&](region r) -> task<void> {
      const auto first = r.spawn("first", caught.next());
      co_await until_waits(1);
      std::raise(SIGUSR1);
      first.cancel("enough");
      const auto how = co_await first.join();
      EXPECT_TRUE(how.is_cancelled());
      const auto second = co_await timeout("second", 10s, caught.next());
      EXPECT_EQ(second.value(), SIGUSR1);
    };
    co_await value_of(with_region("waits", body));
  });
  EXPECT_TRUE(ended.is_ok());
}

TEST_F(signals, do_what_they_did_before_when_nobody_catches_them_any_more) {
  const outcome<void> ended = run([&](reactor& on, region) -> task<void> {
    struct sigaction then{};
    {
      const signal_set caught = co_await value_of(signal_set::catch_signals(on, SIGUSR1));
      EXPECT_EQ(sigaction(SIGUSR1, nullptr, &then), 0);
      EXPECT_NE(then.sa_handler, SIG_DFL);
    }
    EXPECT_EQ(sigaction(SIGUSR1, nullptr, &then), 0);
    EXPECT_EQ(then.sa_handler, SIG_DFL);
  });
  EXPECT_TRUE(ended.is_ok());
}

TEST_F(signals, are_refused_with_a_sentence_where_they_cannot_be_caught) {
  static_cast<void>(run([&](reactor& on, region) -> task<void> {
    const auto caught = signal_set::catch_signals(on, SIGKILL);
    EXPECT_EQ(caught.message(), "signal 9 cannot be caught: Invalid argument");
    co_return;
  }));
}

} // namespace
} // namespace cancelscope::tests
