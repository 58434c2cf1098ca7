// Channels and locks under cancellation at every point, in every order that makes a difference: each value is received
// exactly once, or is still there, or whoever sent it knows that it was not sent. Explored, not argued.
//
// Every program has a wrong variant beside it, with one await more between what happens and who knows of it (or with a
// queue that forgets whom it had let in). A schedule that breaks it is found: so these tests can fail.
#include "runtime/cancelscope.hpp"
#include "runtime/channels/wait_queue.hpp"
#include "runtime/lab/explore.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>

namespace cancelscope {
namespace {

using testing::HasSubstr;
using values = std::vector<int>;

enum class made { right, wrong };

task<> cancel_it(const join_handle<void>& whom) {
  whom.cancel("at any point");
  co_return;
}

task<> await_once_more(made how) {
  if (how == made::wrong) co_await yield();
}

std::string told(const char* what, const values& of) {
  std::string text = std::string{what} + ' ';
  for (const int each : of)
    text += std::to_string(each) + ' ';
  return text;
}

values sorted(values of) {
  std::ranges::sort(of);
  return of;
}

using program = std::function<task<>(region, made)>;

exploration explored(const program& body, made how) {
  const auto run = [&body, how](region r) { return body(r, how); };
  return explore(lab_program_of("channel", {}, run), {.schedules = 50'000});
}

std::string page() {
  std::ifstream file{CANCELSCOPE_SOURCE_DIR "/docs/lab.md"};
  return {std::istreambuf_iterator<char>{file}, {}};
}

/// In none of its schedules anything is broken; docs/lab.md says how many they were.
void expect_right_in_every_order(const std::string& what, const program& body) {
  const exploration found = explored(body, made::right);
  EXPECT_TRUE(found.complete);
  EXPECT_FALSE(found.not_repeatable);
  ASSERT_FALSE(found.failure) << found.failure->broken.at(0).message << ", "
                              << to_string(lab_seed{found.failure->choices});
  const std::string row = "| " + what + " | " + std::to_string(found.run) + " | " +
                          std::to_string(found.pruned) + " |\n";
  std::cout << row;
  EXPECT_TRUE(page().find(row) != std::string::npos) << "docs/lab.md says something else";
}

void expect_caught(const program& body, const char* sentence) {
  const exploration found = explored(body, made::wrong);
  ASSERT_TRUE(found.failure) << "the fault went unseen";
  EXPECT_THAT(found.failure->broken.at(0).message, HasSubstr(sentence));
}

// ---- mpsc ----

task<> send_each(mpsc_sender<int> to, values numbers, values& sent, made how) {
  for (const int each : numbers) {
    co_await value_of(to.send(each));
    co_await await_once_more(how);
    sent.push_back(each);
  }
}

task<> reserve_and_send(mpsc_sender<int> to, int number, values& sent) {
  reserved_place<int> place = co_await value_of(to.reserve());
  co_await yield();
  std::move(place).send(number);
  sent.push_back(number);
}

task<> receive_each(mpsc_receiver<int>& from, values& received, made how) {
  while (const std::optional<int> next = co_await from.receive()) {
    co_await await_once_more(how);
    received.push_back(*next);
  }
}

task<> expect_once(values sent, values received) {
  if (sorted(sent) != sorted(received))
    co_await fail(told("sent", sent) + told("but received", received));
}

task<> a_cancelled_sender(region, made how) {
  values sent;
  values received;
  const auto body = [&](region r) -> task<> {
    auto [to, from] = mpsc<int>("numbers", 1);
    const auto sending = r.spawn("sender", send_each(to, {1, 2}, sent, how));
    const auto other = r.spawn("other", send_each(std::move(to), {3}, sent, made::right));
    const auto receiving = r.spawn("receiver", receive_each(from, received, made::right));
    const auto cancelling = r.spawn("canceller", cancel_it(sending));
    static_cast<void>(co_await join_all(sending, other, receiving, cancelling));
  };
  co_await value_of(with_region("channel", body));
  co_await expect_once(sent, received);
}

task<> a_cancelled_holder_of_a_place(region, made how) {
  values sent;
  values received;
  const auto body = [&](region r) -> task<> {
    auto [to, from] = mpsc<int>("numbers", 1);
    const auto holding = r.spawn("holder", reserve_and_send(to, 1, sent));
    const auto other = r.spawn("other", send_each(std::move(to), {2}, sent, how));
    const auto receiving = r.spawn("receiver", receive_each(from, received, made::right));
    const auto cancelling = r.spawn("canceller", cancel_it(holding));
    const auto also = r.spawn("second canceller", cancel_it(other));
    static_cast<void>(co_await join_all(holding, other, receiving, cancelling, also));
  };
  co_await value_of(with_region("channel", body));
  co_await expect_once(sent, received);
}

task<> a_cancelled_receiver(region, made how) {
  values sent;
  values received;
  const auto body = [&](region r) -> task<> {
    auto [to, from] = mpsc<int>("numbers", 1);
    const auto sending = r.spawn("sender", send_each(std::move(to), {1, 2}, sent, made::right));
    const auto receiving = r.spawn("receiver", receive_each(from, received, how));
    const auto cancelling = r.spawn("canceller", cancel_it(receiving));
    static_cast<void>(co_await join_all(receiving, cancelling));
    const auto heir = r.spawn("heir", receive_each(from, received, made::right));
    static_cast<void>(co_await join_all(heir, sending));
  };
  co_await value_of(with_region("channel", body));
  if (received != values{1, 2}) co_await fail(told("received", received));
}

/// The receiving end goes at any point: what was sent and not received died with it, and no sender is left waiting.
task<> a_receiver_that_leaves(region, made how) {
  values sent;
  values received;
  std::size_t refused = 0;
  const auto send_two = [&](mpsc_sender<int> to) -> task<> {
    for (const int each : {1, 2}) {
      const outcome<void> ended = co_await to.send(each);
      if (how == made::wrong || ended) sent.push_back(each);
      refused += ended.is_err();
    }
  };
  const auto receive_one = [&](mpsc_receiver<int> from) -> task<> {
    if (const auto next = co_await from.receive()) received.push_back(*next);
  };
  const auto body = [&](region r) -> task<> {
    auto [to, from] = mpsc<int>("numbers", 1);
    const auto sending = r.spawn("sender", send_two(std::move(to)));
    const auto receiving = r.spawn("receiver", receive_one(std::move(from)));
    const auto cancelling = r.spawn("canceller", cancel_it(receiving));
    static_cast<void>(co_await join_all(sending, receiving, cancelling));
  };
  co_await value_of(with_region("channel", body));
  if (sent.size() + refused != 2) co_await fail("a value was both sent and refused, or neither");
  if (!std::ranges::includes(sent, received)) co_await fail("received what was not sent");
}

TEST(mpsc_in_every_order, loses_and_doubles_nothing_when_a_sender_is_cancelled) {
  expect_right_in_every_order("`mpsc`, a sender is cancelled", a_cancelled_sender);
  expect_caught(a_cancelled_sender, "but received");
}

TEST(mpsc_in_every_order, gives_a_reserved_place_back_or_has_sent_to_it) {
  expect_right_in_every_order("`mpsc`, who holds a reserved place is cancelled, and another sender",
                              a_cancelled_holder_of_a_place);
  expect_caught(a_cancelled_holder_of_a_place, "but received");
}

TEST(mpsc_in_every_order, loses_and_doubles_nothing_when_the_receiver_is_cancelled) {
  expect_right_in_every_order("`mpsc`, the receiver is cancelled", a_cancelled_receiver);
  expect_caught(a_cancelled_receiver, "received");
}

TEST(mpsc_in_every_order, tells_a_sender_when_nobody_receives_any_more) {
  expect_right_in_every_order("`mpsc`, the receiver leaves", a_receiver_that_leaves);
  expect_caught(a_receiver_that_leaves, "both sent and refused");
}

// ---- oneshot ----

task<> one_value(region, made how) {
  values got;
  const auto send_one = [&got](oneshot_sender<int> to) -> task<> {
    co_await yield();
    if (const auto back = std::move(to).send(1)) got.push_back(*back); // to be used elsewhere
  };
  const auto receive_one = [&got](oneshot_receiver<int>& from, made as) -> task<> {
    const outcome<int> came = co_await from.receive();
    co_await await_once_more(as);
    if (came) got.push_back(*came);
  };
  const auto body = [&](region r) -> task<> {
    auto [to, from] = oneshot<int>("answer");
    const auto sending = r.spawn("sender", send_one(std::move(to)));
    const auto receiving = r.spawn("receiver", receive_one(from, how));
    const auto cancelling = r.spawn("canceller", cancel_it(receiving));
    static_cast<void>(co_await join_all(receiving, cancelling));
    if (got.empty()) co_await receive_one(from, made::right);
    static_cast<void>(co_await sending.join());
  };
  co_await value_of(with_region("channel", body));
  if (got != values{1}) co_await fail(told("got", got));
}

task<> a_sender_that_is_cancelled(region, made how) {
  bool is_sent = false;
  bool is_received = false;
  const auto send_one = [&](oneshot_sender<int> to) -> task<> {
    co_await yield();
    std::move(to).send(1);
    co_await await_once_more(how);
    is_sent = true;
  };
  const auto receive_one = [&](oneshot_receiver<int> from) -> task<> {
    const outcome<int> came = co_await from.receive();
    is_received = came.is_ok();
  };
  const auto body = [&](region r) -> task<> {
    auto [to, from] = oneshot<int>("answer");
    const auto sending = r.spawn("sender", send_one(std::move(to)));
    const auto receiving = r.spawn("receiver", receive_one(std::move(from)));
    const auto cancelling = r.spawn("canceller", cancel_it(sending));
    static_cast<void>(co_await join_all(sending, receiving, cancelling));
  };
  co_await value_of(with_region("channel", body));
  if (is_sent != is_received) co_await fail("received, and its sender does not know");
}

TEST(oneshot_in_every_order, tells_the_receiver_when_its_sender_was_cancelled) {
  expect_right_in_every_order("`oneshot`, the sender is cancelled", a_sender_that_is_cancelled);
  expect_caught(a_sender_that_is_cancelled, "does not know");
}

TEST(oneshot_in_every_order, hands_its_value_over_once_however_often_the_receiver_is_cancelled) {
  expect_right_in_every_order("`oneshot`, the receiver is cancelled", one_value);
  expect_caught(one_value, "got");
}

// ---- broadcast ----

task<> every_subscriber(region, made how) {
  values sent;
  values first;
  values second;
  const auto send_two = [&sent](std::unique_ptr<broadcast<int>> to) -> task<> {
    for (const int each : {1, 2}) {
      co_await to->send(each);
      sent.push_back(each);
    }
  };
  const auto receive = [](subscription<int>& from, values& into, made as) -> task<> {
    while (const auto next = co_await from.receive()) {
      co_await await_once_more(as);
      into.push_back(*next);
    }
  };
  const auto body = [&](region r) -> task<> {
    auto channel = std::make_unique<broadcast<int>>("news", 1);
    subscription<int> one = channel->subscribe();
    subscription<int> two = channel->subscribe();
    const auto sending = r.spawn("sender", send_two(std::move(channel)));
    const auto reading = r.spawn("reader", receive(one, first, how));
    const auto beside = r.spawn("beside", receive(two, second, made::right));
    const auto cancelling = r.spawn("canceller", cancel_it(reading));
    const auto also = r.spawn("second canceller", cancel_it(sending));
    static_cast<void>(co_await join_all(reading, cancelling, also));
    const auto heir = r.spawn("heir", receive(one, first, made::right));
    static_cast<void>(co_await join_all(heir, beside, sending));
  };
  co_await value_of(with_region("channel", body));
  if (first != sent || second != sent)
    co_await fail(told("sent", sent) + told("but read", first) + told("and", second));
}

/// One sender less: the others get in, and the subscriber has what was sent.
task<> a_cancelled_publisher(region, made how) {
  values sent;
  values read;
  const auto send_each_to_all = [&sent](std::shared_ptr<broadcast<int>> to, values numbers,
                                        made as) -> task<> {
    for (const int each : numbers) {
      co_await to->send(each);
      co_await await_once_more(as);
      sent.push_back(each);
    }
  };
  const auto receive = [&read](subscription<int> from) -> task<> {
    while (const auto next = co_await from.receive())
      read.push_back(*next);
  };
  const auto body = [&](region r) -> task<> {
    auto channel = std::make_shared<broadcast<int>>("news", 1);
    const auto reading = r.spawn("reader", receive(channel->subscribe()));
    const auto sending = r.spawn("sender", send_each_to_all(channel, {1, 2}, how));
    const auto other = r.spawn("other", send_each_to_all(std::move(channel), {3}, made::right));
    const auto cancelling = r.spawn("canceller", cancel_it(sending));
    static_cast<void>(co_await join_all(reading, sending, other, cancelling));
  };
  co_await value_of(with_region("channel", body));
  co_await expect_once(sent, read);
}

TEST(broadcast_in_every_order, lets_the_next_sender_in_when_one_that_waits_is_cancelled) {
  expect_right_in_every_order("`broadcast`, a sender of two is cancelled", a_cancelled_publisher);
  expect_caught(a_cancelled_publisher, "but received");
}

TEST(broadcast_in_every_order, reaches_every_subscriber_once_with_all_that_was_sent) {
  expect_right_in_every_order("`broadcast`, the sender and one of two subscribers are cancelled",
                              every_subscriber);
  expect_caught(every_subscriber, "but read");
}

// ---- watch ----

task<> the_newest(region, made how) {
  values seen;
  const auto set_two = [](std::unique_ptr<watch<int>> of) -> task<> {
    of->set(1);
    co_await yield();
    of->set(2);
  };
  const auto look = [&seen](watcher<int>& at, made as) -> task<> {
    while (const auto next = co_await at.changed()) {
      co_await await_once_more(as);
      seen.push_back(*next);
    }
  };
  const auto body = [&](region r) -> task<> {
    auto level = std::make_unique<watch<int>>("level", 0);
    watcher<int> at = level->watcher();
    const auto setting = r.spawn("setter", set_two(std::move(level)));
    const auto looking = r.spawn("watcher", look(at, how));
    const auto cancelling = r.spawn("canceller", cancel_it(looking));
    static_cast<void>(co_await join_all(looking, cancelling));
    const auto heir = r.spawn("heir", look(at, made::right));
    static_cast<void>(co_await join_all(heir, setting));
  };
  co_await value_of(with_region("channel", body));
  if (seen != values{2} && seen != values{1, 2}) co_await fail(told("saw", seen));
}

TEST(watch_in_every_order, shows_the_newest_value_once_and_never_an_older_one_after_it) {
  expect_right_in_every_order("`watch`, the watcher is cancelled", the_newest);
  expect_caught(the_newest, "saw");
}

// ---- semaphore and mutex ----

/// A semaphore of one permit that forgets a permit when whoever had it granted is cancelled before they run.
class forgetful_semaphore {
public:
  class acquire_op final : public queued_wait {
  public:
    explicit acquire_op(forgetful_semaphore& from) : from_(from) {}
    void await_resume() const noexcept {}
    bool abandon() noexcept override {
      if (!is_granted()) from_.waiting_.remove(*this);
      return true;
    }

  private:
    bool begin() override {
      touches(&from_.waiting_);
      if (from_.is_free_) {
        from_.is_free_ = false;
        return true;
      }
      from_.waiting_.append(*this);
      return false;
    }
    [[nodiscard]] wait_fact fact() const override { return {.on = trace::wait_reason::permit}; }
    forgetful_semaphore& from_;
  };

  acquire_op acquire() { return acquire_op{*this}; }
  void release() {
    if (!waiting_.grant_first()) is_free_ = true;
  }

private:
  bool is_free_ = true;
  wait_queue waiting_;
};

struct releasing {
  explicit releasing(forgetful_semaphore& s) : of(s) {}
  releasing(const releasing&) = delete;
  releasing& operator=(const releasing&) = delete;
  ~releasing() { of.release(); }
  forgetful_semaphore& of;
};

struct room {
  semaphore permits{"permits", 1};
  forgetful_semaphore forgetful{};
  int inside = 0;
  int most = 0;
};

task<> be_inside(room& at) {
  touches(&at.inside);
  at.most = std::max(at.most, ++at.inside);
  const std::unique_ptr<room, void (*)(room*)> leaves{&at, [](room* left) {
                                                        touches(&left->inside);
                                                        --left->inside;
                                                      }};
  co_await yield();
}

task<> go_in(room& at, made how) {
  if (how == made::wrong) {
    co_await at.forgetful.acquire();
    const releasing held{at.forgetful};
    co_await be_inside(at);
  } else {
    const permit held = co_await at.permits.acquire();
    co_await be_inside(at);
  }
}

task<> one_at_a_time(region, made how) {
  room at;
  const auto body = [&](region r) -> task<> {
    const auto first = r.spawn("first", go_in(at, how));
    const auto second = r.spawn("second", go_in(at, how));
    const auto third = r.spawn("third", go_in(at, how));
    const auto cancelling = r.spawn("canceller", cancel_it(second));
    static_cast<void>(co_await join_all(first, second, third, cancelling));
  };
  co_await value_of(with_region("room", body));
  if (at.most != 1 || at.inside != 0) co_await fail("more than one was inside");
  if (at.permits.available() != 1 || at.permits.waiting() != 0) co_await fail("a permit is lost");
}

TEST(semaphore_in_every_order, lets_one_in_at_a_time_and_loses_no_permit) {
  expect_right_in_every_order("`semaphore`, one of three who wait", one_at_a_time);
  expect_caught(one_at_a_time, "every task is parked");
}

task<> add_one(mutex<int>& sum, int& added, made how) {
  int before = 0;
  if (how == made::wrong) {
    const locked<int> looked = co_await sum.lock();
    before = *looked;
  }
  const locked<int> mine = co_await sum.lock();
  if (how == made::right) before = *mine;
  co_await yield();
  *mine = before + 1;
  added = 1;
}

task<> a_sum_under_a_lock(region, made how) {
  mutex<int> sum{"sum", 0};
  int added[3] = {};
  int total = -1;
  const auto body = [&](region r) -> task<> {
    const auto first = r.spawn("first", add_one(sum, added[0], how));
    const auto second = r.spawn("second", add_one(sum, added[1], how));
    const auto third = r.spawn("third", add_one(sum, added[2], how));
    const auto cancelling = r.spawn("canceller", cancel_it(second));
    static_cast<void>(co_await join_all(first, second, third, cancelling));
    const locked<int> read = co_await sum.lock();
    total = *read;
  };
  co_await value_of(with_region("book", body));
  if (total != added[0] + added[1] + added[2]) co_await fail("an addition is lost");
  if (sum.is_locked()) co_await fail("the lock is lost");
}

TEST(mutex_in_every_order, loses_no_addition_and_is_free_at_the_end) {
  expect_right_in_every_order("`mutex`, one of three who wait", a_sum_under_a_lock);
  expect_caught(a_sum_under_a_lock, "an addition is lost");
}

} // namespace
} // namespace cancelscope
