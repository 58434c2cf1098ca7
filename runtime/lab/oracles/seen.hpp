// What several oracles need to note of what they saw. Private to the oracles.
#pragma once

#include "runtime/lab/oracle.hpp"

#include <unordered_map>

namespace cancelscope::oracles {

/// Something known of each entity that is there: from its introduction to its release.
template <class Facts> using facts_of = std::unordered_map<trace::entity_id, Facts>;

template <class Facts> Facts* find(facts_of<Facts>& known, trace::entity_id id) {
  const auto at = known.find(id);
  return at == known.end() ? nullptr : &at->second;
}

/// Calls the oracle's own `saw` for the event. An oracle has one for each event that it looks at, and one for all
/// others.
template <class Oracle> void dispatch(Oracle& to, const trace::event& e) {
  std::visit([&to](const auto& body) { to.saw(body); }, e.body);
}

inline std::string said(trace::entity_id id, std::string_view what) {
  std::string sentence = to_string(id);
  sentence += ' ';
  sentence += what;
  return sentence;
}

} // namespace cancelscope::oracles
