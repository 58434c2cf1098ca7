#include "samples/checkout/checkout.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace checkout {

using namespace std::chrono_literals;
using namespace cancelscope;

namespace {

constexpr std::uint32_t full_shelf = 24;
constexpr std::uint32_t suspicious_score = 75;

std::map<std::string, std::uint32_t> full_shelves(const std::vector<order>& orders) {
  std::map<std::string, std::uint32_t> shelves;
  for (const order& o : orders) {
    for (const order_line& line : o.items)
      shelves[line.sku] = full_shelf;
  }
  return shelves;
}

/// Each step of an order has luck of its own, so that one step's timing never changes another's.
enum step : std::uint64_t { price_cache, price_service, fraud, payment = 8, shelf = 16 };

} // namespace

hold::hold(warehouse& from, order_line line, obligation lease)
    : from_(&from), line_(std::move(line)), lease_(std::move(lease)) {}

hold::~hold() {
  if (lease_.handle()) from_->put_back(line_);
}

void hold::ship() {
  lease_.commit();
}

obligation_handle hold::hand_over() {
  return lease_.detach();
}

shop::shop(std::vector<order> orders, std::uint64_t seed)
    : orders_(std::move(orders)), seed_(seed), warehouse_(full_shelves(orders_)) {
  std::ranges::sort(orders_, {}, [](const order& o) { return std::pair{o.arrives, o.number}; });
}

weather shop::weather_for(std::uint64_t number, std::uint64_t step) const {
  return {seed_, number * 64 + step};
}

task<> shop::open(region service) {
  auto stock = service.spawn("refresh stock", refresh_stock());
  auto connections = service.spawn("watch connections", watch_connections());
  auto desk = service.spawn("review desk", reviews_.work(weather{seed_, 0}));
  auto handled = co_await with_region("orders", {.policy = on_failure::keep_going},
                                      [this](region orders) { return accept_orders(orders); });

  // The background has nothing left to do. A request only requests: its end is waited for.
  for (const auto* background : {&stock, &connections, &desk})
    background->cancel("the last order is over");
  static_cast<void>(co_await join_all(stock, connections, desk));
  co_await value_of(std::move(handled));
}

task<> shop::accept_orders(region orders) {
  std::vector<join_handle<void>> served;
  milliseconds now{};
  for (const order& o : orders_) {
    if (o.arrives > now) co_await sleep(o.arrives - now);
    now = std::max(now, o.arrives);
    served.push_back(orders.spawn(fmt::format("serve order {}", o.number), serve(o)));
  }
  for (const auto& one : served)
    count(co_await one.join());
}

void shop::count(const outcome<void>& ended) {
  // An order that failed has cancelled what else was under way for it, and cancelled is worse than failed.
  const bool failed = ended.is_err() ||
                      (ended.is_cancelled() && ended.why().root().kind() == cancel_kind::fail_fast);
  if (ended.is_ok())
    ++tally_.shipped;
  else if (failed)
    ++tally_.refused;
  else if (ended.is_cancelled())
    ++tally_.cancelled;
  else
    ++tally_.panicked;
}

task<> shop::serve(order o) {
  const std::uint64_t number = o.number;
  const std::string name = fmt::format("order {}", number);
  const region_options limits{.deadline = o.deadline, .cleanup = 5ms};
  auto ended = co_await with_region(name, limits, [this, &o](region r) { return fulfil(o, r); });
  open_orders_.erase(number);
  co_await value_of(std::move(ended));
}

task<> shop::fulfil(order o, region r) {
  open_orders_.emplace(o.number, r);

  // Side by side; the first that fails ends the other two.
  auto reserved = r.spawn("reserve stock", reserve_stock(o, r));
  auto priced = r.spawn("find price", find_price(o));
  auto trusted = r.spawn("check fraud", check_fraud(o));
  auto [holds, cents, nothing_wrong] = co_await value_of(join_all(reserved, priced, trusted));

  auto charged = r.spawn("charge card", charge_card(o, cents));
  co_await value_of(charged.join());

  if (o.review)
    co_await wait_for_review(r, std::move(holds));
  else
    for (hold& h : holds)
      h.ship();
}

