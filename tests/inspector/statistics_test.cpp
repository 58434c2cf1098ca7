// Percentiles, outliers, and how long clean-ups took by name.
#include "inspector/statistics/statistics.hpp"
#include "tests/inspector/support.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace cancelscope::inspector::testing {
namespace {

using ::testing::HasSubstr;

TEST(a_distribution, has_percentiles_by_nearest_rank) {
  std::vector<std::uint64_t> values;
  for (std::uint64_t i = 100; i > 0; --i)
    values.push_back(i);
  const distribution d = distribution_of(values);
  EXPECT_EQ(d.count, 100U);
  EXPECT_EQ(d.p50, 50U);
  EXPECT_EQ(d.p90, 90U);
  EXPECT_EQ(d.p99, 99U);
  EXPECT_EQ(d.max, 100U);
  EXPECT_EQ(distribution_of({}).count, 0U);
  EXPECT_EQ(distribution_of({7}).p50, 7U);
}

TEST(a_distribution, has_no_outliers_among_few_or_equal_values) {
  EXPECT_GT(distribution_of({1, 1, 1, 1, 1, 1, 1'000'000}).fence, 1'000'000U)
      << "seven are too few";
  EXPECT_EQ(distribution_of(std::vector<std::uint64_t>(100, 5)).fence, 10U)
      << "twice the median, at least";
}

TEST(names, that_differ_in_numbers_alone_are_alike) {
  EXPECT_EQ(without_numbers("fetch 12 of 30"), "fetch # of #");
  EXPECT_EQ(without_numbers("fetch"), "fetch");
  EXPECT_EQ(without_numbers(""), "");
}

/// Twenty fetches whose draining took 10 ns, one that took 500, and one that never ended.
std::string slow_fetch() {
  std::string text = text_of({R"({"ev":"region_open","t":0,"region":"r0.1","parent":null})"});
  const auto line = [&text](const std::string& more) { text += "{" + more + "}\n"; };
  for (int i = 0; i < 22; ++i)
    line(fmt::format(R"("ev":"task_spawn","t":1,"task":"t{}.1","region":"r0.1","name":"fetch {}")",
                     i, i));
  for (int i = 0; i < 22; ++i)
    line(fmt::format(R"("ev":"cancel","t":100,"cancel":"c{}","kind":"user","target":"t{}.1")",
                     i + 1, i));
  for (int i = 0; i < 22; ++i)
    line(fmt::format(
        R"("ev":"cancel_phase","t":110,"target":"t{}.1","cancel":"c{}","phase":"draining")", i,
        i + 1));
  for (int i = 0; i < 20; ++i)
    line(fmt::format(R"("ev":"task_end","t":120,"task":"t{}.1","outcome":"cancelled")", i));
  line(R"("ev":"task_end","t":610,"task":"t20.1","outcome":"cancelled")");
  return text;
}

TEST(clean_ups, are_measured_by_phase_and_name_with_who_stands_out) {
  const auto trace = load_text(slow_fetch());
  const auto groups = clean_ups_by_name(trace);
  ASSERT_EQ(groups.size(), 1U);
  EXPECT_EQ(groups[0].name, "fetch #");
  EXPECT_EQ(groups[0].tasks, 22U);
  EXPECT_EQ(groups[0].not_done, 1U);
  const auto& phases = groups[0].phases;
  EXPECT_EQ(phases[0].of.count, 22U);
  EXPECT_EQ(phases[0].of.p50, 10U);
  EXPECT_TRUE(phases[0].outliers.empty());
  EXPECT_EQ(phases[1].of.max, 500U);
  ASSERT_EQ(phases[1].outliers.size(), 1U);
  EXPECT_EQ(trace.id_of(phases[1].outliers[0].task), "t20.1");
  EXPECT_EQ(phases[2].of.count, 0U);
  EXPECT_EQ(phases[3].of.count, 21U);
}

TEST(stats, show_clean_ups_by_name) {
  const scratch_folder folder;
  const std::string path = folder.path() / "slow.jsonl";
  std::ofstream(path) << slow_fetch();
  const std::string text = run_command({"stats", path}).out;
  EXPECT_THAT(text, HasSubstr("From request to completion, by name"));
  EXPECT_THAT(text, HasSubstr("`fetch #`"));
  EXPECT_THAT(text, HasSubstr("1 not done"));
  EXPECT_THAT(text, HasSubstr("Much longer than their like"));
  const auto json = nlohmann::json::parse(run_command({"stats", path, "--json"}).out);
  EXPECT_EQ(json["clean_ups"][0]["draining"]["p50"], 10);
  EXPECT_EQ(json["clean_ups"][0]["draining"]["outliers"][0]["id"], "t20.1");
}

TEST(stats, show_no_length_where_nothing_was_measured) {
  const scratch_folder folder;
  const std::string path = folder.path() / "busy.jsonl";
  std::ofstream(path) << text_of(
      {R"({"ev":"region_open","t":0,"region":"r0.1","parent":null})",
       R"({"ev":"task_spawn","t":1,"task":"t0.1","region":"r0.1","name":"busy"})",
       R"({"ev":"cancel","t":2,"cancel":"c1","kind":"user","target":"t0.1"})",
       R"({"ev":"end","t":9})"});
  const std::string text = run_command({"stats", path}).out;
  EXPECT_THAT(text, HasSubstr("–        –  1 not done"));
  EXPECT_THAT(text, Not(HasSubstr("0 ns")));
}

} // namespace
} // namespace cancelscope::inspector::testing
