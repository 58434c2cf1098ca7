// Runs Google Benchmark's registered benchmarks, interleaved, and prints medians and what each costs as a multiple
// of its floor: only ratios of one run mean anything on a machine that others use too.
//
// Threading: main thread. Failure: a benchmark that fails prints its message and has no row.
#pragma once

#include <string>
#include <vector>

namespace cancelscope::bench {

struct row {
  std::string title;     ///< what the table says
  std::string benchmark; ///< a registered benchmark's name
  std::string floor;     ///< the one it is compared with; empty: none
};

/// For main: `argv` as Google Benchmark takes it. Returns the exit status.
int print_ratios(int argc, char** argv, const std::vector<row>& rows);

} // namespace cancelscope::bench
