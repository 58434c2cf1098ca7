// Running one finalizer: it never lets an exception out. Private to the kernel.
#pragma once

#include "runtime/kernel/clock.hpp"
#include "runtime/kernel/outcome.hpp"
#include "runtime/kernel/records.hpp"

#include <exception>

namespace cancelscope {

struct finalizer_run {
  time_ns duration = 0;
  outcome<void> ended;
};

inline finalizer_run run_finalizer(const finalizer& f, const clock& time) {
  const time_ns began = time.now();
  try {
    f.run();
    return {time.now() - began, {}};
  } catch (const std::exception& thrown) {
    return {time.now() - began, panic{"finalizer '" + f.label + "' threw: " + thrown.what()}};
  } catch (...) {
    return {time.now() - began, panic{"finalizer '" + f.label + "' threw"}};
  }
}

} // namespace cancelscope
