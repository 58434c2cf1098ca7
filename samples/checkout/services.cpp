#include "samples/checkout/services.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace checkout {

using namespace std::chrono_literals;
using namespace cancelscope;

namespace {

std::uint64_t cents_of(const order& o) {
  std::uint64_t cents = 490; // shipping
  for (const order_line& line : o.items)
    cents += line.quantity * (1000 + 350 * line.sku.size());
  return cents;
}

} // namespace

microseconds weather::latency(microseconds usual, double late_share) {
  const bool late = chance(late_share);
  const double factor = late ? 4.0 + 8.0 * unit() : 0.6 + 0.8 * unit();
  return microseconds{static_cast<std::int64_t>(static_cast<double>(usual.count()) * factor)};
}

task<> warehouse::take(order_line line, weather& w) {
  const permit connection = co_await connections_.acquire();
  co_await sleep(w.latency(6ms));
  std::uint32_t& left = shelves_[line.sku];
  if (left < line.quantity) {
    co_await fail(fmt::format("{} {} wanted, {} left", line.quantity, line.sku, left));
  }
  left -= line.quantity;
}

void warehouse::fill(std::uint32_t level) {
  for (auto& [sku, left] : shelves_)
    left = std::max(left, level);
}

task<std::uint64_t> price_list::from_cache(order o, weather w) {
  const bool knows = w.chance(0.6);
  co_await sleep(knows ? w.latency(800us) : w.latency(40ms));
  co_return cents_of(o);
}

task<std::uint64_t> price_list::from_service(order o, weather w) {
  co_await sleep(w.latency(12ms));
  co_return cents_of(o);
}

task<std::uint32_t> fraud_scoring::score(order o, weather w) {
  co_await sleep(w.latency(18ms, 0.08));
  co_return static_cast<std::uint32_t>(o.items.size() * 12 + (w.chance(0.02) ? 60 : 0));
}

task<bool> card_gateway::authorise(weather& w) {
  const permit connection = co_await connections_.acquire();
  co_await sleep(w.latency(14ms, 0.07));
  if (w.chance(0.04)) co_return error{"the card gateway answered 503"};
  co_return !w.chance(0.02);
}

task<> card_gateway::capture(weather& w) {
  co_await sleep(w.latency(22ms, 0.12));
}

task<> card_gateway::void_authorisation(weather& w) {
  co_await sleep(w.latency(2ms, 0.12));
}

} // namespace checkout
