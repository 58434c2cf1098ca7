// What the server is there for: orders. Stock and price are asked for side by side, then the card is charged.
//
// Threading: the tasks of one executor. Failure: the outcome of the order.
#pragma once

#include "runtime/cancelscope.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace order_server {

using cancelscope::outcome;
using cancelscope::region;
using cancelscope::task;

struct order_line {
  std::string sku;
  std::uint32_t quantity = 0;
};

/// "lamp 2", a line each; an error says which line is none.
outcome<std::vector<order_line>> lines_of(std::string_view text);

struct order {
  std::uint64_t number = 0;
  std::vector<order_line> lines{};
  std::uint64_t cents = 0;

  [[nodiscard]] std::string to_text() const;
};

class shop {
public:
  /// Places an order. Fails when something is not there; whatever ends it, what was set aside goes back on the shelf.
  task<order> place(region r, std::vector<order_line> lines);
  [[nodiscard]] const order* find(std::uint64_t number) const;

private:
  class hold;

  task<std::vector<hold>> reserve_stock(std::vector<order_line> lines, region r);
  task<hold> hold_item(order_line line, region r);
  task<std::uint64_t> find_price(std::vector<order_line> lines);
  task<> charge_card(std::uint64_t cents);

  std::map<std::string, std::uint32_t> shelves_{
      {"lamp", 50}, {"chair", 40}, {"table", 10}, {"clock", 5}};
  std::map<std::uint64_t, order> placed_;
};

} // namespace order_server
