// The specification (support/conformance.hpp), held against the executors of the runtime itself.
#include "runtime/cancelscope.hpp"

#include <gtest/gtest.h>

namespace cancelscope {
namespace {

struct on_the_current_thread {
  explicit on_the_current_thread(trace::sink& to)
      : runtime(clock, {.name = "conformance", .sink = &to}) {}
  virtual_clock clock;
  current_thread runtime;
};

using executors_held_to_it = testing::Types<on_the_current_thread>;

} // namespace
} // namespace cancelscope

#include "tests/runtime/support/conformance.hpp"
