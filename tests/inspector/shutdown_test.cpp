// What a cancellation led to, what held its end up, who was holding what, and what is not known.
#include "inspector/attribution/effects.hpp"
#include "inspector/attribution/shutdown.hpp"
#include "inspector/navigation/steps.hpp"
#include "inspector/query/query.hpp"
#include "inspector/statistics/clean_ups.hpp"
#include "inspector/summary/sentence.hpp"
#include "inspector/summary/shutdown.hpp"
#include "inspector/timeline/certainty.hpp"
#include "tests/inspector/support.hpp"
#include "trace-format/names.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace cancelscope::inspector::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

constexpr std::string_view shop =
    R"({"ev":"region_open","t":0,"region":"r0.1","parent":null,"name":"shop"})";
constexpr std::string_view order =
    R"({"ev":"region_open","t":0,"region":"r1.1","parent":"r0.1","name":"order"})";
constexpr std::string_view boss =
    R"({"ev":"task_spawn","t":0,"task":"t0.1","region":"r0.1","name":"boss"})";
constexpr std::string_view fetch =
    R"({"ev":"task_spawn","t":0,"task":"t1.1","region":"r1.1","name":"fetch"})";
constexpr std::string_view flush =
    R"({"ev":"task_spawn","t":0,"task":"t2.1","region":"r1.1","name":"flush"})";
constexpr std::string_view request =
    R"({"ev":"cancel","t":100,"cancel":"c1","kind":"user","target":"r1.1","origin_task":"t0.1"})";
constexpr std::string_view on_fetch =
    R"({"ev":"cancel","t":100,"cancel":"c2","kind":"parent","target":"t1.1","cause":"c1"})";
constexpr std::string_view on_flush =
    R"({"ev":"cancel","t":100,"cancel":"c3","kind":"parent","target":"t2.1","cause":"c1"})";
constexpr std::string_view closed =
    R"({"ev":"region_state","t":200,"region":"r1.1","state":"closed","outcome":"cancelled"})";

trace_store after(std::initializer_list<std::string_view> events) {
  std::string text = text_of({shop, order, boss, fetch, flush});
  for (const std::string_view e : events)
    text += std::string(e) + "\n";
  return load_text(text);
}

/// "100-150 flush draining timer" for each step.
std::vector<std::string> path_of(const trace_store& trace, const shutdown& end) {
  std::vector<std::string> found;
  for (const path_step& s : end.path) {
    std::string text = std::to_string(s.from) + "-" + std::to_string(s.to) + " ";
    text += std::string(trace.name_of(s.who)) + " " + std::string(to_string(s.stage));
    if (s.wait) text += " " + std::string(trace::to_string(trace[s.wait].on));
    found.push_back(text);
  }
  return found;
}

std::vector<std::string> path_of(const trace_store& trace, std::string_view id) {
  return path_of(trace, shutdown_of(trace, trace.find(id)));
}

TEST(the_critical_path, goes_through_whoever_ended_last) {
  const auto trace =
      after({request, on_fetch, on_flush,
             R"({"ev":"cancel_phase","t":110,"target":"t1.1","cancel":"c2","phase":"draining"})",
             R"({"ev":"cancel_phase","t":120,"target":"t2.1","cancel":"c3","phase":"draining"})",
             R"({"ev":"task_wait","t":130,"task":"t2.1","on":"timer","label":"backoff"})",
             R"({"ev":"task_end","t":140,"task":"t1.1","outcome":"cancelled"})",
             R"({"ev":"cancel_phase","t":180,"target":"t2.1","cancel":"c3","phase":"finalizing"})",
             R"({"ev":"task_end","t":190,"task":"t2.1","outcome":"cancelled"})", closed});
  EXPECT_THAT(path_of(trace, "r1.1"),
              ElementsAre("100-120 flush requested", "120-130 flush draining",
                          "130-180 flush draining timer", "180-190 flush finalizing",
                          "190-200 order closing"));
  EXPECT_THAT(path_of(trace, "t1.1"),
              ElementsAre("100-110 fetch requested", "110-140 fetch draining"));
  const shutdown end = shutdown_of(trace, trace.find("r1.1"));
  EXPECT_EQ(held_up_sentence(trace, end),
            "It took 100 ns from the request to its close. `flush` held it up longest: it drained "
            "for 50 ns, waiting for a timer `backoff`.");
  EXPECT_EQ(end.alive, 2U);
}

