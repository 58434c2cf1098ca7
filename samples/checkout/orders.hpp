// The orders of a day, read from a file of JSON Lines.
//
// Threading: values. Failure: the first line that is no order, named with its number.
#pragma once

#include "trace-format/result.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace checkout {

using std::chrono::milliseconds;

struct order_line {
  std::string sku;
  std::uint32_t quantity = 1;
};

/// `{"order":1042,"customer":"Ada","arrives_ms":12,"deadline_ms":250,"card":"visa","items":[{"sku":"desk-lamp","quantity":2}]}`;
/// `leaves_after_ms` and `review` may be left out.
struct order {
  std::uint64_t number = 0;
  std::string customer;
  milliseconds arrives{};  ///< after the shop opened
  milliseconds deadline{}; ///< after it arrived
  std::optional<milliseconds>
      leaves_after;    ///< the customer closes the page that long after arriving
  bool review = false; ///< a person looks at it before it ships
  std::string card;
  std::vector<order_line> items;
};

cancelscope::trace::result<std::vector<order>> read_orders(const std::string& path);

} // namespace checkout
