// The tests' own checker must catch what it is there to catch.
#include "tests/runtime/support/trace_law.hpp"

#include <gmock/gmock.h>

namespace cancelscope::tests {
namespace {

using namespace trace;
using testing::Contains;
using testing::IsEmpty;

const region_id r{0, 1};
const task_id t{0, 1};

std::vector<std::string> breaks(std::vector<event_body> bodies) {
  std::vector<event> events;
  for (auto& body : bodies)
    events.push_back({.body = std::move(body)});
  return breaks_of_law(events);
}

TEST(the_law_of_traces, is_kept_by_a_small_legal_trace) {
  EXPECT_THAT(
      breaks({region_open{.region = r}, task_spawn{.task = t, .region = r}, task_end{.task = t},
              task_join{.task = t}, slot_release{.id = t},
              region_moved{.region = r, .state = region_state::closing},
              region_moved{.region = r, .state = region_state::closed, .outcome = outcome_kind::ok},
              slot_release{.id = r}, end_of_trace{}}),
      IsEmpty());
}

TEST(the_law_of_traces, is_broken_by_an_orphan) {
  EXPECT_THAT(
      breaks(
          {region_open{.region = r}, task_spawn{.task = t, .region = r},
           region_moved{.region = r, .state = region_state::closed, .outcome = outcome_kind::ok}}),
      Contains("r0.1 has an orphan task"));
}

TEST(the_law_of_traces, is_broken_by_a_state_that_goes_back) {
  EXPECT_THAT(
      breaks({region_open{.region = r}, region_moved{.region = r, .state = region_state::draining},
              region_moved{.region = r, .state = region_state::closing}}),
      Contains("r0.1 went back"));
}

TEST(the_law_of_traces, is_broken_by_slots_out_of_order) {
  const region_id other{1, 1};
  EXPECT_THAT(
      breaks({region_open{.region = r}, region_open{.region = other}, slot_release{.id = other},
              slot_release{.id = r}, region_open{.region = {1, 2}}}),
      Contains("r1.2 breaks last-in-first-out"));
}

TEST(the_law_of_traces, is_broken_by_a_phase_without_a_request) {
  EXPECT_THAT(
      breaks({region_open{.region = r}, task_spawn{.task = t, .region = r},
              cancel_phase{.target = t, .cancel = {1}, .phase = cancel_phase_name::draining}}),
      Contains("c1 is no request for t0.1"));
}

TEST(the_law_of_traces, is_broken_by_a_parents_request_that_reaches_a_sibling) {
  const region_id root{0, 1};
  const region_id left{1, 1};
  const region_id right{2, 1};
  EXPECT_THAT(breaks({region_open{.region = root}, region_open{.region = left, .parent = root},
                      region_open{.region = right, .parent = root},
                      cancel_request{.cancel = {1}, .target = left},
                      cancel_request{.cancel = {2},
                                     .kind = cancel_kind::parent,
                                     .target = right,
                                     .cause = cancel_id{1}}}),
              Contains("c2 reached r2.1 from beside it"));
}

TEST(the_law_of_traces, is_broken_by_what_is_never_released) {
  EXPECT_THAT(breaks({region_open{.region = r}, end_of_trace{}}),
              Contains("r0.1 was never released"));
}

TEST(the_law_of_traces, is_broken_by_time_that_falls) {
  const std::vector<event> events{{.t = 5, .body = region_open{.region = r}},
                                  {.t = 4, .body = end_of_trace{}}};
  EXPECT_THAT(breaks_of_law(events), Contains("time went back to 4"));
}

} // namespace
} // namespace cancelscope::tests