TEST(the_critical_path, follows_a_join_to_the_end_of_who_was_joined) {
  const auto trace =
      after({request, on_fetch, on_flush,
             R"({"ev":"task_wait","t":100,"task":"t2.1","on":"join","what":"t1.1"})",
             R"({"ev":"cancel_phase","t":100,"target":"t1.1","cancel":"c2","phase":"draining"})",
             R"({"ev":"task_end","t":170,"task":"t1.1","outcome":"cancelled"})",
             R"({"ev":"task_join","t":175,"task":"t1.1","by":"t2.1"})",
             R"({"ev":"task_end","t":200,"task":"t2.1","outcome":"cancelled"})", closed});
  EXPECT_THAT(path_of(trace, "r1.1"),
              ElementsAre("100-170 fetch draining", "170-200 flush requested join"));
}

TEST(the_critical_path, goes_down_into_child_regions_and_to_who_came_later) {
  const auto trace = after(
      {R"({"ev":"region_open","t":10,"region":"r2.1","parent":"r1.1","name":"payment"})", request,
       on_fetch, R"({"ev":"task_end","t":105,"task":"t1.1","outcome":"cancelled"})",
       R"({"ev":"task_spawn","t":120,"task":"t3.1","region":"r2.1","name":"undo","by":"t2.1"})",
       R"({"ev":"task_end","t":130,"task":"t2.1","outcome":"ok"})",
       R"({"ev":"task_end","t":180,"task":"t3.1","outcome":"ok"})",
       R"({"ev":"region_state","t":190,"region":"r2.1","state":"closed"})", closed});
  EXPECT_THAT(path_of(trace, "r1.1"),
              ElementsAre("100-120 flush working", "120-180 undo working",
                          "180-190 payment closing", "190-200 order closing"));
}

TEST(the_critical_path, ends_in_what_never_ended) {
  const auto trace =
      after({request, on_fetch, on_flush,
             R"({"ev":"cancel_phase","t":100,"target":"t2.1","cancel":"c3","phase":"draining"})",
             R"({"ev":"task_wait","t":120,"task":"t2.1","on":"io","label":"read"})",
             R"({"ev":"task_end","t":140,"task":"t1.1","outcome":"cancelled"})",
             R"({"ev":"end","t":300})"});
  const shutdown end = shutdown_of(trace, trace.find("r1.1"));
  EXPECT_FALSE(end.ended);
  EXPECT_THAT(path_of(trace, end),
              ElementsAre("100-120 flush draining", "120-300 flush draining io"));
  EXPECT_THAT(end.not_done, ElementsAre(task(trace, "t2.1")));
  EXPECT_EQ(held_up_sentence(trace, end),
            "It was not closed when the trace ended, 200 ns after the request. `flush` had not "
            "completed and had been draining for 200 ns, waiting for I/O `read`.");
}

TEST(the_critical_path, says_when_tasks_wait_for_each_other) {
  const auto trace = after({request, on_fetch, on_flush,
                            R"({"ev":"task_wait","t":110,"task":"t1.1","on":"join","what":"t2.1"})",
                            R"({"ev":"task_wait","t":120,"task":"t2.1","on":"join","what":"t1.1"})",
                            R"({"ev":"end","t":300})"});
  const shutdown end = shutdown_of(trace, trace.find("r1.1"));
  EXPECT_TRUE(end.circular);
  EXPECT_THAT(held_up_sentence(trace, end), HasSubstr("; nor had 1 other task. In the end they "
                                                      "wait for each other."));
}

