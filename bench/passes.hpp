// Passes over the same material, timed interleaved: by Google Benchmark natively, and where that is not to be had, as
// WebAssembly under node, by a loop that does the same with less.
//
// Threading: main thread. Failure: a pass says what went wrong; it then has no row, and the exit status is 1.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace cancelscope::bench {

struct pass {
  std::string title; ///< what the table says
  std::string name;
  std::string floor;       ///< the name of the one it is compared with; empty: none
  std::uint64_t items = 1; ///< the table gives the time of one
  /// Goes over all items once; a sentence where the result was not what it has to be.
  std::function<std::optional<std::string>()> run;
};

/// For main: `argv` as Google Benchmark takes it. Returns the exit status.
int print_passes(int argc, char** argv, const std::vector<pass>& passes);

} // namespace cancelscope::bench
