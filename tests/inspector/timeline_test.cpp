// Moments, states, segments, the tree and the slots, as of any moment.
#include "inspector/timeline/moment.hpp"
#include "inspector/timeline/segments.hpp"
#include "inspector/timeline/slots.hpp"
#include "inspector/timeline/state.hpp"
#include "inspector/timeline/tree.hpp"
#include "tests/inspector/support.hpp"

#include <gmock/gmock.h>

#include <random>

namespace cancelscope::inspector::testing {
namespace timeline_test {

using ::testing::ElementsAre;

constexpr std::string_view root =
    R"({"ev":"region_open","t":0,"region":"r0.1","parent":null,"name":"root"})";

TEST(a_moment, counts_every_event_at_or_before_its_time) {
  const auto trace = load_lines({root, R"({"ev":"mark","t":10,"label":"a"})",
                                 R"({"ev":"mark","t":10,"label":"b"})", R"({"ev":"end","t":20})"});
  EXPECT_EQ(moment_at(trace, 9).last_event(), event_index{0});
  EXPECT_EQ(moment_at(trace, 10).last_event(), event_index{2});
  EXPECT_EQ(moment_at(trace, 19), moment_at(trace, 10));
  EXPECT_EQ(moment_at(trace, 99), end_of(trace));
  EXPECT_LT(moment::after(event_index{1}), moment_at(trace, 10))
      << "events of equal time are ordered";
  EXPECT_EQ(time_of(trace, moment{}), 0U);
  EXPECT_FALSE(moment{}.last_event());
}

TEST(stepping, visits_each_event_that_concerns_an_entity_forth_and_back) {
  const auto trace = load_text(read_file(data_path("go-context.jsonl")));
  const entity who = trace.find("t4.1");
  std::vector<std::uint64_t> forth;
  moment m;
  while (const event_index e = next_event(trace, m, who)) {
    forth.push_back(trace.line_of(e));
    m = moment::after(e);
  }
  EXPECT_THAT(forth, ElementsAre(8, 9, 10, 11, 19, 23, 25, 26));
  std::vector<std::uint64_t> back;
  while (const event_index e = previous_event(trace, m, who)) {
    back.insert(back.begin(), trace.line_of(e));
    m = moment::before(e);
  }
  EXPECT_EQ(back, forth);
}

TEST(stepping, over_all_events_ends_at_both_ends) {
  const auto trace = load_lines({root, R"({"ev":"end","t":20})"});
  EXPECT_EQ(next_event(trace, moment{}), event_index{0});
  EXPECT_FALSE(next_event(trace, end_of(trace)));
  EXPECT_FALSE(previous_event(trace, moment{}));
}

std::vector<std::string> states_of(const trace_store& trace, task_index who) {
  std::vector<std::string> states;
  for (std::uint32_t i = 0; i < trace.event_count(); ++i) {
    const auto state = state_at(trace, who, moment::after(event_index{i}));
    const std::string name(state ? to_string(*state) : "-");
    if (states.empty() || states.back() != name) states.push_back(name);
  }
  return states;
}

TEST(a_tasks_state, follows_its_events) {
  const auto trace = load_lines(
      {root, R"({"ev":"task_spawn","t":1,"task":"t0.1","region":"r0.1"})",
       R"({"ev":"task_wait","t":2,"task":"t0.1","on":"timer"})",
       R"({"ev":"task_run","t":3,"task":"t0.1","dur":1})",
       R"({"ev":"task_wait","t":4,"task":"t0.1","on":"io"})",
       R"({"ev":"cancel","t":5,"cancel":"c1","kind":"user","target":"t0.1"})",
       R"({"ev":"cancel_phase","t":6,"target":"t0.1","cancel":"c1","phase":"draining"})",
       R"({"ev":"task_wait","t":7,"task":"t0.1","on":"timer"})",
       R"({"ev":"cancel_phase","t":8,"target":"t0.1","cancel":"c1","phase":"finalizing"})",
       R"({"ev":"task_end","t":9,"task":"t0.1","outcome":"cancelled"})",
       R"({"ev":"release","t":10,"id":"t0.1"})", R"({"ev":"end","t":11})"});
  const task_index who = task(trace, "t0.1");
  EXPECT_THAT(states_of(trace, who),
              ElementsAre("-", "running", "waiting", "running", "waiting", "requested", "draining",
                          "finalizing", "completed", "-"));
  EXPECT_TRUE(wait_at(trace, who, moment_at(trace, 7))) << "parked while draining";
  EXPECT_FALSE(wait_at(trace, who, moment_at(trace, 8)));
  EXPECT_EQ(outcome_at(trace, who, moment_at(trace, 8)), std::nullopt);
  EXPECT_EQ(outcome_at(trace, who, moment_at(trace, 9)), trace::outcome_kind::cancelled);
}

TEST(an_absorbed_request, changes_no_state) {
  const auto trace = load_lines(
      {root, R"({"ev":"task_spawn","t":1,"task":"t0.1","region":"r0.1"})",
       R"({"ev":"task_wait","t":2,"task":"t0.1","on":"timer"})",
       R"({"ev":"cancel","t":3,"cancel":"c1","kind":"user","target":"t0.1","effect":"absorbed"})",
       R"({"ev":"end","t":11})"});
  EXPECT_THAT(states_of(trace, task(trace, "t0.1")), ElementsAre("-", "running", "waiting"));
  EXPECT_FALSE(cancel_in_effect(trace, trace.find("t0.1"), end_of(trace)));
}

TEST(a_cancel_of_a_region, changes_no_state_of_it) {
  const auto trace =
      load_lines({root, R"({"ev":"cancel","t":3,"cancel":"c1","kind":"user","target":"r0.1"})",
                  R"({"ev":"region_state","t":5,"region":"r0.1","state":"draining"})",
                  R"({"ev":"end","t":11})"});
  const region_index who = region(trace, "r0.1");
  EXPECT_EQ(state_at(trace, who, moment_at(trace, 4)), trace::region_state::open);
  EXPECT_EQ(state_at(trace, who, moment_at(trace, 5)), trace::region_state::draining);
}

/// A trace that a machine wrote: tasks that wait, run, are cancelled and end in every legal order.
std::string random_trace(std::uint32_t seed) {
  std::mt19937 random(seed);
  const auto one_of = [&random](std::uint32_t n) { return random() % n; };
  std::string text = text_of({root});
  std::uint64_t t = 0;
  int cancels = 0;
  for (int task = 0; task < 12; ++task) {
    const std::string id = "t" + std::to_string(task) + ".1";
    const auto line = [&](const std::string& ev, const std::string& rest) {
      t += one_of(3);
      text += R"({"ev":")" + ev + R"(","t":)" + std::to_string(t) + rest + "}\n";
    };
    line("task_spawn", R"(,"region":"r0.1","task":")" + id + '"');
    const std::uint32_t steps = one_of(6);
    for (std::uint32_t i = 0; i < steps; ++i) {
      if (one_of(2) == 0)
        line("task_wait", R"(,"on":"io","task":")" + id + '"');
      else
        line("task_run", R"(,"dur":1,"task":")" + id + '"');
    }
    if (one_of(3) > 0) {
      const std::string c = "c" + std::to_string(++cancels);
      line("cancel", R"(,"kind":"user","cancel":")" + c + R"(","target":")" + id + '"');
      for (const char* phase : {"draining", "finalizing"}) {
        if (one_of(2) == 0) continue;
        line("cancel_phase",
             R"(,"cancel":")" + c + R"(","phase":")" + phase + R"(","target":")" + id + '"');
        if (one_of(2) == 0) line("task_wait", R"(,"on":"timer","task":")" + id + '"');
      }
    }
    if (one_of(4) > 0) line("task_end", R"(,"outcome":"ok","task":")" + id + '"');
    if (one_of(4) == 0) line("release", R"(,"id":")" + id + '"');
  }
  return text;
}

TEST(segments, say_the_same_as_the_state_at_every_moment) {
  for (std::uint32_t seed = 0; seed < 40; ++seed) {
    const auto trace = load_text(random_trace(seed));
    for (std::uint32_t i = 0; i < trace.tasks().size(); ++i) {
      const task_index who{i};
      const auto segments = segments_of(trace, who);
      ASSERT_FALSE(segments.empty());
      for (std::size_t s = 1; s < segments.size(); ++s)
        EXPECT_EQ(segments[s].from, segments[s - 1].to) << "no gaps";
      EXPECT_EQ(segments.front().from, trace.time_of(trace[who].spawned));
      for (std::uint64_t t = 0; t <= trace.last_time(); ++t) {
        // At a time the segments that reach it may be several; the last to begin there is the one that stays.
        const task_segment* at = nullptr;
        for (const task_segment& s : segments)
          if (s.from <= t && t <= s.to) at = &s;
        const auto state = state_at(trace, who, moment_at(trace, t));
        if (state) {
          ASSERT_NE(at, nullptr) << "seed " << seed << " task " << i << " t " << t;
          EXPECT_EQ(at->state, *state) << "seed " << seed << " task " << i << " t " << t;
        }
      }
    }
  }
}

TEST(segments, in_a_window_are_those_of_the_whole_life_that_touch_it) {
  const auto trace = load_text(random_trace(7));
  for (std::uint32_t i = 0; i < trace.tasks().size(); ++i) {
    for (std::uint64_t from = 0; from <= trace.last_time(); from += 3) {
      const time_window window{from, from + 5};
      std::vector<std::pair<std::uint64_t, task_state>> expected;
      for (const task_segment& s : segments_of(trace, task_index{i}))
        if (s.from <= window.to && s.to >= window.from) expected.emplace_back(s.from, s.state);
      std::vector<std::pair<std::uint64_t, task_state>> drawn;
      segments_of(trace, task_index{i}, window,
                  [&](const task_segment& s) { drawn.emplace_back(s.from, s.state); });
      EXPECT_EQ(drawn, expected) << "task " << i << " from " << from;
    }
  }
}

TEST(runs, are_drawn_when_they_reach_into_the_window) {
  const auto trace =
      load_lines({root, R"({"ev":"task_spawn","t":1,"task":"t0.1","region":"r0.1"})",
                  R"({"ev":"task_run","t":2,"task":"t0.1","dur":2})",
                  R"({"ev":"task_run","t":10,"task":"t0.1","dur":5})",
                  R"({"ev":"mark","t":12,"label":"x","task":"t0.1"})", R"({"ev":"end","t":30})"});
  const auto drawn = [&](time_window window) {
    std::vector<std::uint64_t> begins;
    runs_of(trace, task(trace, "t0.1"), window,
            [&](const run_segment& r) { begins.push_back(r.from); });
    return begins;
  };
  EXPECT_THAT(drawn({0, 30}), ElementsAre(2, 10));
  EXPECT_THAT(drawn({13, 14}), ElementsAre(10));
  EXPECT_THAT(drawn({5, 9}), ElementsAre());
  EXPECT_THAT(drawn({4, 10}), ElementsAre(2, 10));
}

TEST(the_tree, counts_what_is_under_a_region) {
  const auto trace = load_text(read_file(data_path("go-context.jsonl")));
  const region_tree tree = tree_at(trace, moment_at(trace, 40000400));
  std::vector<std::string> rows;
  for (const tree_node& n : tree.nodes)
    rows.push_back(std::string(n.depth, ' ') + trace.id_of(n.who) + " alive " +
                   std::to_string(n.counts.alive) + " cancelling " +
                   std::to_string(n.counts.cancelling) + " cancelled " +
                   std::to_string(n.counts.cancelled) + " end " + std::to_string(n.subtree_end));
  EXPECT_THAT(rows, ElementsAre("r1.1 alive 3 cancelling 2 cancelled 1 end 7",
                                " t1.1 alive 1 cancelling 0 cancelled 0 end 2",
                                " r2.1 alive 2 cancelling 2 cancelled 1 end 7",
                                "  t2.1 alive 1 cancelling 1 cancelled 0 end 4",
                                "  t3.1 alive 1 cancelling 1 cancelled 0 end 5",
                                "  r3.1 alive 0 cancelling 0 cancelled 1 end 7",
                                "   t4.1 alive 0 cancelling 0 cancelled 1 end 7"));
}

TEST(the_tree, lets_what_is_released_leave) {
  const auto trace = load_text(read_file(data_path("every-event.jsonl")));
  const auto ids = [&](std::uint64_t t) {
    std::vector<std::string> found;
    for (const tree_node& n : tree_at(trace, moment_at(trace, t)).nodes)
      found.push_back(trace.id_of(n.who));
    return found;
  };
  EXPECT_THAT(ids(1170), ElementsAre("r0.1", "t0.1", "r1.1", "t1.1", "t2.1"));
  EXPECT_THAT(ids(1171), ElementsAre("r0.1", "t0.1", "r1.1", "t1.1"));
  EXPECT_THAT(ids(1199), ElementsAre("r0.1", "t0.1", "r1.1"));
  EXPECT_THAT(ids(1200), ElementsAre("r0.1", "t0.1"));
  EXPECT_THAT(ids(1330), ElementsAre("r0.1", "t1.2")) << "t1.2 was never released";
}

TEST(the_tree, keeps_a_released_region_while_it_holds_something) {
  const auto trace = load_lines({root, R"({"ev":"task_spawn","t":1,"task":"t0.1","region":"r0.1"})",
                                 R"({"ev":"release","t":2,"id":"r0.1"})", R"({"ev":"end","t":3})"});
  EXPECT_EQ(tree_at(trace, end_of(trace)).nodes.size(), 2U);
}

TEST(the_tree, may_be_deeper_than_any_stack) {
  constexpr int depth = 60'000;
  std::string text = text_of({root});
  for (int i = 1; i < depth; ++i)
    text += R"({"ev":"region_open","t":1,"region":"r)" + std::to_string(i) + R"(.1","parent":"r)" +
            std::to_string(i - 1) + ".1\"}\n";
  const auto trace = load_text(text);
  const region_tree tree = tree_at(trace, end_of(trace));
  ASSERT_EQ(tree.nodes.size(), static_cast<std::size_t>(depth));
  EXPECT_EQ(tree.nodes.back().depth, static_cast<std::uint32_t>(depth - 1));
  EXPECT_EQ(all_lanes(trace).size(), tree.nodes.size());
}

TEST(the_lanes, hold_every_region_and_task_of_the_trace) {
  const auto trace = load_text(read_file(data_path("every-event.jsonl")));
  std::vector<std::string> lanes;
  for (const lane& l : all_lanes(trace))
    lanes.push_back(std::string(l.depth, ' ') + trace.id_of(l.who));
  EXPECT_THAT(lanes, ElementsAre("r0.1", " t0.1", " t1.2", " r1.1", "  t1.1", "  t2.1"));
}

TEST(a_clean_up_budget, is_the_time_from_the_request_to_the_deadline) {
  const auto trace = load_text(read_file(data_path("every-event.jsonl")));
  const entity who = trace.find("t1.1");
  EXPECT_FALSE(cleanup_budget_at(trace, who, moment_at(trace, 999)));
  const auto while_draining = cleanup_budget_at(trace, who, moment_at(trace, 1101));
  ASSERT_TRUE(while_draining);
  EXPECT_EQ(while_draining->granted(), 500U);
  EXPECT_EQ(while_draining->spent, 100U) << "the last event happened at 1100";
  EXPECT_EQ(cleanup_budget_at(trace, who, end_of(trace))->spent, 140U);
  EXPECT_FALSE(cleanup_budget_at(trace, who, end_of(trace))->exhausted);
  EXPECT_TRUE(cleanup_budget_at(trace, trace.find("t2.1"), end_of(trace))->exhausted);
}

TEST(a_budget, is_what_was_last_said_of_it) {
  const auto trace = load_text(read_file(data_path("every-event.jsonl")));
  const entity who = trace.find("t1.1");
  EXPECT_FALSE(budget_at(trace, who, trace::budget_resource::polls, moment_at(trace, 94)));
  EXPECT_EQ(budget_at(trace, who, trace::budget_resource::polls, end_of(trace))->left, 6U);
  EXPECT_FALSE(budget_at(trace, who, trace::budget_resource::cost, end_of(trace)));
}

std::string slot_line(const char* ev, int slot, int generation, int t) {
  const std::string id = "t" + std::to_string(slot) + "." + std::to_string(generation);
  const std::string rest = std::string(ev) == "release" ? R"("id":")" + id + '"'
                                                        : R"("region":"r0.1","task":")" + id + '"';
  return R"({"ev":")" + std::string(ev) + R"(","t":)" + std::to_string(t) + "," + rest + "}\n";
}

