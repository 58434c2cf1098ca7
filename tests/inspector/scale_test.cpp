// Answers on generated traces, of which they are known beforehand; the state as of any moment against a plain count; and
// input that is large in one direction: memory stays bounded and the answer comes.
#include "bench/generator/trace_generator.hpp"
#include "inspector/attribution/chain.hpp"
#include "inspector/attribution/explain.hpp"
#include "inspector/timeline/state.hpp"
#include "inspector/timeline/tree.hpp"
#include "tests/inspector/support.hpp"
#include "trace-format/binary/binary_writer.hpp"
#include "trace-format/jsonl_writer.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <sys/resource.h>

#include <map>
#include <random>
#include <set>

namespace cancelscope::inspector::testing {
namespace {

using ::testing::IsEmpty;
using json = nlohmann::json;

/// A generated trace in a file, in the encoding that the extension names.
class generated {
public:
  generated(std::uint64_t events, const std::string& extension)
      : path((folder_.path() / ("trace" + extension)).string()) {
    trace::jsonl_writer as_lines;
    trace::binary_writer as_binary{{.events_in_block = 1000, .events_between_snapshots = 5000}};
    trace::encoder& encoder =
        extension == ".cst" ? static_cast<trace::encoder&>(as_binary) : as_lines;
    std::string bytes;
    known = bench::generate({.events = events, .seed = 5},
                            [&](const trace::event& e) { encoder.append(e, bytes); });
    encoder.finish(bytes);
    std::ofstream(path, std::ios::binary) << bytes;
  }

