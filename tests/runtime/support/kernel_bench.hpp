// A kernel on a table: a clock that the test moves, a trace that it reads, and bodies that do
// nothing but note.
#pragma once

#include "runtime/kernel/kernel.hpp"
#include "tests/runtime/support/trace_law.hpp"
#include "trace-format/kept_trace.hpp"

#include <gmock/gmock.h>

#include <deque>

namespace cancelscope::tests {

using trace::kept_trace;

struct noted_body final : task_body {
  int wakes = 0;
  std::string destroyed_because;

  void wake() noexcept override { ++wakes; }
  outcome_taker destroy(std::string_view why) noexcept override {
    destroyed_because = why;
    return {};
  }
};

struct noted_owner final : region_owner {
  std::optional<outcome<void>> closed;

  void region_closed(outcome<void> collected) noexcept override { closed = std::move(collected); }
};

class kernel_test : public testing::Test {
protected:
  region_handle open(std::string_view name, region_handle parent = {}, region_spec spec = {}) {
    spec.name = name;
    spec.parent = parent;
    return *k.open_region(spec);
  }
  task_handle spawn(std::string_view name, region_handle region, bool is_body = false) {
    bodies.emplace_back();
    return *k.spawn(region, {.name = name,
                             .body = &bodies.back(),
                             .role = is_body ? task_role::body : task_role::member});
  }
  /// Ends the trace and checks its law.
  void TearDown() override {
    k.trace().trace_ended();
    EXPECT_THAT(breaks_of_law(trace.events()), testing::IsEmpty());
  }

  manual_clock clock;
  kept_trace trace;
  std::deque<noted_body> bodies;
  kernel k{clock, &trace};
};

} // namespace cancelscope::tests
