#include "samples/server/shop.hpp"

#include <fmt/format.h>

#include <charconv>

namespace order_server {

using namespace std::chrono_literals;
using namespace cancelscope;

namespace {

/// The clocks stand in the cellar, and somebody has to go there.
constexpr auto way_to_the_cellar = 60s;
constexpr auto way_to_the_shelf = 2ms;

std::uint64_t price_of(const std::string& sku) {
  return 1000 + 350 * sku.size();
}

} // namespace

outcome<std::vector<order_line>> lines_of(std::string_view text) {
  std::vector<order_line> lines;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line.empty()) continue;
    const std::size_t space = line.find(' ');
    const std::string_view count = space == std::string_view::npos ? "" : line.substr(space + 1);
    std::uint32_t quantity = 0;
    std::from_chars(count.data(), count.data() + count.size(), quantity);
    if (quantity == 0) return error{fmt::format("'{}' is no line such as 'lamp 2'", line)};
    lines.push_back({std::string{line.substr(0, space)}, quantity});
  }
  if (lines.empty()) return error{"there is nothing in this order"};
  return lines;
}

std::string order::to_text() const {
  std::string made = fmt::format("order {}:", number);
  for (const order_line& line : lines)
    made += fmt::format(" {} × {},", line.quantity, line.sku);
  made += fmt::format(" {}.{:02}\n", cents / 100, cents % 100);
  return made;
}

/// Something set aside: it is sold, or it goes back on the shelf.
class shop::hold {
public:
  hold(shop& from, order_line line, obligation lease)
      : from_(&from), line_(std::move(line)), lease_(std::move(lease)) {}
  hold(hold&& other) noexcept
      : from_(std::exchange(other.from_, nullptr)), line_(std::move(other.line_)),
        lease_(std::move(other.lease_)) {}
  hold& operator=(hold&&) = delete;
  ~hold() {
    if (from_ != nullptr) from_->shelves_[line_.sku] += line_.quantity;
  }

  void sell() {
    from_ = nullptr;
    lease_.commit();
  }

private:
  shop* from_;
  order_line line_;
  obligation lease_;
};

task<order> shop::place(region r, std::vector<order_line> lines) {
  // Side by side; the first that fails ends the other.
  auto reserved = r.spawn("reserve stock", reserve_stock(lines, r));
  auto priced = r.spawn("find price", find_price(lines));
  auto [holds, cents] = co_await value_of(join_all(reserved, priced));

  auto charged = r.spawn("charge card", charge_card(cents));
  co_await value_of(charged.join());

  for (hold& each : holds)
    each.sell();
  const std::uint64_t number = placed_.size() + 1;
  co_return placed_[number] = {number, std::move(lines), cents};
}

const order* shop::find(std::uint64_t number) const {
  const auto found = placed_.find(number);
  return found == placed_.end() ? nullptr : &found->second;
}

task<std::vector<shop::hold>> shop::reserve_stock(std::vector<order_line> lines, region r) {
  std::vector<hold> holds;
  holds.reserve(lines.size());
  for (const order_line& line : lines)
    holds.push_back(co_await hold_item(line, r));
  co_return std::move(holds);
}

task<shop::hold> shop::hold_item(order_line line, region r) {
  const auto shelf = shelves_.find(line.sku);
  const std::uint32_t left = shelf == shelves_.end() ? 0 : shelf->second;
  if (left < line.quantity)
    co_return error{fmt::format("{} × {} wanted, {} left", line.quantity, line.sku, left)};
  shelf->second -= line.quantity;
  hold aside{*this, line,
             r.reserve(obligation_kind::lease, fmt::format("{} × {}", line.quantity, line.sku))};
  if (line.sku == "clock")
    co_await sleep(way_to_the_cellar);
  else
    co_await sleep(way_to_the_shelf);
  co_return std::move(aside);
}

task<std::uint64_t> shop::find_price(std::vector<order_line> lines) {
  co_await sleep(3ms);
  std::uint64_t cents = 490; // shipping
  for (const order_line& line : lines)
    cents += line.quantity * price_of(line.sku);
  co_return cents;
}

task<> shop::charge_card(std::uint64_t cents) {
  constexpr std::uint64_t most = 100'000;
  co_await sleep(5ms);
  if (cents > most) co_await fail("the bank declined the card");
}

} // namespace order_server
