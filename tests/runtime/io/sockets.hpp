// A program on an io_thread whose trace is checked when it has run, and which must have closed every descriptor it opened.
#pragma once

#include "runtime/cancelscope.hpp"
#include "runtime/io/io_thread.hpp"
#include "runtime/io/tcp_listener.hpp"
#include "tests/runtime/support/trace_law.hpp"
#include "trace-format/kept_trace.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <iterator>
#include <utility>

namespace cancelscope::tests {

using namespace std::chrono_literals;
using trace::kept_trace;

inline std::ptrdiff_t open_descriptors() {
  const std::filesystem::directory_iterator all{"/proc/self/fd"};
  return std::distance(begin(all), end(all));
}

class sockets_test : public testing::Test {
protected:
  /// Runs `body(reactor, region)`. A program that hangs is stopped, which no test expects of a root.
  template <class Body> outcome<void> run(Body body) {
    real_clock clock;
    return run_on(clock, {.deadline = 60s}, std::move(body));
  }
  template <class Body>
  outcome<void> run_on(executor_clock& clock, const region_options& options, Body body) {
    const std::ptrdiff_t before = open_descriptors();
    outcome<void> ended;
    {
      io_thread runtime{clock, {.name = "test", .sink = &trace}};
      ended = runtime.run("root", options, [&](region r) { return body(runtime.io(), r); });
      EXPECT_EQ(runtime.core().counts(), kernel_counts{}) << "something lives on";
    }
    EXPECT_EQ(open_descriptors(), before) << "a descriptor is left open";
    EXPECT_THAT(breaks_of_law(trace.events()), testing::IsEmpty());
    return ended;
  }

  /// Until so many waits for the outside were begun; a task that has just been spawned begins one, say.
  task<void> until_waits(std::size_t count) {
    while (waits_for_io() < count)
      co_await yield();
  }
  std::size_t waits_for_io() const {
    return trace
        .all<trace::task_wait>([](const auto& wait) { return wait.on == trace::wait_reason::io; })
        .size();
  }

  using two_ends = std::pair<tcp_stream, tcp_stream>;
  static task<two_ends> connected(reactor& on) {
    tcp_listener listener = co_await value_of(tcp_listener::listen(on, "127.0.0.1", 0));
    tcp_stream near = co_await tcp_stream::connect(on, "127.0.0.1", listener.port());
    tcp_stream far = co_await listener.accept();
    co_return two_ends{std::move(near), std::move(far)};
  }

  kept_trace trace;
};

} // namespace cancelscope::tests
