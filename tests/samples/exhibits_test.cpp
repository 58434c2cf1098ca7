// Every exhibit holds: what it proves of itself, and what the inspector says of its trace.
#include "inspector/command_line/command_line.hpp"
#include "tests/samples/scratch_folder.hpp"
#include "ui/program/performance.hpp"
#include "ui/program/sample_commands.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <set>
#include <sstream>

namespace {

using namespace cancelscope;
using samples::sample;
using testing::HasSubstr;
using testing::StartsWith;
using ui::perform;

class every_exhibit : public testing::TestWithParam<std::string_view> {
protected:
  static const sample& shown() { return *samples::find_sample(GetParam()); }
};

TEST_P(every_exhibit, proves_what_it_shows) {
  const auto done = perform(shown());
  for (const auto& proof : done.proofs)
    EXPECT_TRUE(proof.holds) << proof.what;
}

TEST_P(every_exhibit, proves_it_with_other_seeds_too) {
  if (shown().measures_time) GTEST_SKIP() << "it draws nothing from its seed";
  for (std::uint64_t seed = 2; seed < 6; ++seed) {
    for (const auto& proof : perform(shown(), {.seed = seed}).proofs)
      EXPECT_TRUE(proof.holds) << "seed " << seed << ": " << proof.what;
  }
}

TEST_P(every_exhibit, writes_the_same_trace_for_the_same_seed) {
  if (shown().measures_time) GTEST_SKIP() << "it measures the machine";
  EXPECT_EQ(perform(shown(), {.seed = 3}).trace, perform(shown(), {.seed = 3}).trace);
}

TEST_P(every_exhibit, proves_it_in_whatever_order_things_happen) {
  if (shown().measures_time) GTEST_SKIP() << "it runs on the machine's clock, not in the lab";
  for (std::uint64_t seed = 1; seed < 6; ++seed) {
    for (const auto& proof : perform(shown(), {.schedule = seed}).proofs)
      EXPECT_TRUE(proof.holds) << "seed " << seed << ": " << proof.what;
  }
}

std::vector<std::string_view> all_names() {
  std::vector<std::string_view> names;
  for (const sample& each : samples::all_samples())
    names.push_back(each.name);
  return names;
}

std::string as_identifier(const testing::TestParamInfo<std::string_view>& name) {
  std::string word{name.param};
  std::replace(word.begin(), word.end(), '-', '_');
  return word;
}

INSTANTIATE_TEST_SUITE_P(named, every_exhibit, testing::ValuesIn(all_names()), as_identifier);

TEST(the_exhibits, have_names_and_numbers_of_their_own_and_come_in_order) {
  int last = 0;
  std::set<std::string_view> names;
  for (const sample& each : samples::all_samples()) {
    EXPECT_GT(each.exhibit, last);
    last = each.exhibit;
    EXPECT_TRUE(names.insert(each.name).second) << each.name;
    EXPECT_FALSE(each.shows.empty());
  }
}

// ---- A sample that does not hold must be seen ----

void lie(samples::stage& on) {
  on.prove(false, "two and two are five");
}
void say_nothing(samples::stage&) {}
void leak(samples::stage& on) {
  static_cast<void>(on.runtime().run("root", [](region r) -> task<> {
    static_cast<void>(r.reserve(obligation_kind::lease, "forgotten").detach());
    co_return;
  }));
  on.prove(true, "nothing of note");
}
void keep_a_region_open(samples::stage& on) {
  static_cast<void>(on.core().open_region({.name = "left open"}));
  on.prove_nothing_left();
}

TEST(a_sample, whose_proof_fails_does_not_hold) {
  EXPECT_FALSE(perform({.name = "lie", .run = lie}).holds());
}

TEST(a_sample, that_proves_nothing_does_not_hold) {
  EXPECT_FALSE(perform({.name = "mute", .run = say_nothing}).holds());
}

TEST(a_sample, in_whose_trace_check_finds_what_it_is_not_meant_to_does_not_hold) {
  EXPECT_FALSE(perform({.name = "leak", .run = leak}).holds());
  EXPECT_TRUE(perform({.name = "leak", .findings = {"leaked-obligation"}, .run = leak}).holds());
  EXPECT_FALSE(
      perform({.name = "leak", .findings = {"leaked-obligation", "stale-handle"}, .run = leak})
          .holds());
}

TEST(a_sample, that_leaves_something_behind_is_told_so_by_kernel_and_trace) {
  const auto done = perform({.name = "untidy", .run = keep_a_region_open});
  ASSERT_GE(done.proofs.size(), 3U); // the lab's oracles find it, too
  for (const auto& proof : done.proofs)
    EXPECT_FALSE(proof.holds) << proof.what;
}

// ---- The commands ----

struct answer {
  int status = 0;
  std::string out;
  std::string err;
};

answer run_command(const std::vector<std::string>& arguments) {
  inspector::command_list commands;
  commands.push_back(ui::samples_command());
  commands.push_back(ui::run_command());
  commands.push_back(ui::explore_command());
  std::ostringstream out;
  std::ostringstream err;
  inspector::console io{.out = out, .err = err};
  const int status = inspector::run(arguments, commands, io);
  return {status, out.str(), err.str()};
}

TEST(the_command_samples, lists_them_all) {
  const answer list = run_command({"samples"});
  EXPECT_EQ(list.status, 0);
  const answer json = run_command({"samples", "--json"});
  EXPECT_THAT(list.out, HasSubstr("lost-wakeup"));
  EXPECT_TRUE(nlohmann::json::accept(json.out)) << json.out;
  EXPECT_THAT(json.out, HasSubstr(R"({"name":"lost-wakeup","shows":)"));
  for (const sample& each : samples::all_samples()) {
    EXPECT_THAT(list.out, HasSubstr(std::string{each.name}));
    EXPECT_THAT(json.out, HasSubstr("\"name\":\"" + std::string{each.name} + '"'));
  }
}

TEST(the_command_run, tells_what_was_proved_and_writes_the_trace) {
  const tests::scratch_folder folder;
  const std::string file = folder.file("exhibit.jsonl");
  const answer given = run_command({"run", "stale-handle", "--seed", "7", "-o", file});
  EXPECT_EQ(given.status, 0) << given.out;
  EXPECT_THAT(given.out, HasSubstr("holds"));
  std::stringstream written;
  written << std::ifstream{file}.rdbuf();
  EXPECT_THAT(written.str(), StartsWith(R"({"ev":"trace","format":"cancelscope","version":1)"));
  EXPECT_THAT(written.str(), HasSubstr(R"("seed":"0x7")"));
}

TEST(the_command_run, answers_in_json) {
  const answer given = run_command({"run", "stale-handle", "--json"});
  EXPECT_THAT(
      given.out,
      StartsWith(R"({"sample":"stale-handle","seed":1,"schedule":"choices:","holds":true,)"));
}

TEST(the_command_run, refuses_what_it_does_not_know_and_files_it_cannot_write) {
  const answer unknown = run_command({"run", "perpetuum-mobile"});
  EXPECT_EQ(unknown.status, 2);
  EXPECT_THAT(unknown.err, HasSubstr("perpetuum-mobile"));
  EXPECT_EQ(run_command({"run", "stale-handle", "-o", "/no/such/folder/x.jsonl"}).status, 2);
}

TEST(the_command_run, refuses_a_seed_that_is_none) {
  const answer given = run_command({"run", "stale-handle", "--seed", "x"});
  EXPECT_EQ(given.status, 2);
  EXPECT_THAT(given.err, HasSubstr("is no seed"));
}

TEST(the_command_explore, says_that_an_exhibit_holds_and_how_many_schedules_that_took) {
  const answer given = run_command({"explore", "stale-handle", "--schedules", "200"});
  EXPECT_EQ(given.status, 0) << given.out << given.err;
  EXPECT_THAT(given.out, HasSubstr("run, "));
  EXPECT_THAT(given.out, HasSubstr("pruned"));
  EXPECT_THAT(given.out, HasSubstr("holds under"));
}

TEST(the_command_explore, shrinks_what_it_finds_and_says_how_to_replay_it) {
  const tests::scratch_folder folder;
  const std::string file = folder.file("lost-wakeup.jsonl");
  const answer given = run_command({"explore", "lost-wakeup", "-o", file});
  EXPECT_EQ(given.status, 1) << given.out << given.err;
  EXPECT_THAT(given.out, HasSubstr("BROKEN"));
  EXPECT_THAT(given.out, HasSubstr("progress: every task is parked"));
  EXPECT_THAT(given.out, HasSubstr(file));
  const auto replay = given.out.find("--seed choices:");
  ASSERT_NE(replay, std::string::npos) << given.out;
  const std::string seed = given.out.substr(replay + 7, given.out.find('\n', replay) - replay - 7);

  const answer replayed = run_command({"run", "lost-wakeup", "--seed", seed});
  EXPECT_EQ(replayed.status, 1);
  EXPECT_THAT(replayed.out, HasSubstr("progress: every task is parked"));
  std::stringstream written;
  written << std::ifstream{file}.rdbuf();
  EXPECT_THAT(written.str(), HasSubstr("\"seed\":\"" + seed + '"'));
}

TEST(the_command_explore, answers_in_json) {
  const tests::scratch_folder folder;
  const std::string file = folder.file("double-join.jsonl");
  const answer given = run_command({"explore", "double-join", "--json", "-o", file});
  EXPECT_EQ(given.status, 1);
  EXPECT_THAT(given.out, StartsWith(R"({"sample":"double-join","run":)"));
  EXPECT_THAT(given.out, HasSubstr(R"("holds":false,"broken":[{"oracle":"program")"));
  EXPECT_THAT(given.out, HasSubstr(R"("seed":"choices:)"));
  EXPECT_TRUE(nlohmann::json::accept(given.out)) << given.out;
}

TEST(the_command_explore, refuses_what_it_does_not_know) {
  EXPECT_EQ(run_command({"explore", "perpetuum-mobile"}).status, 2);
  EXPECT_EQ(run_command({"explore", "lost-wakeup", "--schedules", "0"}).status, 2);
  EXPECT_EQ(run_command({"explore", "lost-wakeup", "-o", "/no/such/folder/x.jsonl"}).status, 2);
}

} // namespace
