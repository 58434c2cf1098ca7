// The services behind the shop, as far as their callers can tell: each answers after a while, now and then late.
//
// What is simulated is the other side of the network: how long an answer takes, how much is in the warehouse,
// what the card's bank says. What the shop makes of it is up to checkout.cpp.
//
// Threading: used from the tasks of one executor. Failure: values; a service that refuses says why.
#pragma once

#include "runtime/cancelscope.hpp"
#include "samples/checkout/orders.hpp"

#include <chrono>
#include <map>
#include <random>
#include <string>

namespace checkout {

using cancelscope::task;
using std::chrono::microseconds;

/// Where answers take their time from: each caller's own, so that no other's timing changes it.
class weather {
public:
  weather(std::uint64_t seed, std::uint64_t caller) : random_(seed * 1'000'003 + caller) {}

  /// True in that share of the calls.
  bool chance(double share) { return unit() < share; }
  /// About `usual`; in that share of the calls many times as long.
  microseconds latency(microseconds usual, double late_share = 0.02);

private:
  double unit() { return static_cast<double>(random_() >> 11U) * 0x1.0p-53; }

  std::mt19937_64 random_;
};

/// What is on the shelves. Taking waits for one of its few connections.
class warehouse {
public:
  explicit warehouse(std::map<std::string, std::uint32_t> shelves) : shelves_(std::move(shelves)) {}

  /// Sets that much aside, or fails and says what is left.
  task<> take(order_line line, weather& w);
  void put_back(const order_line& line) { shelves_[line.sku] += line.quantity; }
  /// A delivery arrives: every shelf is filled up to `level`.
  void fill(std::uint32_t level);

private:
  std::map<std::string, std::uint32_t> shelves_;
  cancelscope::semaphore connections_{"warehouse connections", 8};
};

/// What things cost: a cache that answers at once but often does not know, and the service that knows.
class price_list {
public:
  /// Cents. A cache that does not know waits for the service to fill it.
  static task<std::uint64_t> from_cache(order o, weather w);
  static task<std::uint64_t> from_service(order o, weather w);
};

/// Somebody else's judgement of how likely a fraud is; as a rule in time.
class fraud_scoring {
public:
  /// 0 to 100.
  static task<std::uint32_t> score(order o, weather w);
};

/// The bank's side of a card payment.
class card_gateway {
public:
  /// Blocks the amount on the card; false when the bank says no. Fails when the gateway is out of order.
  task<bool> authorise(weather& w);
  /// Takes the money that was blocked.
  task<> capture(weather& w);
  /// Gives back what was blocked. As a rule that takes 1 to 3 ms.
  task<> void_authorisation(weather& w);

private:
  cancelscope::semaphore connections_{"gateway connections", 24};
};

} // namespace checkout
