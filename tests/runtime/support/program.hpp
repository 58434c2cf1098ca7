// A program on the current thread and a virtual clock, whose trace is checked when it has run.
#pragma once

#include "runtime/cancelscope.hpp"
#include "tests/runtime/support/trace_law.hpp"
#include "trace-format/kept_trace.hpp"

#include <gmock/gmock.h>

#include <optional>

namespace cancelscope::tests {

using namespace std::chrono_literals;
using trace::kept_trace;

/// ns, as the trace writes them
constexpr time_ns in_ns(std::chrono::nanoseconds d) {
  return static_cast<time_ns>(d.count());
}

class program_test : public testing::Test {
protected:
  /// Runs the body as a program of its own; then the trace is complete, and nothing may live any
  /// more.
  template <class Body>
  auto run(const region_options& options, Body body,
           const std::source_location& where = std::source_location::current()) {
    current_thread runtime{clock, {.name = "test", .sink = &trace}};
    auto ended = runtime.run("root", options, std::move(body), where);
    kernel_counts left = runtime.core().counts();
    leaked = left.leaked;
    left.leaked = left.refused = 0;
    EXPECT_EQ(left, kernel_counts{}) << "something lives on";
    return ended;
  }
  template <class Body>
  auto run(Body body, const std::source_location& where = std::source_location::current()) {
    return run(region_options{}, std::move(body), where);
  }

  void TearDown() override {
    if (trace.events().empty()) return; // the test ran its program somewhere else
    EXPECT_THAT(breaks_of_law(trace.events()), testing::IsEmpty());
  }

  virtual_clock clock;
  kept_trace trace;
  std::size_t leaked = 0;
};

/// Appends to a text when it goes: to see which destructors ran, and in which order.
class noted_end {
public:
  noted_end(std::string& into, std::string what) : into_(into), what_(std::move(what)) {}
  noted_end(const noted_end&) = delete;
  noted_end& operator=(const noted_end&) = delete;
  ~noted_end() { into_ += what_; }

private:
  std::string& into_;
  std::string what_;
};

inline task<int> answer_after(nanoseconds pause, int answer) {
  co_await sleep(pause);
  co_return answer;
}

inline task<int> fail_after(nanoseconds pause, std::string why) {
  co_await sleep(pause);
  co_return error{std::move(why)};
}

inline task<void> sleep_for(nanoseconds pause) {
  co_await sleep(pause);
}

} // namespace cancelscope::tests
