// What happens to one order, step by step; each step is one event.
//
// Threading: pure. Failure: none.
#pragma once

#include "trace-format/events.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace cancelscope::bench {

inline constexpr std::size_t tasks_of_order = 3;

enum class step_kind : std::uint8_t {
  open,
  spawn,
  run,
  wait,
  reserve,
  resolve,
  leak,
  release_permit,
  request_deadline,
  request_user,
  request_fail_fast,
  region_drains,
  pass_on,
  drain,
  end_ok,
  end_err,
  end_cancelled,
  join,
  release_task,
  use_stale,
  close,
  release_region,
};

struct planned_step {
  step_kind what{};
  std::size_t task = 0;
  std::uint64_t gap = 0; ///< ns after the step before
  trace::text finding{}; ///< what `check` must find because of it
};

/// The script of an order. Its number decides what becomes of it; `below(n)` gives numbers under n, for the rest.
std::vector<planned_step> script_of(std::uint64_t number,
                                    const std::function<std::uint64_t(std::uint64_t)>& below);

} // namespace cancelscope::bench
