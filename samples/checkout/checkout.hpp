// The order service: what happens to an order between the click and the parcel.
//
// Each order is a region with a deadline. In it stock, price and fraud score are asked for side by side; then the
// card is charged, with retries; orders marked for review wait for a person. Customers close the page, banks are
// late, shelves are empty: then the rest of the order is cancelled, and cleans up after itself.
//
// Threading: the tasks of one executor. Failure: an order's outcome.
#pragma once

#include "samples/checkout/services.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace checkout {

using cancelscope::outcome;
using cancelscope::region;

/// Something set aside for an order: it ships, or it goes back on the shelf.
class hold {
public:
  hold(warehouse& from, order_line line, cancelscope::obligation lease);
  hold(hold&& from) noexcept = default;
  hold& operator=(hold&& from) = delete;
  /// Not shipped: it goes back.
  ~hold();

  void ship();
  /// Leaves the goods where they are, set aside; whoever takes the handle has to decide.
  [[nodiscard]] cancelscope::obligation_handle hand_over();

private:
  warehouse* from_;
  order_line line_;
  cancelscope::obligation lease_;
};

/// A person who looks at orders that are marked for review, one after the other.
class review_desk {
public:
  struct request {
    region order;
    std::vector<cancelscope::obligation_handle> leases{};
    bool customer_waits = true;
    bool decided = false;
  };

  void submit(std::shared_ptr<request> asked) { inbox_.push_back(std::move(asked)); }
  /// Works until it is cancelled.
  task<> work(weather w);

private:
  static void approve(request& asked);

  std::deque<std::shared_ptr<request>> inbox_;
};

/// How many orders ended how.
struct tally {
  std::uint32_t shipped = 0;
  std::uint32_t refused = 0;   ///< no stock, no money, suspected fraud
  std::uint32_t cancelled = 0; ///< too late, or the customer left
  std::uint32_t panicked = 0;  ///< the clean-up had to be stopped
};

class shop {
public:
  shop(std::vector<order> orders, std::uint64_t seed);

  /// Opens, handles all orders as they arrive, and returns when the last one is over. What works in the
  /// background goes on until `service` ends.
  task<> open(region service);

  [[nodiscard]] const tally& counted() const noexcept { return tally_; }

private:
  task<> accept_orders(region orders);
  task<> serve(order o);
  task<> fulfil(order o, region r);
  task<std::vector<hold>> reserve_stock(order o, region r);
  task<hold> hold_item(order_line line, region order, weather w);
  task<std::uint64_t> find_price(order o);
  task<> check_fraud(order o);
  task<> charge_card(order o, std::uint64_t cents);
  task<bool> charge_once(weather w);
  task<> wait_for_review(region r, std::vector<hold> holds);
  task<> watch_connections();
  task<> refresh_stock();
  void count(const outcome<void>& ended);
  [[nodiscard]] weather weather_for(std::uint64_t number, std::uint64_t step) const;

  std::vector<order> orders_;
  std::uint64_t seed_;
  warehouse warehouse_;
  card_gateway gateway_;
  review_desk reviews_;
  std::map<std::uint64_t, region> open_orders_;
  tally tally_;
};

} // namespace checkout