task<std::vector<hold>> shop::reserve_stock(order o, region r) {
  auto body = [this, &o, r](region stock) -> task<std::vector<hold>> {
    std::vector<join_handle<hold>> asked;
    asked.reserve(o.items.size());
    for (const order_line& line : o.items) {
      const weather luck = weather_for(o.number, step::shelf + asked.size());
      asked.push_back(stock.spawn(fmt::format("hold {}", line.sku), hold_item(line, r, luck)));
    }
    std::vector<hold> holds;
    holds.reserve(asked.size());
    for (const auto& one : asked)
      holds.push_back(co_await value_of(one.join()));
    co_return std::move(holds);
  };
  auto held = co_await with_region("stock", body);
  co_return std::move(held);
}

task<hold> shop::hold_item(order_line line, region order, weather w) {
  obligation lease =
      order.reserve(obligation_kind::lease, fmt::format("{} × {}", line.quantity, line.sku));
  co_await warehouse_.take(line, w);
  co_return hold{warehouse_, line, std::move(lease)};
}

task<std::uint64_t> shop::find_price(order o) {
  auto found = co_await race(
      named("price cache", price_list::from_cache(o, weather_for(o.number, step::price_cache))),
      named("price service",
            price_list::from_service(o, weather_for(o.number, step::price_service))));
  co_return std::move(found);
}

task<> shop::check_fraud(order o) {
  auto scored = co_await timeout("fraud score", 60ms,
                                 fraud_scoring::score(o, weather_for(o.number, step::fraud)));
  // No answer in time is no reason to lose a customer: small orders go through.
  if (!scored && o.items.size() <= 2) co_return;
  const std::uint32_t score = co_await value_of(std::move(scored));
  if (score >= suspicious_score) co_await fail(fmt::format("suspected fraud: score {}", score));
}

task<> shop::charge_card(order o, std::uint64_t cents) {
  std::uint64_t attempt = 0;
  const auto attempt_payment = [&] {
    ++attempt;
    return timeout(fmt::format("payment attempt {}", attempt), 80ms,
                   charge_once(weather_for(o.number, step::payment + attempt)));
  };
  const bool approved =
      co_await value_of(retry("charge card", {.attempts = 3, .backoff = 5ms}, attempt_payment));
  if (!approved)
    co_await fail(
        fmt::format("the bank declined {}.{:02} on {}", cents / 100, cents % 100, o.card));
}

task<bool> shop::charge_once(weather w) {
  const bool approved = co_await gateway_.authorise(w);
  if (!approved) co_return false;
  auto captured = co_await outcome_of(gateway_.capture(w));
  // Money that was blocked and not taken has to be given back, also when nobody waits for it any more.
  if (captured.is_cancelled()) co_await gateway_.void_authorisation(w);
  co_await value_of(std::move(captured));
  co_return true;
}

task<> shop::wait_for_review(region r, std::vector<hold> holds) {
  auto asked = std::make_shared<review_desk::request>(review_desk::request{.order = r});
  for (hold& h : holds)
    asked->leases.push_back(h.hand_over());
  const auto leave = [asked] { asked->customer_waits = false; };
  co_await on_exit("leave the review desk", leave);
  reviews_.submit(asked);
  while (!asked->decided)
    co_await sleep(2ms);
}

task<> review_desk::work(weather w) {
  for (;;) {
    if (inbox_.empty()) {
      co_await sleep(4ms);
      continue;
    }
    const std::shared_ptr<request> asked = inbox_.front();
    inbox_.pop_front();
    // Nobody waits for this one any more: on to the next. (And nobody thinks of the goods set aside for it.)
    if (!asked->customer_waits) continue;
    co_await sleep(w.latency(33ms, 0.05));
    if (asked->customer_waits) approve(*asked);
  }
}

void review_desk::approve(request& asked) {
  for (const obligation_handle lease : asked.leases)
    obligation{asked.order.runs_on(), lease}.commit();
  asked.order.mark("approved by the review desk");
  asked.decided = true;
}

task<> shop::watch_connections() {
  struct closing {
    milliseconds at;
    std::uint64_t order;
  };
  std::vector<closing> closings;
  for (const order& o : orders_) {
    if (o.leaves_after) closings.push_back({o.arrives + *o.leaves_after, o.number});
  }
  std::ranges::sort(closings, {}, &closing::at);
  milliseconds now{};
  for (const closing& c : closings) {
    if (c.at > now) co_await sleep(c.at - now);
    now = std::max(now, c.at);
    const auto open = open_orders_.find(c.order);
    if (open != open_orders_.end()) open->second.cancel("the customer closed the page");
  }
}

task<> shop::refresh_stock() {
  for (;;) {
    co_await sleep(400ms);
    warehouse_.fill(full_shelf);
  }
}

} // namespace checkout
