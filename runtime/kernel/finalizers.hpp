// Running one finalizer: it never lets an exception out. Private to the kernel.
#pragma once

#include "runtime/kernel/clock.hpp"
#include "runtime/kernel/kernel_lock.hpp"
#include "runtime/kernel/outcome.hpp"
#include "runtime/kernel/records.hpp"

#include <exception>

namespace cancelscope {

struct finalizer_run {
  time_ns duration;
  outcome<void> ended;
};

/// What the function holds goes before this returns: it may need the runtime, and so may its destructors.
inline outcome<void> outcome_of_finalizer(finalizer& f) {
  const user_code outside;
  try {
    f.run();
    f.run = nullptr;
    return {};
  } catch (const std::exception& thrown) {
    return panic{"finalizer '" + f.label + "' threw: " + thrown.what()};
  } catch (...) {
    return panic{"finalizer '" + f.label + "' threw"};
  }
}

inline finalizer_run run_finalizer(finalizer& f, const clock& time) {
  const time_ns began = time.now();
  outcome<void> ended = outcome_of_finalizer(f);
  time.catch_up();
  return {time.now() - began, std::move(ended)};
}

} // namespace cancelscope
