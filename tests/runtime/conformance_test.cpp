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

#ifdef __EMSCRIPTEN__ // which has one thread
using executors_held_to_it = testing::Types<on_the_current_thread>;
#else
template <unsigned Threads> struct on_a_pool {
  explicit on_a_pool(trace::sink& to)
      : runtime(clock, Threads, {.name = "conformance", .sink = &to}) {}
  virtual_clock clock;
  thread_pool runtime;
};
using on_a_pool_of_one = on_a_pool<1>;
using on_a_pool_of_four = on_a_pool<4>;

using executors_held_to_it =
    testing::Types<on_the_current_thread, on_a_pool_of_one, on_a_pool_of_four>;
#endif

} // namespace
} // namespace cancelscope

#include "tests/runtime/support/conformance.hpp"
#ifndef __EMSCRIPTEN__
#include "tests/runtime/support/offload_spec.hpp"
#endif