TEST(the_critical_path, of_a_region_that_only_closed_begins_with_its_closing) {
  const auto trace = after({R"({"ev":"region_state","t":150,"region":"r1.1","state":"closing"})",
                            R"({"ev":"task_end","t":160,"task":"t1.1","outcome":"ok"})",
                            R"({"ev":"task_end","t":190,"task":"t2.1","outcome":"ok"})", closed});
  EXPECT_THAT(path_of(trace, "r1.1"),
              ElementsAre("150-190 flush working", "190-200 order closing"));
  EXPECT_THAT(held_up_sentence(trace, shutdown_of(trace, trace.find("r1.1"))),
              HasSubstr("from the beginning of the close to its close"));
  EXPECT_THAT(path_of(trace, "r0.1"), IsEmpty()) << "nothing began there";
  EXPECT_EQ(held_up_sentence(trace, shutdown_of(trace, trace.find("r0.1"))), "");
}

TEST(what_was_held, is_told_of_the_target_and_of_all_under_it) {
  const auto trace = after(
      {R"({"ev":"obligation","t":1,"obligation":"o1.1","kind":"lease","task":"t1.1","label":"stock"})",
       R"({"ev":"obligation","t":2,"obligation":"o2.1","kind":"permit","region":"r1.1","task":"t2.1"})",
       R"({"ev":"obligation","t":3,"obligation":"o3.1","kind":"ack","task":"t2.1","label":"done"})",
       R"({"ev":"obligation_end","t":50,"obligation":"o3.1","how":"committed"})", request, on_fetch,
       on_flush, R"({"ev":"obligation_end","t":140,"obligation":"o2.1","how":"aborted"})",
       R"({"ev":"obligation_end","t":150,"obligation":"o1.1","how":"leaked"})", closed});
  const shutdown end = shutdown_of(trace, trace.find("r1.1"));
  EXPECT_EQ(holding_sentence(trace, end),
            "When the request came, 2 obligations were held: lease `stock` by `fetch` (leaked) and "
            "permit o2.1 by `flush` (aborted 40 ns later).");
  EXPECT_EQ(holding_sentence(trace, shutdown_of(trace, trace.find("t0.1"))), "");
}

TEST(the_forward_tree, counts_what_each_branch_reached) {
  const auto trace = load_text(read_file(data_path("go-context.jsonl")));
  std::vector<std::string> found;
  for (const effect_node& n : effect_tree_of(trace, cancel(trace, "c1")))
    found.push_back(std::to_string(n.depth) + " " + trace.id_of(n.cancel) + " " +
                    std::to_string(n.counts.requests) + "/" + std::to_string(n.counts.regions) +
                    "/" + std::to_string(n.counts.tasks) + " to " + std::to_string(n.subtree_end));
  EXPECT_EQ(found.size(), 6U);
  EXPECT_EQ(found[0], "0 c1 5/3/3 to 6");
  EXPECT_EQ(found[1].substr(0, 4), "1 c2");
  EXPECT_TRUE(found[1].ends_with("to 6"));
}

TEST(an_explanation, of_a_region_answers_all_of_it) {
  const answer text = run_command({"explain", data_path("every-event.jsonl"), "r1.1"});
  EXPECT_EQ(text.status, 0);
  for (const char* part :
       {"was cancelled by its own timeout", "It took ", "held it up longest",
        "When the request came, 1 obligation was held", "It led to 2 more requests",
        "Chain, root cause first", "Phases", "Critical path", "Held when the request came",
        "What c1 led to: 2 requests"})
    EXPECT_THAT(text.out, HasSubstr(part));
  const auto json = nlohmann::json::parse(
      run_command({"explain", data_path("every-event.jsonl"), "r1.1", "--json"}).out);
  EXPECT_EQ(json["effects"]["of"], "c1");
  EXPECT_EQ(json["effects"]["tree"].size(), 2U);
  EXPECT_EQ(json["shutdown"]["from"], 1000);
  EXPECT_EQ(json["shutdown"]["to"], 1190);
  EXPECT_EQ(json["shutdown"]["held_up_by"], "t2.1");
  EXPECT_EQ(json["shutdown"]["held"][0]["obligation"], "o0.1");
  EXPECT_EQ(json["unknown_since"], nullptr);
  EXPECT_EQ(json["sentences"].size(), 3U);
}

