// The specification (support/conformance.hpp), held against the event loop, on virtual time and on node's.
#include "tests/runtime/support/node_turns.hpp"

#include <gtest/gtest.h>

namespace cancelscope {
namespace {

template <class Clock> struct on_the_event_loop {
  explicit on_the_event_loop(trace::sink& to) : loop(clock, {.name = "conformance", .sink = &to}) {}
  Clock clock;
  tests::waited_for_event_loop loop;
  host& runtime = loop.as_host();
};

using executors_held_to_it =
    testing::Types<on_the_event_loop<virtual_clock>, on_the_event_loop<real_clock>>;

} // namespace
} // namespace cancelscope

#include "tests/runtime/support/conformance.hpp"
