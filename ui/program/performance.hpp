// Running a sample on the current thread, recording it, and asking the inspector whether it agrees.
//
// Threading: one thread. Failure: a proof that does not hold.
//
//     const performance shown = perform(*samples::find_sample("cascade"), {.seed = 7});
//     for (const auto& p : shown.proofs) print(p.holds, p.what);
#pragma once

#include "samples/sample.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace cancelscope::ui {

struct performance_options {
  std::uint64_t seed = 1;
  bool real_time =
      false; ///< wait as long as the sample says; else on virtual time, the same every time
};

struct performance {
  std::vector<samples::proof> proofs; ///< the sample's own, then what `check` says of its trace
  std::string trace;                  ///< JSON Lines
  std::size_t events = 0;

  [[nodiscard]] bool holds() const;
};

performance perform(const samples::sample& shown, const performance_options& options = {});

} // namespace cancelscope::ui
