// The specification (../support/conformance.hpp), held against the lab, which picks the order from a seed.
#include "runtime/lab/lab.hpp"

#include <gtest/gtest.h>

namespace cancelscope {
namespace {

template <std::uint64_t Seed> struct in_the_lab {
  explicit in_the_lab(trace::sink& to)
      : runtime(picks, {.program = {.name = "conformance", .sink = &to}}) {}
  seeded_scheduler picks{Seed};
  lab runtime;
};

using executors_held_to_it = testing::Types<in_the_lab<1>, in_the_lab<2>, in_the_lab<3>>;

} // namespace
} // namespace cancelscope

#include "tests/runtime/support/conformance.hpp"
