#include "samples/checkout/orders.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <fstream>

namespace checkout {
namespace {

using nlohmann::json;

order order_of(const json& line) {
  order o{.number = line.at("order").get<std::uint64_t>(),
          .customer = line.at("customer").get<std::string>(),
          .arrives = milliseconds{line.at("arrives_ms").get<std::uint32_t>()},
          .deadline = milliseconds{line.at("deadline_ms").get<std::uint32_t>()},
          .leaves_after = {},
          .review = line.value("review", false),
          .card = line.at("card").get<std::string>(),
          .items = {}};
  if (line.contains("leaves_after_ms"))
    o.leaves_after = milliseconds{line["leaves_after_ms"].get<std::uint32_t>()};
  for (const json& item : line.at("items")) {
    o.items.push_back({.sku = item.at("sku").get<std::string>(),
                       .quantity = item.at("quantity").get<std::uint32_t>()});
  }
  return o;
}

} // namespace

cancelscope::trace::result<std::vector<order>> read_orders(const std::string& path) {
  std::ifstream file(path);
  if (!file)
    return cancelscope::trace::failure{
        fmt::format("{}: the file of orders cannot be opened", path)};
  std::vector<order> orders;
  std::string line;
  for (std::size_t number = 1; std::getline(file, line); ++number) {
    if (line.empty()) continue;
    try {
      orders.push_back(order_of(json::parse(line)));
    } catch (const json::exception& why) {
      return cancelscope::trace::failure{
          fmt::format("{}:{}: not an order: {}", path, number, why.what())};
    }
  }
  return orders;
}

} // namespace checkout
