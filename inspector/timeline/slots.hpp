// Who had which slot from when to when, who used it stale, and where a slot was reused out of
// last-in-first-out order: what the heatmap draws and `slots` prints.
//
// Cost: one pass over the trace; keep the answer as long as the store. Threading: a value.
#pragma once

#include "inspector/store/trace_store.hpp"

#include <cstdint>
#include <vector>

namespace cancelscope::inspector {

struct tenancy {
  entity who;
  event_index from;
  event_index to; ///< its release; none while it is held
};

struct stale_access {
  event_index at;
  std::uint64_t generation = 0; ///< the one presented
};

struct slot_history {
  std::uint64_t slot = 0;
  std::vector<tenancy> tenancies;  ///< oldest first
  std::vector<stale_access> stale; ///< oldest first
};

/// A slot was taken from the free list out of turn.
struct lifo_break {
  event_index at;
  entity who;                      ///< who got the wrong slot
  std::uint64_t expected_slot = 0; ///< the one released last
};

struct slot_table {
  std::vector<slot_history> regions; ///< by slot
  std::vector<slot_history> tasks;
  std::vector<slot_history> obligations;
  std::vector<lifo_break> lifo_breaks; ///< in order of time
};

slot_table slots_of(const trace_store& trace);

} // namespace cancelscope::inspector
