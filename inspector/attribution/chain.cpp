#include "inspector/attribution/chain.hpp"

#include <algorithm>
#include <unordered_set>

namespace cancelscope::inspector {

cancel_index cause_chain::root_cause() const {
  return complete() && !links.empty() ? links.back() : cancel_index{};
}

cancel_index cause_chain::truncated_at() const {
  return complete() || links.empty() ? cancel_index{} : links.back();
}

cause_chain chain_from(const trace_store& trace, cancel_index cancel) {
  cause_chain chain;
  for (cancel_index at = cancel; at; at = trace[at].cause) {
    chain.links.push_back(at);
    chain.cut = trace[at].cut;
  }
  return chain;
}

std::vector<effect> effects_from(const trace_store& trace, cancel_index cancel) {
  std::vector<effect> found;
  std::vector<effect> ahead; // the next one to visit is the last
  const auto look_at = [&](cancel_index from, std::uint32_t depth) {
    const auto caused = trace.effects_of(from);
    for (auto c = caused.rbegin(); c != caused.rend(); ++c)
      ahead.push_back({*c, depth});
  };
  look_at(cancel, 1);
  while (!ahead.empty()) {
    const effect next = ahead.back();
    ahead.pop_back();
    found.push_back(next);
    look_at(next.cancel, next.depth + 1);
  }
  return found;
}

effect_counts count_effects(const trace_store& trace, cancel_index cancel) {
  effect_counts counts;
  std::unordered_set<entity> seen;
  const auto count = [&](cancel_index c) {
    const cancel_row& row = trace[c];
    if (!row.took_effect() || !seen.insert(row.target).second) return;
    if (const auto task = row.target.as<task_index>()) {
      ++counts.tasks;
      if (!trace[task].completed()) ++counts.not_done;
    } else {
      ++counts.regions;
    }
  };
  count(cancel);
  for (const effect& e : effects_from(trace, cancel)) {
    ++counts.requests;
    count(e.cancel);
  }
  return counts;
}

std::vector<cancel_index> chain_ends(const trace_store& trace) {
  const auto count = static_cast<std::uint32_t>(trace.cancels().size());
  std::vector<cancel_index> ends(count);
  std::vector<cancel_index> path;
  for (std::uint32_t i = 0; i < count; ++i) {
    cancel_index at{i};
    while (!ends[at.value()] && trace[at].cause) {
      path.push_back(at);
      at = trace[at].cause;
    }
    const cancel_index end = ends[at.value()] ? ends[at.value()] : at;
    ends[at.value()] = end;
    for (const cancel_index passed : path)
      ends[passed.value()] = end;
    path.clear();
  }
  return ends;
}

} // namespace cancelscope::inspector
