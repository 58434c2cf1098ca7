// Two runs of one program side by side: who in the one is who in the other. Ids differ from run to run, so
// regions, tasks and obligations are paired by name and place in the tree: of the children of a pair, the first
// of a name with the first of that name, the second with the second, in the order they were opened.
//
// Cost: linear in both traces; no recursion. Threading: reads the stores only, which must outlive it. Failure:
// none.
//
//     const alignment both(a, b);
//     for (const aligned& pair : both.pairs()) …
#pragma once

#include "inspector/store/trace_store.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace cancelscope::inspector {

/// One of the two is none where it is in one trace only; then nothing below it is listed.
struct aligned {
  entity a;
  entity b;
};

class alignment {
public:
  alignment(const trace_store& a, const trace_store& b);

  /// Parents before children; of one parent regions, tasks and obligations in the order of the first trace.
  [[nodiscard]] std::span<const aligned> pairs() const { return pairs_; }
  /// Who it is in the second trace; none for those that are in the first only.
  [[nodiscard]] entity in_b(entity a) const;

private:
  template <class Index, class NameA, class NameB>
  void pair_up(std::span<const Index> in_a, std::span<const Index> in_b, NameA name_a,
               NameB name_b);
  void pair_obligations(entity owner_a, entity owner_b);

  const trace_store& a_;
  const trace_store& b_;
  std::vector<aligned> pairs_;
  std::unordered_map<entity, entity> in_b_;
};

/// Where it is in the tree, by names: "checkout / order 7 / attempt #2"; of a deep one the last few.
std::string place_of(const trace_store& trace, entity who);

} // namespace cancelscope::inspector