  [[nodiscard]] json ask(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin() + 1, path);
    arguments.emplace_back("--json");
    return json::parse(run_command(arguments).out, nullptr, false);
  }

private:
  scratch_folder folder_;

public:
  std::string path;
  bench::known_answers known;
};

class a_generated_trace : public ::testing::TestWithParam<const char*> {};

TEST_P(a_generated_trace, is_counted_right) {
  const generated made(20'000, GetParam());
  const json said = made.ask({"stats"});
  EXPECT_EQ(said["events"], 20'000);
  EXPECT_EQ(said["duration_ns"], made.known.duration);
  EXPECT_EQ(said["regions"], made.known.regions);
  EXPECT_EQ(said["tasks"], made.known.tasks);
  EXPECT_EQ(said["cancels"], made.known.cancels);
  EXPECT_EQ(said["obligations"], made.known.obligations);
  EXPECT_EQ(said["max_depth"], made.known.max_depth);
  EXPECT_EQ(said["by_kind"], json(made.known.by_kind));
  for (const auto& [outcome, count] : made.known.outcomes)
    EXPECT_EQ(said["outcomes"][outcome], count) << outcome;
}

TEST_P(a_generated_trace, is_explained_right) {
  const generated made(20'000, GetParam());
  ASSERT_GT(made.known.chains.size(), 10U);
  for (const bench::known_chain& known : made.known.chains) {
    const json said = made.ask({"explain", known.task});
    std::vector<std::string> cancels;
    for (const json& link : said["chain"])
      cancels.push_back(link["cancel"].get<std::string>());
    EXPECT_EQ(cancels, known.cancels);
    EXPECT_EQ(said["complete"], true);
    EXPECT_EQ(said["root_cause"]["message"], known.root_message);
  }
}

TEST_P(a_generated_trace, has_the_findings_that_were_planted_and_no_other) {
  const generated made(20'000, GetParam());
  const json said = made.ask({"check"});
  std::map<std::string, std::uint64_t> found;
  for (const json& finding : said["findings"])
    ++found[finding["code"].get<std::string>()];
  EXPECT_EQ(found, made.known.findings);
  EXPECT_GE(found.size(), 4U);
  EXPECT_THAT(said["anomalies"], IsEmpty());
}

TEST_P(a_generated_trace, says_who_held_up_an_order_and_who_presented_an_old_handle) {
  const generated made(20'000, GetParam());
  ASSERT_FALSE(made.known.hold_ups.empty());
  for (const bench::known_hold_up& known : made.known.hold_ups)
    EXPECT_EQ(made.ask({"explain", known.region})["shutdown"]["held_up_by"], known.by);
  const json stale = made.ask({"events", "ev = stale"})["events"];
  ASSERT_FALSE(made.known.stale_uses.empty());
  ASSERT_GE(stale.size(), made.known.stale_uses.size());
  for (std::size_t i = 0; i < made.known.stale_uses.size(); ++i) {
    EXPECT_EQ(stale[i]["id"], made.known.stale_uses[i].id);
    EXPECT_EQ(stale[i]["by"], made.known.stale_uses[i].by);
    EXPECT_EQ(stale[i]["t"], made.known.stale_uses[i].t);
  }
}

INSTANTIATE_TEST_SUITE_P(of_both_encodings, a_generated_trace, ::testing::Values(".jsonl", ".cst"),
                         [](const auto& wanted) { return std::string(wanted.param + 1); });

// ---- The state as of any moment ----

TEST(a_moment, shows_exactly_who_is_there) {
  const generated made(20'000, ".cst");
  const auto trace = load_file(made.path);
  ASSERT_TRUE(trace);
  std::mt19937_64 random{3};
  for (int i = 0; i < 200; ++i) {
    const auto happened = static_cast<std::uint32_t>(random() % (trace->event_count() + 1));
    const moment m =
        happened == trace->event_count() ? end_of(*trace) : moment::before(event_index{happened});
    std::set<entity> expected;
    for (std::uint32_t r = 0; r < trace->regions().size(); ++r)
      if (exists_at(*trace, region_index{r}, m)) expected.insert(region_index{r});
    for (std::uint32_t t = 0; t < trace->tasks().size(); ++t)
      if (exists_at(*trace, task_index{t}, m)) expected.insert(task_index{t});
    std::set<entity> found;
    const region_tree tree = tree_at(*trace, m);
    for (const tree_node& node : tree.nodes)
      found.insert(node.who);
    ASSERT_EQ(found, expected) << happened;
    ASSERT_EQ(found.size(), tree.nodes.size()) << "each once";
  }
}

// ---- Large in one direction ----

std::size_t most_memory() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  return static_cast<std::size_t>(used.ru_maxrss) * 1024;
}

TEST(a_line_of_four_gigabytes, is_passed_over_and_takes_no_memory) {
  loader reading("long.jsonl");
  ASSERT_TRUE(reading.feed(std::string(header_line) + "\n{\"ev\":\"mark\",\"t\":1,\"label\":\""));
  const std::string piece(std::size_t{4} << 20U, 'x');
  const std::size_t before = most_memory();
  for (int i = 0; i < 1024; ++i)
    ASSERT_TRUE(reading.feed(piece));
  ASSERT_TRUE(reading.feed("\"}\n{\"ev\":\"end\",\"t\":2}\n"));
  const auto trace = reading.finish();
  ASSERT_TRUE(trace);
  EXPECT_EQ(anomalies_of(*trace), (std::vector<std::string>{"2 bad-json"}));
  EXPECT_EQ(trace->event_count(), 1U);
  EXPECT_LT(most_memory() - before, std::size_t{128} << 20U);
}

TEST(a_chain_of_a_million_causes, is_followed_to_its_end) {
  std::string lines = text_of({R"({"ev":"region_open","t":0,"region":"r0.1","parent":null})"});
  constexpr int links = 1'000'000;
  lines.reserve(std::size_t{80} * links);
  for (int i = 1; i <= links; ++i) {
    lines += "{\"ev\":\"cancel\",\"t\":1,\"cancel\":\"c" + std::to_string(i) +
             "\",\"kind\":\"user\",\"target\":\"r0.1\"";
    if (i > 1) lines += ",\"cause\":\"c" + std::to_string(i - 1) + "\"";
    lines += i > 1 ? ",\"effect\":\"strengthened\"}\n" : "}\n";
  }
  const auto trace = load_text(lines + "{\"ev\":\"end\",\"t\":2}\n");
  const explanation why = explain(trace, trace.find("r0.1"));
  EXPECT_EQ(why.chain.links.size(), std::size_t{links});
}

} // namespace
} // namespace cancelscope::inspector::testing
