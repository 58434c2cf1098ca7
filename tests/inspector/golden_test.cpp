// Traces that were written by hand, and the answers expected of them, side by side in tests/data:
//
//     NAME.check.json            cancelscope check NAME.jsonl --json
//     NAME.explain.t3.1.json     cancelscope explain NAME.jsonl t3.1 --json
//     NAME.tree.1100.json        cancelscope tree NAME.jsonl --at 1100 --json
//
// An answer may say more than is expected of it; what is expected must be there, and of a list nothing else.
#include "tests/inspector/support.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>

namespace cancelscope::inspector::testing {
namespace {

struct expectation {
  std::string file;
  std::string trace;
  std::string command;
  std::string argument;
};

std::ostream& operator<<(std::ostream& out, const expectation& e) {
  return out << e.file;
}

std::vector<expectation> expectations() {
  std::vector<expectation> found;
  for (const auto& entry : std::filesystem::directory_iterator(data_path(""))) {
    const std::string file = entry.path().filename().string();
    const std::size_t name_end = file.find('.');
    const std::size_t command_end = file.find('.', name_end + 1);
    if (!file.ends_with(".json") || command_end == std::string::npos) continue;
    const std::size_t argument_end = file.size() - std::string_view(".json").size();
    expectation e{.file = file,
                  .trace = file.substr(0, name_end) + ".jsonl",
                  .command = file.substr(name_end + 1, command_end - name_end - 1),
                  .argument = {}};
    if (command_end < argument_end)
      e.argument = file.substr(command_end + 1, argument_end - command_end - 1);
    found.push_back(e);
  }
  std::sort(found.begin(), found.end(),
            [](const auto& a, const auto& b) { return a.file < b.file; });
  return found;
}

/// What is expected and not there, by its place in the answer.
void compare(const nlohmann::json& expected, const nlohmann::json& answered,
             const std::string& place, std::vector<std::string>& differences) {
  if (expected.is_object() && answered.is_object()) {
    for (const auto& [key, value] : expected.items()) {
      if (answered.contains(key))
        compare(value, answered[key], place + "/" + key, differences);
      else
        differences.push_back(place + "/" + key + " is not there");
    }
  } else if (expected.is_array() && answered.is_array() && expected.size() == answered.size()) {
    for (std::size_t i = 0; i < expected.size(); ++i)
      compare(expected[i], answered[i], place + "/" + std::to_string(i), differences);
  } else if (expected != answered) {
    differences.push_back(place + " is\n    " + answered.dump() + "\n  and should be\n    " +
                          expected.dump());
  }
}

class expected_answer : public ::testing::TestWithParam<expectation> {};

TEST_P(expected_answer, is_what_the_command_line_gives) {
  const expectation& e = GetParam();
  std::vector<std::string> arguments{e.command, data_path(e.trace), "--json"};
  if (e.command == "tree" && !e.argument.empty()) arguments.emplace_back("--at");
  if (!e.argument.empty()) arguments.push_back(e.argument);
  const answer given = run_command(arguments);
  ASSERT_NE(given.status, 2) << given.err;

  std::vector<std::string> differences;
  compare(nlohmann::json::parse(read_file(data_path(e.file))), nlohmann::json::parse(given.out), "",
          differences);
  for (const std::string& d : differences)
    ADD_FAILURE() << d;
}

INSTANTIATE_TEST_SUITE_P(hand_written_traces, expected_answer, ::testing::ValuesIn(expectations()),
                         [](const auto& wanted) {
                           std::string name =
                               wanted.param.file.substr(0, wanted.param.file.size() - 5);
                           std::replace_if(
                               name.begin(), name.end(),
                               [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); },
                               '_');
                           return name;
                         });

TEST(comparing_answers, notices_every_difference) {
  const auto differences = [](const char* expected, const char* answered) {
    std::vector<std::string> found;
    compare(nlohmann::json::parse(expected), nlohmann::json::parse(answered), "", found);
    return found.size();
  };
  EXPECT_EQ(differences(R"({"a":1})", R"({"a":1,"b":2})"), 0U);
  EXPECT_EQ(differences(R"({"a":1})", R"({"a":2})"), 1U);
  EXPECT_EQ(differences(R"({"a":null})", R"({})"), 1U);
  EXPECT_EQ(differences(R"([{"a":1}])", R"([{"a":1},{"a":1}])"), 1U);
  EXPECT_EQ(differences(R"({"a":[]})", R"({"a":{}})"), 1U);
}

} // namespace
} // namespace cancelscope::inspector::testing
