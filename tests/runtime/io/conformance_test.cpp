// The specification (../support/conformance.hpp), held against io_thread.
#include "runtime/io/io_thread.hpp"

#include <gtest/gtest.h>

namespace cancelscope {
namespace {

struct on_the_io_thread {
  explicit on_the_io_thread(trace::sink& to)
      : runtime(clock, {.name = "conformance", .sink = &to}) {}
  virtual_clock clock;
  io_thread runtime;
};

using executors_held_to_it = testing::Types<on_the_io_thread>;

} // namespace
} // namespace cancelscope

#include "tests/runtime/support/conformance.hpp"
#include "tests/runtime/support/offload_spec.hpp"
