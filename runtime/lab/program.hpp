// What the lab runs again and again: a program, and what may be found of it.
//
// A program is a function that gets a host, runs on it what it wants, and says what was wrong with the end, if
// something was. It must do the same whenever the same comes first: take its randomness from a seed, its time from the
// runtime, and build all it uses anew in every run.
//
// Threading: that of the lab. Failure: in the run; nothing is thrown.
//
//     lab_program program = lab_program_of("transfer", {}, [](region r) -> task<> { ... });
//     lab_run once = run_in_lab(program, lab_seed{42}, &sink);
#pragma once

#include "runtime/lab/lab.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace cancelscope {

struct lab_program {
  std::string name;
  /// Runs on the host; gives what was wrong, as a sentence.
  std::function<std::optional<std::string>(host&)> run;
  /// Guarantees whose breaking is what the program is there to show (by the oracle's name).
  std::vector<std::string> shows{};
  /// Asked before each run for where its events go besides.
  std::function<trace::sink*()> recorded_by{};
};

/// A body as a program. It was wrong when it ended with an error or a panic, or was cancelled because something under
/// it had.
lab_program lab_program_of(std::string name, region_options options,
                           std::function<task<void>(region)> body);

struct lab_limits {
  std::size_t steps = 100'000; ///< of one run
};

struct lab_run {
  std::size_t steps = 0;
  lab_choices choices;
  /// Broken guarantees that the program is not there to show, and, as oracle `program`, what the program found itself.
  std::vector<broken_promise> broken;
};

lab_run run_in_lab(const lab_program& program, scheduler& picks, trace::sink* sink = nullptr,
                   const lab_limits& limits = {});
lab_run run_in_lab(const lab_program& program, const lab_seed& seed, trace::sink* sink = nullptr,
                   const lab_limits& limits = {});

} // namespace cancelscope