TEST(an_explanation, shows_the_requests_that_changed_nothing) {
  const auto json = nlohmann::json::parse(
      run_command({"explain", data_path("strengthening.jsonl"), "t1.1", "--json"}).out);
  EXPECT_EQ(json["absorbed"].size(), 1U);
  EXPECT_EQ(json["absorbed"][0]["cancel"], "c2");
  EXPECT_THAT(run_command({"explain", data_path("strengthening.jsonl"), "t1.1"}).out,
              HasSubstr("Asked again, which changed nothing"));
}

TEST(a_task_without_phases, is_not_said_to_have_ignored_the_request) {
  const auto told = [](std::string_view end) {
    const auto trace =
        after({request, on_fetch, R"({"ev":"task_end","t":101,"task":"t2.1","outcome":"ok"})", end,
               closed});
    return held_up_sentence(trace, shutdown_of(trace, trace.find("r1.1")));
  };
  EXPECT_THAT(told(R"({"ev":"task_end","t":190,"task":"t1.1","outcome":"cancelled"})"),
              EndsWith("`fetch` held it up longest: it took 90 ns to end."));
  EXPECT_THAT(told(R"({"ev":"task_end","t":190,"task":"t1.1","outcome":"ok"})"),
              EndsWith("`fetch` held it up longest: it did not react for 90 ns."));
}

TEST(a_region, that_never_had_a_task_does_not_say_that_all_were_done) {
  const auto trace =
      load_lines({shop, R"({"ev":"cancel","t":100,"cancel":"c1","kind":"user","target":"r0.1"})",
                  R"({"ev":"end","t":300})"});
  EXPECT_THAT(held_up_sentence(trace, shutdown_of(trace, trace.find("r0.1"))),
              EndsWith("after the request. No task under it was left."));
}

// ---- Events that are missing ----

constexpr std::string_view lost = R"({"ev":"dropped","t":120,"count":3})";

TEST(after_a_loss, what_was_not_over_is_unknown_until_it_is_seen_again) {
  const auto trace = after(
      {request, on_fetch, R"({"ev":"task_end","t":110,"task":"t2.1","outcome":"ok"})", lost,
       R"({"ev":"task_wait","t":140,"task":"t1.1","on":"timer"})", R"({"ev":"end","t":300})"});
  const auto since = [&](std::string_view id, std::uint64_t t) {
    const event_index e = unknown_since(trace, trace.find(id), moment_at(trace, t));
    return e ? std::int64_t(trace.time_of(e)) : -1;
  };
  EXPECT_EQ(since("t1.1", 119), -1);
  EXPECT_EQ(since("t1.1", 120), 120);
  EXPECT_EQ(since("t1.1", 140), -1) << "it is seen waiting";
  EXPECT_EQ(since("t2.1", 300), -1) << "it was over";
  EXPECT_EQ(since("r1.1", 300), 120);
  EXPECT_EQ(since("t0.1", 300), 120);
  EXPECT_EQ(since("t77.1", 300), -1);
}

TEST(after_a_loss, the_stretches_are_from_each_loss_to_what_is_seen_next) {
  const auto trace =
      after({lost, R"({"ev":"task_wait","t":140,"task":"t1.1","on":"timer"})",
             R"({"ev":"dropped","t":150,"count":1})", R"({"ev":"dropped","t":160,"count":1})",
             R"({"ev":"task_end","t":170,"task":"t1.1","outcome":"ok"})",
             R"({"ev":"dropped","t":180,"count":1})", R"({"ev":"end","t":300})"});
  const auto stretches = [&](std::string_view id) {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> found;
    unknown_stretches_of(trace, trace.find(id),
                         [&](time_window w) { found.emplace_back(w.from, w.to); });
    return found;
  };
  using pairs = std::vector<std::pair<std::uint64_t, std::uint64_t>>;
  EXPECT_EQ(stretches("t1.1"), (pairs{{120, 140}, {150, 170}}));
  EXPECT_EQ(stretches("t0.1"), (pairs{{120, 300}}));
}

