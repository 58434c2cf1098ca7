// Running a sample in the lab, recording it, and asking oracles and the inspector whether they agree.
//
// Threading: one thread. Failure: a proof that does not hold.
//
//     const performance shown = perform(*samples::find_sample("cascade"), {.seed = 7, .schedule = lab_seed{7U}});
//     for (const auto& p : shown.proofs) print(p.holds, p.what);
#pragma once

#include "runtime/lab/seed.hpp"
#include "samples/sample.hpp"
#include "ui/program/lab_programs.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace cancelscope::ui {

struct performance_options {
  std::uint64_t seed = 1;            ///< what the sample's own choices are drawn from
  lab_seed schedule = lab_choices{}; ///< what comes first where several things could
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
/// Of a program that is no sample: what is broken under that schedule.
performance perform(const named_program& shown, const performance_options& options = {});

} // namespace cancelscope::ui
