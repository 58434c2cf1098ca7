// Which cancellations a report tells: of those that went alike (the same kind of root cause, the same name, the
// same findings) the one that took longest, the worst sorts first.
//
// Cost: linear. Threading: reads the store only. Failure: none.
#pragma once

#include "inspector/findings/finding.hpp"
#include "inspector/store/trace_store.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace cancelscope::inspector {

struct told_chain {
  task_index victim;
  std::uint64_t alike = 0;              ///< cancelled tasks of that sort, itself included
  std::vector<const finding*> findings; ///< on the victim, or on an obligation of it
};

std::vector<told_chain> worst_chains(const trace_store& trace, std::span<const finding> findings,
                                     std::size_t most);

} // namespace cancelscope::inspector