TEST(slots, that_are_reused_last_in_first_out_have_no_breaks) {
  std::string text = text_of({root});
  for (int slot = 0; slot < 4; ++slot)
    text += slot_line("task_spawn", slot, 1, 1);
  for (int slot = 0; slot < 4; ++slot)
    text += slot_line("release", slot, 1, 2);
  for (int slot = 3; slot >= 0; --slot)
    text += slot_line("task_spawn", slot, 2, 3);
  const auto slots = slots_of(load_text(text));
  EXPECT_TRUE(slots.lifo_breaks.empty());
  ASSERT_EQ(slots.tasks.size(), 4U);
  EXPECT_EQ(slots.tasks[2].tenancies.size(), 2U);
}

TEST(slots, that_are_reused_out_of_turn_are_breaks) {
  std::string text = text_of({root});
  for (int slot = 0; slot < 3; ++slot)
    text += slot_line("task_spawn", slot, 1, 1);
  for (int slot = 0; slot < 3; ++slot)
    text += slot_line("release", slot, 1, 2);
  text += slot_line("task_spawn", 0, 2, 3); // 2 was next
  text += slot_line("task_spawn", 2, 2, 4);
  text += slot_line("task_spawn", 1, 2, 5);
  const auto trace = load_text(text);
  const auto slots = slots_of(trace);
  ASSERT_EQ(slots.lifo_breaks.size(), 1U);
  EXPECT_EQ(trace.id_of(slots.lifo_breaks[0].who), "t0.2");
  EXPECT_EQ(slots.lifo_breaks[0].expected_slot, 2U);
}

TEST(slots, of_a_producer_that_only_counts_up_are_in_order) {
  std::string text = text_of({root});
  for (int task = 0; task < 5; ++task)
    text +=
        slot_line("task_spawn", task, 1, 2 * task) + slot_line("release", task, 1, 2 * task + 1);
  EXPECT_TRUE(slots_of(load_text(text)).lifo_breaks.empty());
}

TEST(slots, are_not_judged_across_missing_events) {
  std::string text = text_of({root});
  for (int slot = 0; slot < 2; ++slot)
    text += slot_line("task_spawn", slot, 1, 1);
  for (int slot = 0; slot < 2; ++slot)
    text += slot_line("release", slot, 1, 2);
  text += R"({"ev":"dropped","t":3,"count":2})"
          "\n";
  text += slot_line("task_spawn", 0, 2, 4);
  EXPECT_TRUE(slots_of(load_text(text)).lifo_breaks.empty());
}

} // namespace timeline_test
} // namespace cancelscope::inspector::testing