TEST(after_a_loss, an_open_region_is_seen_by_whatever_happens_in_it) {
  const auto trace = after({lost, R"({"ev":"task_spawn","t":130,"task":"t3.1","region":"r1.1"})"});
  EXPECT_FALSE(unknown_since(trace, trace.find("r1.1"), end_of(trace)));
  EXPECT_TRUE(unknown_since(trace, trace.find("r0.1"), end_of(trace)));
  EXPECT_FALSE(unknown_since(trace, trace.find("t3.1"), end_of(trace))) << "it came after the loss";
}

TEST(after_a_loss, nobody_is_said_to_run_still) {
  const auto trace =
      after({request, on_fetch,
             R"({"ev":"cancel_phase","t":110,"target":"t1.1","cancel":"c2","phase":"draining"})",
             lost, R"({"ev":"end","t":300})"});
  EXPECT_EQ(
      sentence(trace, explain(trace, trace.find("t1.1"))),
      "`fetch` was cancelled by a request of `boss` to cancel region `order`; it was draining "
      "when events went missing at 120 ns, and what became of it is not known.");
  EXPECT_EQ(sentence(trace, explain(trace, trace.find("t2.1"))),
            "`flush` was not cancelled, as far as the trace tells; what became of it is not known, "
            "as events are missing at 120 ns.");
  EXPECT_EQ(held_up_sentence(trace, shutdown_of(trace, trace.find("r1.1"))),
            "Whether it closed is not known: events are missing at 120 ns. Nor is what became of "
            "`fetch` and `flush`.");
  const effect_counts counts = count_effects(trace, cancel(trace, "c1"));
  EXPECT_EQ(counts.not_done, 0U);
  EXPECT_EQ(counts.unknown, 1U);
}

TEST(after_a_loss, a_mark_a_join_or_a_stale_handle_shows_no_state) {
  const auto trace =
      after({request, on_fetch, lost,
             R"({"ev":"mark","t":130,"label":"here","region":"r1.1","task":"t1.1"})",
             R"({"ev":"stale","t":140,"id":"t1.1","live":1,"op":"join"})",
             R"({"ev":"task_join","t":150,"task":"t1.1","by":"r1.1"})", R"({"ev":"end","t":300})"});
  for (const std::string_view id : {"r1.1", "t1.1"})
    EXPECT_TRUE(unknown_since(trace, trace.find(id), end_of(trace))) << id;
  EXPECT_THAT(sentence(trace, explain(trace, trace.find("r1.1"))),
              HasSubstr("it had not reacted when events went missing at 120 ns"));
}

constexpr std::string_view shop_lease =
    R"({"ev":"obligation","t":5,"obligation":"o0.1","kind":"lease","task":"t1.1","region":"r1.1","label":"stock"})";

TEST(after_a_loss, nobody_is_said_to_have_left_anything_behind) {
  const auto trace = after({shop_lease, request, on_fetch, lost, R"({"ev":"end","t":300})"});
  for (const std::string_view id : {"t1.1", "r1.1", "o0.1"}) {
    const explanation why = explain(trace, trace.find(id));
    EXPECT_THAT(why.leaked_obligations, IsEmpty()) << id;
    EXPECT_THAT(sentence(trace, why), Not(HasSubstr("left"))) << id;
  }
  EXPECT_THAT(sentence(trace, explain(trace, trace.find("o0.1"))),
              StartsWith("Whether the lease `stock` of task `fetch` was resolved is not known, as "
                         "events are missing at 120 ns. `fetch` was cancelled"));
  EXPECT_THAT(holding_sentence(trace, shutdown_of(trace, trace.find("r1.1"))),
              HasSubstr("lease `stock` by `fetch` (what became of it is not known)"));
}

