// Two runs of one program, compared.
#include "inspector/compare/alignment.hpp"
#include "inspector/compare/compare.hpp"
#include "tests/inspector/support.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace cancelscope::inspector::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// An order of two steps: the first ends well, the second as the lines say. Ids begin at a number.
std::string order(int first_id, std::string_view second_step) {
  const auto id = [&](int n) { return std::to_string(first_id + n) + ".1"; };
  std::string text(header_line);
  text += "\n{\"ev\":\"region_open\",\"t\":0,\"region\":\"r" + id(0) +
          "\",\"parent\":null,\"name\":\"order\"}";
  text += "\n{\"ev\":\"task_spawn\",\"t\":10,\"task\":\"t" + id(0) + "\",\"region\":\"r" + id(0) +
          "\",\"name\":\"reserve\"}";
  text += "\n{\"ev\":\"task_spawn\",\"t\":11,\"task\":\"t" + id(1) + "\",\"region\":\"r" + id(0) +
          "\",\"name\":\"charge\"}";
  text += "\n{\"ev\":\"task_end\",\"t\":50,\"task\":\"t" + id(0) + "\",\"outcome\":\"ok\"}\n";
  std::string steps(second_step);
  for (std::size_t at = 0; (at = steps.find('@')) != std::string::npos;)
    steps.replace(at, 1, id(1));
  return text + steps + "\n{\"ev\":\"end\",\"t\":200}\n";
}

constexpr std::string_view ends_well = R"({"ev":"task_end","t":100,"task":"t@","outcome":"ok"})";
constexpr std::string_view fails =
    R"({"ev":"task_end","t":100,"task":"t@","outcome":"err","error":"no"})";
constexpr std::string_view is_cancelled =
    R"({"ev":"cancel","t":60,"cancel":"c1","kind":"timeout","target":"t@"}
{"ev":"task_end","t":70,"task":"t@","outcome":"cancelled","cancel":"c1"})";
constexpr std::string_view is_shut_down =
    R"({"ev":"cancel","t":60,"cancel":"c1","kind":"shutdown","target":"t@"}
{"ev":"task_end","t":70,"task":"t@","outcome":"cancelled","cancel":"c1"})";
constexpr std::string_view goes_on = R"({"ev":"mark","t":100,"label":"still busy"})";

/// "cancelled-in-a order / charge" for each.
std::vector<std::string> kinds_of(const run_comparison& found) {
  std::vector<std::string> kinds;
  for (const difference& d : found.differences)
    kinds.push_back(std::string(to_string(d.kind)) + " " + d.place);
  return kinds;
}

run_comparison compared(const std::string& a, const std::string& b) {
  const trace_store store_a = load_text(a);
  const trace_store store_b = load_text(b);
  return compare(store_a, store_b);
}

TEST(an_obligation, of_a_region_and_a_task_is_compared_once) {
  constexpr std::string_view lease =
      R"({"ev":"obligation","t":60,"obligation":"o0.1","kind":"lease","region":"r0.1","task":"t1.1","label":"stock"})"
      "\n";
  const auto resolved = [&](const char* how) {
    const std::string end =
        std::string(R"({"ev":"obligation_end","t":70,"obligation":"o0.1","how":")") + how + "\"}\n";
    return order(0, std::string(lease) + end + std::string(ends_well));
  };
  const auto found = compared(resolved("committed"), resolved("aborted"));
  EXPECT_EQ(found.obligations, 1U);
  EXPECT_THAT(kinds_of(found), ElementsAre("obligation order / charge / stock"));
}

TEST(two_runs, are_the_same_whatever_their_ids_and_times) {
  std::string later = order(70, ends_well);
  later.replace(later.find("\"t\":100"), 7, "\"t\":140");
  const run_comparison found = compared(order(1, ends_well), later);
  EXPECT_TRUE(found.same());
  EXPECT_EQ(found.regions, 1U);
  EXPECT_EQ(found.tasks, 2U);
}

TEST(two_runs, differ_in_who_was_cancelled_in_one_only) {
  EXPECT_THAT(kinds_of(compared(order(1, is_cancelled), order(5, ends_well))),
              ElementsAre("cancelled-in-a order / charge"));
  const run_comparison found = compared(order(1, ends_well), order(5, is_cancelled));
  EXPECT_THAT(kinds_of(found), ElementsAre("cancelled-in-b order / charge"));
  EXPECT_THAT(found.differences[0].message,
              AllOf(HasSubstr("In A `charge` was never cancelled; it ended *ok*."),
                    HasSubstr("In B `charge` was cancelled by its own timeout")));
}

