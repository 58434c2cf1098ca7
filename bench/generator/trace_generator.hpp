// Makes traces of any size, of a plausible shape, and says beforehand what is true of them: for measurements at scale, and
// for tests that the answers stay right there.
//
// The trace is of a service that handles orders, many at a time. Each order is a region with three tasks that run, wait,
// and hold a permit; some orders run into their deadline, some are cancelled by a user, and of some one task fails, which
// cancels the others. Slots are recycled, last in, first out. Now and then something is wrong, in ways that `check` finds.
//
// Threading: pure. Failure: none. The same plan gives the same trace and the same answers.
//
//     std::string lines;
//     const known_answers answers = generate({.events = 1'000'000}, [&](const trace::event& e) { writer.append(e, lines); });
#pragma once

#include "trace-format/events.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace cancelscope::bench {

struct trace_plan {
  std::uint64_t events = 1000; ///< exactly so many, `end` included and the header not; 200 at least
  std::uint64_t seed = 1;
  std::uint32_t in_flight = 64; ///< orders that are handled at a time
};

/// Why one task was cancelled.
struct known_chain {
  std::string task;
  std::vector<std::string> cancels; ///< from the one in effect to the root cause
  std::vector<std::string> kinds;
  std::string root_message;
};

/// A handle that was presented when its task was gone.
struct known_stale_use {
  std::string id;
  std::string by;
  std::uint64_t t = 0;
};

/// An order that one task kept from closing.
struct known_hold_up {
  std::string region;
  std::string by;
};

struct known_answers {
  std::uint64_t events = 0;
  std::uint64_t duration = 0; ///< the `t` of `end`
  std::uint64_t regions = 0;
  std::uint64_t tasks = 0;
  std::uint64_t cancels = 0;
  std::uint64_t obligations = 0;
  std::uint64_t max_depth = 0;
  std::map<std::string, std::uint64_t> by_kind;
  std::map<std::string, std::uint64_t> outcomes;
  std::map<std::string, std::uint64_t> findings; ///< by code
  std::vector<known_chain> chains;               ///< some, from the whole length of the trace
  std::vector<known_stale_use> stale_uses;       ///< the first ones
  std::vector<known_hold_up> hold_ups;           ///< the first ones
};

known_answers generate(const trace_plan& plan,
                       const std::function<void(const trace::event&)>& write);

/// The answers as JSON, with the names that `stats`, `explain` and `check` use.
std::string to_json(const known_answers& answers);

} // namespace cancelscope::bench