TEST(before_a_loss, what_was_released_without_an_end_was_left_behind) {
  const auto trace = after(
      {shop_lease, R"({"ev":"release","t":90,"id":"o0.1"})", lost, R"({"ev":"end","t":300})"});
  EXPECT_EQ(explain(trace, trace.find("t1.1")).leaked_obligations.size(), 1U);
}

TEST(after_a_loss, the_clean_up_of_a_task_is_unknown_and_not_undone) {
  const auto groups =
      clean_ups_by_name(after({request, on_fetch, lost, R"({"ev":"end","t":300})"}));
  ASSERT_EQ(groups.size(), 1U);
  EXPECT_EQ(groups[0].not_done, 0U);
  EXPECT_EQ(groups[0].unknown, 1U);
}

TEST(after_a_loss, the_tree_says_what_is_not_known) {
  const scratch_folder folder;
  const std::string path = folder.path() / "lossy.jsonl";
  std::ofstream(path) << text_of({shop, boss, lost, R"({"ev":"end","t":300})"});
  EXPECT_THAT(run_command({"tree", path}).out,
              HasSubstr("task `boss` t0.1  unknown since 120 ns (it was running)"));
  const auto json = nlohmann::json::parse(run_command({"tree", path, "--json"}).out);
  EXPECT_EQ(json["roots"][0]["tasks"][0]["unknown_since"], 120);
  EXPECT_EQ(json["roots"][0]["tasks"][0]["unknown"], true);
  EXPECT_EQ(json["roots"][0]["tasks"][0]["state"], "running") << "as the format defines it";
  const auto before = nlohmann::json::parse(run_command({"tree", path, "--json", "--at", "1"}).out);
  EXPECT_EQ(before["roots"][0]["tasks"][0]["unknown_since"], nullptr);
  EXPECT_EQ(before["roots"][0]["tasks"][0]["unknown"], false);
}

// ---- Steps ----

TEST(steps, go_to_the_next_and_the_previous_event_of_which_a_condition_holds) {
  const auto trace = load_text(read_file(data_path("every-event.jsonl")));
  const auto stop = (*query::parse("outcome = panicked or how = leaked")).on(trace);
  std::vector<std::uint64_t> lines;
  for (event_index e = next_where(trace, moment{}, stop); e;
       e = next_where(trace, moment::after(e), stop))
    lines.push_back(trace.line_of(e));
  EXPECT_THAT(lines, ElementsAre(32, 41, 49));
  lines.clear();
  for (event_index e = previous_where(trace, end_of(trace), stop); e;
       e = previous_where(trace, moment::before(e), stop))
    lines.push_back(trace.line_of(e));
  EXPECT_THAT(lines, ElementsAre(49, 41, 32));
}

TEST(steps, go_along_a_chain_to_its_root_cause_and_back) {
  const auto trace = load_text(read_file(data_path("go-context.jsonl")));
  const entity subject = trace.find("t4.1");
  std::vector<std::string> up;
  entity at = subject;
  for (entity next = towards_cause(trace, subject, at); next;
       next = towards_cause(trace, subject, at)) {
    up.push_back(trace.id_of(next));
    at = next;
  }
  EXPECT_EQ(up.back(), "c1");
  std::vector<std::string> down;
  for (entity next = towards_effect(trace, subject, at); next;
       next = towards_effect(trace, subject, at)) {
    down.push_back(trace.id_of(next));
    at = next;
  }
  EXPECT_EQ(down.back(), "t4.1");
  EXPECT_EQ(down.size(), up.size());
  EXPECT_EQ(trace.id_of(towards_effect(trace, trace.find("c1"), trace.find("c1"))), "c2");
  EXPECT_FALSE(towards_cause(trace, trace.find("c1"), trace.find("c1")));
}

} // namespace
} // namespace cancelscope::inspector::testing