TEST(two_runs, differ_in_why_somebody_was_cancelled) {
  EXPECT_THAT(kinds_of(compared(order(1, is_cancelled), order(1, is_shut_down))),
              ElementsAre("cause order / charge"));
}

TEST(two_runs, differ_in_outcomes_and_in_what_never_ended) {
  EXPECT_THAT(kinds_of(compared(order(1, fails), order(1, ends_well))),
              ElementsAre("outcome order / charge"));
  EXPECT_THAT(kinds_of(compared(order(1, goes_on), order(1, ends_well))),
              ElementsAre("unfinished order / charge"));
}

TEST(two_runs, of_which_one_lost_events_do_not_say_that_an_obligation_was_never_resolved) {
  constexpr std::string_view opened =
      R"({"ev":"obligation","t":60,"obligation":"o1.1","kind":"lease","task":"t@","label":"stock"})";
  const std::string resolved =
      std::string(opened) +
      "\n{\"ev\":\"obligation_end\",\"t\":61,\"obligation\":\"o1.1\",\"how\":\"committed\"}";
  const std::string lost = std::string(opened) + "\n{\"ev\":\"dropped\",\"t\":61,\"count\":3}";
  const auto said = [](const run_comparison& found) {
    for (const difference& d : found.differences)
      if (d.kind == difference_kind::obligation) return d.message;
    return std::string("nothing");
  };
  EXPECT_EQ(said(compared(order(0, resolved), order(0, lost))),
            "The lease `stock` was committed in A; what became of it in B is not known: events are "
            "missing.");
  EXPECT_EQ(said(compared(order(0, lost), order(0, resolved))),
            "The lease `stock` was committed in B; what became of it in A is not known: events are "
            "missing.");
  EXPECT_EQ(said(compared(order(0, resolved), order(0, opened))),
            "The lease `stock` was committed in A and never resolved in B.");
}

TEST(two_runs, differ_in_how_an_obligation_was_resolved) {
  const auto with = [](std::string_view how) {
    return order(
        1,
        R"({"ev":"obligation","t":60,"obligation":"o1.1","kind":"lease","task":"t@","label":"stock"}
{"ev":"obligation_end","t":61,"obligation":"o1.1","how":")" +
            std::string(how) + R"("}
{"ev":"task_end","t":100,"task":"t@","outcome":"ok"})");
  };
  const run_comparison found = compared(with("committed"), with("leaked"));
  EXPECT_THAT(kinds_of(found), ElementsAre("obligation order / charge / stock"));
  EXPECT_EQ(found.obligations, 1U);
  EXPECT_THAT(found.differences[0].message, HasSubstr("committed in A and leaked in B"));
}

TEST(two_runs, differ_in_who_was_there_and_what_is_below_is_counted_not_listed) {
  constexpr std::string_view gift =
      R"({"ev":"region_open","t":60,"region":"r9.1","parent":"r1.1","name":"gift"}
{"ev":"region_open","t":61,"region":"r10.1","parent":"r9.1","name":"paper"}
{"ev":"task_spawn","t":62,"task":"t9.1","region":"r9.1","name":"wrap"}
{"ev":"task_spawn","t":63,"task":"t10.1","region":"r10.1","name":"buy"}
{"ev":"task_end","t":100,"task":"t@","outcome":"ok"})";
  const run_comparison found = compared(order(1, gift), order(1, ends_well));
  EXPECT_THAT(kinds_of(found), ElementsAre("only-in-a order / gift"));
  EXPECT_THAT(found.differences[0].message, HasSubstr("with 2 tasks in it"));
  EXPECT_THAT(kinds_of(compared(order(1, ends_well), order(1, gift))),
              ElementsAre("only-in-b order / gift"));
}

TEST(two_runs, part_ways_at_the_first_event_without_a_counterpart) {
  const trace_store a = load_text(order(1, ends_well));
  const trace_store b = load_text(order(5, is_cancelled));
  const run_comparison found = compare(a, b);
  ASSERT_TRUE(found.first_divergence);
  EXPECT_EQ(found.first_divergence->place, "order / charge");
  EXPECT_EQ(a.kind_of(found.first_divergence->in_a), event_kind::task_end);
  EXPECT_EQ(b.kind_of(found.first_divergence->in_b), event_kind::cancel);
  EXPECT_EQ(b.time_of(found.first_divergence->in_b), 60U);
}

