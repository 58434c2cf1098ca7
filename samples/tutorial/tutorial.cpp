#include "samples/tutorial/tutorial.hpp"

#include "runtime/cancelscope.hpp"

namespace tutorial {

using namespace cancelscope;
using namespace std::chrono_literals;

// ---- Tasks and regions ----

task<int> fetch(int id) {
  co_await sleep(2ms);
  if (id < 0) co_return error{"there is no item " + std::to_string(id)};
  co_return id * 10;
}

task<int> total(region r) {
  auto first = r.spawn("first", fetch(1));
  auto second = r.spawn("second", fetch(2));
  co_return co_await value_of(first.join()) + co_await value_of(second.join());
}

outcome<int> first_program(host& runtime, std::string& log) {
  outcome<int> sum = runtime.run("totals", total);
  log += sum ? "the total is " + std::to_string(*sum) + "\n" : std::string{sum.message()};
  return sum;
}

// ---- Outcomes ----

task<> look_up(std::string& log) {
  outcome<int> found = co_await outcome_of(fetch(-1));
  if (found.is_err()) log += found.err().message + "\n";

  int item = co_await fetch(7);
  log += "item 7 costs " + std::to_string(item) + "\n";

  int missing = co_await fetch(-2);
  log += "never reached, like " + std::to_string(missing);
}

outcome<void> failures(host& runtime, std::string& log) {
  outcome<void> ended = runtime.run("shop", [&](region) { return look_up(log); });
  log += "the shop: " + std::string{ended.message()} + "\n";
  return ended;
}

// ---- Cancelling ----

task<> serve() {
  for (;;)
    co_await sleep(10ms);
}

task<> close_shop(region r, std::string& log) {
  auto service = r.spawn("service", serve());
  co_await sleep(25ms);
  service.cancel("the shop closes");

  outcome<void> ended = co_await service.join();
  const cancellation& why = ended.why();
  log += std::string{to_string(why.kind())} + ": " + std::string{why.message()} + "\n";
}

task<> wait_for_answer(std::string& log) {
  outcome<int> answer = co_await timeout("answer", 5ms, []() -> task<int> {
    co_await sleep(1h);
    co_return 42;
  }());
  for (cancellation c = answer.why(); c; c = c.cause())
    log += std::string{to_string(c.kind())} + " " + std::string{c.message()} + "\n";
}

outcome<void> cancelling(host& runtime, std::string& log) {
  return runtime.run("shop", [&](region r) -> task<> {
    co_await close_shop(r, log);
    co_await wait_for_answer(log);
  });
}

// ---- Cleaning up ----

struct card {
  bool authorised = false;
};

task<> authorise(card& c) {
  c.authorised = true;
  co_await sleep(1h); // the bank is slow today
}

task<> give_back(card& c) {
  co_await sleep(2ms);
  c.authorised = false;
}

task<> pay(card& c) {
  outcome<void> paid = co_await outcome_of(authorise(c));
  if (!paid) co_await give_back(c); // awaits work again, paid from the clean-up budget
  co_await value_of(std::move(paid));
}

task<> work_at_desk(std::string& log) {
  const auto tidy = [&log]() -> task<> {
    co_await sleep(1ms);
    log += "the desk is tidy\n";
  };
  co_await on_exit("tidy the desk", tidy);
  co_await serve();
}

outcome<void> cleaning_up(host& runtime, std::string& log) {
  return runtime.run("shop", [&](region) -> task<> {
    card c;
    const region_options limits{.deadline = 10ms, .cleanup = 5ms};
    const auto both = [&](region r) -> task<> {
      auto desk = r.spawn("desk", work_at_desk(log));
      auto paid = r.spawn("pay", pay(c));
      static_cast<void>(co_await shield(join_all(desk, paid)));
    };
    static_cast<void>(co_await with_region("order", limits, both));
    log += c.authorised ? "money is lost\n" : "the money was given back\n";
  });
}

// ---- Budgets ----

task<> translate(int& pages) {
  for (;;) {
    co_await spend(3); // cents a page
    ++pages;
  }
}

outcome<void> budgets(host& runtime, std::string& log) {
  return runtime.run("office", [&](region) -> task<> {
    int pages = 0;
    const auto work = [&pages](region) { return translate(pages); };
    outcome<void> ended = co_await with_region("translation", {.deadline = 1s, .cost = 100}, work);
    log += std::to_string(pages) + " pages; " + std::string{ended.message()} + "\n";
  });
}

// ---- Choices ----

task<int> ask(nanoseconds takes, int price) {
  co_await sleep(takes);
  if (price == 0) co_return error{"sold out"};
  co_return price;
}

outcome<void> choices(host& runtime, std::string& log) {
  return runtime.run("market", [&](region) -> task<> {
    auto quickest = co_await race(named("north", ask(9ms, 30)), named("south", ask(3ms, 35)));
    log += "the quickest asks " + std::to_string(*quickest) + "\n";

    auto anyone = co_await first_ok(ask(1ms, 0), ask(2ms, 0), ask(5ms, 40));
    log += "the first who has it asks " + std::to_string(*anyone) + "\n";

    int attempts = 0;
    const auto try_once = [&attempts] { return ask(1ms, ++attempts < 3 ? 0 : 50); };
    auto patient = co_await retry("ask again", {.attempts = 5, .backoff = 2ms}, try_once);
    log += "after " + std::to_string(attempts) + " attempts: " + std::to_string(*patient) + "\n";
  });
}

// ---- Channels ----

task<> produce(mpsc_sender<int> orders) {
  for (int number = 1; number <= 3; ++number)
    co_await value_of(orders.send(number));
}

task<> consume(mpsc_receiver<int> inbox, std::string& log) {
  while (std::optional<int> order = co_await inbox.receive())
    log += "order " + std::to_string(*order) + "\n";
}

outcome<void> channels(host& runtime, std::string& log) {
  return runtime.run("kitchen", [&](region r) -> task<> {
    auto [orders, inbox] = mpsc<int>("orders", 2);
    auto waiter = r.spawn("waiter", produce(std::move(orders)));
    auto cook = r.spawn("cook", consume(std::move(inbox), log));
    co_await value_of(join_all(waiter, cook));
  });
}

} // namespace tutorial
