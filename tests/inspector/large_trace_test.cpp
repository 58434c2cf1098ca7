// Traces in which much hangs on one: every command answers, and answers right. How the time grows is measured in bench/.
#include "tests/inspector/support.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace cancelscope::inspector::testing {
namespace {

using ::testing::HasSubstr;

constexpr int many = 20'000;

class a_large_trace : public ::testing::Test {
protected:
  template <class... Argument>
  void line(fmt::format_string<Argument...> format, Argument&&... arguments) {
    text_ += '{';
    fmt::format_to(std::back_inserter(text_), format, std::forward<Argument>(arguments)...);
    text_ += "}\n";
  }

  void open_root() {
    text_ = std::string(header_line) + "\n";
    line(R"("ev":"region_open","t":0,"region":"r0.1","parent":null,"name":"root")");
  }

  /// Every command on what was written so far.
  void every_command_answers() {
    const std::string path = written();
    for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
             {"check", path},
             {"stats", path},
             {"tree", path},
             {"slots", path},
             {"events", path, "cancel under c1 and outcome >= cancelled"},
             {"explain", path, "r0.1"},
             {"explain", path, "r0.1", "--json"},
             {"explain", path, "c1"}}) {
      const answer given = run_command(arguments);
      EXPECT_NE(given.status, 2) << given.err;
      EXPECT_LT(given.out.size(), arguments.back() == "--json" ? 100'000'000U : 20'000'000U);
    }
  }

  std::string written() {
    const std::string path = folder_.path() / "large.jsonl";
    std::ofstream(path) << text_;
    return path;
  }

  nlohmann::json explained(const std::string& id) {
    return nlohmann::json::parse(run_command({"explain", written(), id, "--json"}).out);
  }

private:
  scratch_folder folder_;
  std::string text_;
};

TEST_F(a_large_trace, of_a_cancel_storm_is_answered) {
  open_root();
  for (int i = 0; i < many; ++i)
    line(R"("ev":"task_spawn","t":1,"task":"t{}.1","region":"r0.1","name":"work {}")", i, i);
  line(R"("ev":"cancel","t":10,"cancel":"c1","kind":"shutdown","target":"r0.1")");
  for (int i = 0; i < many; ++i)
    line(R"("ev":"cancel","t":10,"cancel":"c{}","kind":"parent","target":"t{}.1","cause":"c1")",
         i + 2, i);
  for (int i = 0; i < many; ++i)
    line(R"("ev":"task_end","t":{},"task":"t{}.1","outcome":"cancelled")", 20 + i, i);
  line(R"("ev":"region_state","t":{},"region":"r0.1","state":"closed")", 20 + many);
  line(R"("ev":"end","t":{})", 20 + many);
  every_command_answers();
  const auto why = explained("r0.1");
  EXPECT_EQ(why["effects"]["tasks"], many);
  EXPECT_EQ(why["shutdown"]["alive"], many);
  EXPECT_EQ(why["shutdown"]["critical_path"][0]["id"], fmt::format("t{}.1", many - 1));
  EXPECT_THAT(run_command({"check", written()}).out, HasSubstr("cancel-storm"));
}

TEST_F(a_large_trace, of_one_long_chain_is_answered) {
  open_root();
  for (int i = 1; i < many; ++i)
    line(R"("ev":"region_open","t":1,"region":"r{}.1","parent":"r{}.1")", i, i - 1);
  for (int i = 0; i < many; ++i)
    line(R"("ev":"cancel","t":10,"cancel":"c{}","kind":"{}","target":"r{}.1","cause":{})", i + 1,
         i == 0 ? "user" : "parent", i, i == 0 ? "null" : fmt::format("\"c{}\"", i));
  for (int i = many; i-- > 0;)
    line(R"("ev":"region_state","t":{},"region":"r{}.1","state":"closed")", 20 + many - i, i);
  line(R"("ev":"end","t":{})", 30 + many);
  every_command_answers();
  EXPECT_EQ(explained("r0.1")["effects"]["regions"], many);
  EXPECT_EQ(explained(fmt::format("r{}.1", many - 1))["chain"].size(),
            static_cast<std::size_t>(many));
}

TEST_F(a_large_trace, of_requests_that_change_nothing_is_answered) {
  open_root();
  line(R"("ev":"cancel","t":10,"cancel":"c1","kind":"user","target":"r0.1")");
  for (int i = 0; i < many; ++i)
    line(R"("ev":"cancel","t":10,"cancel":"c{}","kind":"user","target":"r0.1","effect":"absorbed")",
         i + 2);
  line(R"("ev":"region_state","t":20,"region":"r0.1","state":"closed")");
  line(R"("ev":"end","t":20)");
  every_command_answers();
  EXPECT_EQ(explained("r0.1")["absorbed"].size(), static_cast<std::size_t>(many));
}

TEST_F(a_large_trace, of_one_task_that_opened_many_regions_is_answered) {
  open_root();
  line(R"("ev":"task_spawn","t":1,"task":"t0.1","region":"r0.1","name":"boss")");
  for (int i = 1; i <= many; ++i)
    line(R"("ev":"region_open","t":1,"region":"r{}.1","parent":"r0.1","by":"t0.1")", i);
  line(R"("ev":"cancel","t":10,"cancel":"c1","kind":"user","target":"t0.1")");
  for (int i = 1; i <= many; ++i)
    line(R"("ev":"cancel","t":10,"cancel":"c{}","kind":"parent","target":"r{}.1","cause":"c1")",
         i + 1, i);
  for (int i = 1; i <= many; ++i)
    line(R"("ev":"region_state","t":20,"region":"r{}.1","state":"closed")", i);
  line(R"("ev":"task_end","t":21,"task":"t0.1","outcome":"cancelled")");
  every_command_answers();
  const auto found = nlohmann::json::parse(run_command({"check", written(), "--json"}).out);
  for (const auto& f : found["findings"])
    EXPECT_NE(f["code"], "sibling-effect");
}

TEST_F(a_large_trace, of_one_task_that_joins_many_while_it_drains_is_answered) {
  open_root();
  line(R"("ev":"task_spawn","t":1,"task":"t0.1","region":"r0.1","name":"boss")");
  line(R"("ev":"cancel","t":10,"cancel":"c1","kind":"user","target":"r0.1")");
  line(R"("ev":"cancel","t":10,"cancel":"c2","kind":"parent","target":"t0.1","cause":"c1")");
  std::uint64_t t = 10;
  for (int i = 1; i <= many; ++i) {
    line(R"("ev":"task_spawn","t":{},"task":"t{}.1","region":"r0.1","by":"t0.1")", t, i);
    line(R"("ev":"task_wait","t":{},"task":"t0.1","on":"join","what":"t{}.1")", t + 1, i);
    line(R"("ev":"task_end","t":{},"task":"t{}.1","outcome":"ok")", t + 5, i);
    line(R"("ev":"task_join","t":{},"task":"t{}.1","by":"t0.1")", t + 5, i);
    t += 6;
  }
  line(R"("ev":"task_end","t":{},"task":"t0.1","outcome":"cancelled")", t);
  line(R"("ev":"region_state","t":{},"region":"r0.1","state":"closed")", t);
  line(R"("ev":"end","t":{})", t);
  every_command_answers();
  const auto path = explained("r0.1")["shutdown"]["critical_path"];
  std::uint64_t at = 10;
  for (const auto& step : path) {
    ASSERT_EQ(step["from"], at) << "without a gap";
    at = step["to"];
  }
  EXPECT_EQ(at, t);
}

} // namespace
} // namespace cancelscope::inspector::testing
