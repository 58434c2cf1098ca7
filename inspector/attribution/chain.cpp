#include "inspector/attribution/chain.hpp"

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

std::vector<std::uint32_t> chain_lengths(const trace_store& trace) {
  std::vector<std::uint32_t> lengths(trace.cancels().size());
  std::vector<cancel_index> path;
  for (std::uint32_t i = 0; i < lengths.size(); ++i) {
    for (cancel_index at{i}; at && lengths[at.value()] == 0; at = trace[at].cause)
      path.push_back(at);
    for (; !path.empty(); path.pop_back()) {
      const cancel_index cause = trace[path.back()].cause;
      lengths[path.back().value()] = 1 + (cause ? lengths[cause.value()] : 0);
    }
  }
  return lengths;
}

} // namespace cancelscope::inspector
