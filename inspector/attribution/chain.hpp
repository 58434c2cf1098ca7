// Chains of cause: from a cancel back to its root cause. Forward, to all that it led to: effects.hpp.
//
// Cost: linear in what is walked; no recursion, so a chain of a million is only long. Cycles end where the
// loader cut them.
// Threading: reads the store only. Failure: a chain that is cut says where and why.
#pragma once

#include "inspector/store/trace_store.hpp"

#include <cstdint>
#include <vector>

namespace cancelscope::inspector {

struct cause_chain {
  std::vector<cancel_index> links;  ///< from the cancel asked about to the last one known
  chain_cut cut = chain_cut::whole; ///< why it ends at the last link
  [[nodiscard]] bool complete() const { return cut == chain_cut::whole; }
  /// None where there are no links, or the chain is cut.
  [[nodiscard]] cancel_index root_cause() const;
  /// The last cancel known of a cut chain, none where it is complete.
  [[nodiscard]] cancel_index truncated_at() const;
};

cause_chain chain_from(const trace_store& trace, cancel_index cancel);

/// For every cancel the last one known of its chain: its root cause, or where it is cut. Indexed by cancel_index.
std::vector<cancel_index> chain_ends(const trace_store& trace);

/// For every cancel the number of links of its chain. Indexed by cancel_index.
std::vector<std::uint32_t> chain_lengths(const trace_store& trace);

} // namespace cancelscope::inspector
