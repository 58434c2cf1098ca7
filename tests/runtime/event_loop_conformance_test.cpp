// The specification (support/conformance.hpp), held against the event loop, in turns of node's.
#include "tests/runtime/support/node_turns.hpp"

#include <gtest/gtest.h>

namespace cancelscope {
namespace {

struct on_the_event_loop {
  explicit on_the_event_loop(trace::sink& to) : loop(clock, {.name = "conformance", .sink = &to}) {}
  virtual_clock clock;
  tests::waited_for_event_loop loop;
  host& runtime = loop.as_host();
};

using executors_held_to_it = testing::Types<on_the_event_loop>;

} // namespace
} // namespace cancelscope

#include "tests/runtime/support/conformance.hpp"