TEST(two_runs, are_compared_by_each_ones_own_history_not_by_the_order_of_the_file) {
  std::string swapped = order(1, ends_well);
  const std::string reserve = R"({"ev":"task_end","t":50,"task":"t1.1","outcome":"ok"})";
  const std::string charge = R"({"ev":"task_end","t":100,"task":"t2.1","outcome":"ok"})";
  swapped.replace(swapped.find(reserve), reserve.size(),
                  R"({"ev":"task_end","t":50,"task":"t2.1","outcome":"ok"})");
  swapped.replace(swapped.find(charge), charge.size(),
                  R"({"ev":"task_end","t":100,"task":"t1.1","outcome":"ok"})");
  EXPECT_TRUE(compared(order(1, ends_well), swapped).same());
}

TEST(siblings_of_one_name, are_paired_in_their_order_and_numbered) {
  constexpr std::string_view three =
      R"({"ev":"task_spawn","t":60,"task":"t6.1","region":"r1.1","name":"attempt"}
{"ev":"task_spawn","t":61,"task":"t7.1","region":"r1.1","name":"attempt"}
{"ev":"task_end","t":62,"task":"t6.1","outcome":"err"}
{"ev":"task_end","t":63,"task":"t7.1","outcome":"ok"})";
  constexpr std::string_view two =
      R"({"ev":"task_spawn","t":60,"task":"t8.1","region":"r1.1","name":"attempt"}
{"ev":"task_spawn","t":61,"task":"t9.1","region":"r1.1","name":"attempt"}
{"ev":"task_end","t":62,"task":"t8.1","outcome":"err"}
{"ev":"task_end","t":63,"task":"t9.1","outcome":"err"})";
  EXPECT_THAT(kinds_of(compared(order(1, three), order(1, two))),
              ElementsAre("outcome order / attempt #2"));
}

TEST(the_place_of_something_deep, is_told_by_its_last_few_names) {
  std::string text(header_line);
  text += "\n";
  for (int i = 0; i < 100'000; ++i)
    text += "{\"ev\":\"region_open\",\"t\":0,\"region\":\"r" + std::to_string(i) +
            ".1\",\"parent\":" +
            (i == 0 ? std::string("null") : "\"r" + std::to_string(i - 1) + ".1\"") +
            ",\"name\":\"n" + std::to_string(i) + "\"}\n";
  const trace_store deep = load_text(text);
  EXPECT_EQ(place_of(deep, deep.find("r99999.1")),
            "… / n99994 / n99995 / n99996 / n99997 / n99998 / n99999");
  EXPECT_TRUE(compare(deep, deep).same());
}

TEST(diff, ends_with_status_1_when_they_differ_and_0_when_not) {
  const scratch_folder folder;
  const std::string a = folder.path() / "a.jsonl";
  const std::string b = folder.path() / "b.jsonl";
  std::ofstream(a) << order(1, ends_well);
  std::ofstream(b) << order(5, is_cancelled);
  EXPECT_EQ(run_command({"diff", a, a}).status, 0);
  const answer given = run_command({"diff", a, b});
  EXPECT_EQ(given.status, 1);
  EXPECT_THAT(given.out,
              AllOf(HasSubstr("They first part ways in order / charge"),
                    HasSubstr("Cancelled in B, and not in A"), HasSubstr("1 difference")));
}

TEST(diff, answers_as_json) {
  const scratch_folder folder;
  const std::string a = folder.path() / "a.jsonl";
  const std::string b = folder.path() / "b.jsonl";
  std::ofstream(a) << order(1, ends_well);
  std::ofstream(b) << order(5, is_cancelled);
  const auto json = nlohmann::json::parse(run_command({"diff", a, b, "--json"}).out);
  EXPECT_EQ(json["same"], false);
  EXPECT_EQ(json["aligned"]["tasks"], 2);
  EXPECT_EQ(json["first_divergence"]["b"]["event"], "cancel");
  ASSERT_EQ(json["differences"].size(), 1U);
  EXPECT_EQ(json["differences"][0]["kind"], "cancelled-in-b");
  EXPECT_EQ(json["differences"][0]["a"]["outcome"], "ok");
  EXPECT_EQ(json["differences"][0]["b"]["id"], "t6.1");
  const auto same = nlohmann::json::parse(run_command({"diff", a, a, "--json"}).out);
  EXPECT_EQ(same["same"], true);
  EXPECT_THAT(same["differences"], IsEmpty());
  EXPECT_TRUE(same["first_divergence"].is_null());
}

TEST(diff, refuses_to_read_standard_input_twice) {
  const answer given = run_command({"diff", "-", "-"});
  EXPECT_EQ(given.status, 2);
  EXPECT_EQ(given.err, "cancelscope: Standard input can be only one of the two traces.\n");
}

} // namespace
} // namespace cancelscope::inspector::testing
