// Budgets: what a stretch of work may use, and how two limits on the same work become one.
#pragma once

#include "trace-format/events.hpp"

namespace cancelscope {

/// `{deadline, polls, cost, priority}`; an absent limit is unlimited. Deadlines are ns since the
/// trace began.
using budget = trace::budget_limits;

/// Unlimited, priority 0: combining with it changes nothing.
inline constexpr budget unlimited{};

/// The earlier deadline, the lower quotas, the higher priority. Associative, commutative and
/// idempotent.
constexpr budget combine(const budget& a, const budget& b) {
  constexpr auto tighter = [](const auto& x, const auto& y) {
    if (!x) return y;
    if (!y) return x;
    return *x < *y ? x : y;
  };
  return {.deadline = tighter(a.deadline, b.deadline),
          .polls = tighter(a.polls, b.polls),
          .cost = tighter(a.cost, b.cost),
          .priority = a.priority > b.priority ? a.priority : b.priority};
}

constexpr bool is_limited(const budget& b) {
  return b != unlimited;
}

} // namespace cancelscope
