// The command line: exit statuses, sentences, help. The answers themselves are tested in golden_test.cpp.
#include "tests/inspector/support.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace cancelscope::inspector::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST(the_program, shows_its_commands_when_asked_nothing_or_for_help) {
  for (const auto& arguments : {std::vector<std::string>{}, std::vector<std::string>{"--help"}}) {
    const answer given = run_command(arguments);
    EXPECT_EQ(given.status, 0);
    for (const char* name :
         {"explain", "tree", "check", "stats", "slots", "events", "diff", "cut", "report"})
      EXPECT_THAT(given.out, HasSubstr(name));
  }
  EXPECT_THAT(run_command({"--version"}).out, StartsWith("cancelscope "));
}

TEST(every_command, has_help_and_json) {
  for (const char* name :
       {"explain", "tree", "check", "stats", "slots", "events", "diff", "cut", "report"}) {
    const answer given = run_command({name, "--help"});
    EXPECT_EQ(given.status, 0);
    EXPECT_THAT(given.out, HasSubstr(std::string("cancelscope ") + name));
    EXPECT_THAT(given.out, HasSubstr(name == std::string("diff") ? "A" : "TRACE"));
    EXPECT_THAT(given.out, HasSubstr("--json"));
    EXPECT_EQ(given.err, "");
  }
}

TEST(what_cannot_be_done, is_one_sentence_on_the_error_stream_and_status_2) {
  const std::vector<std::vector<std::string>> impossible{
      {"frobnicate"},
      {"explain"},
      {"explain", data_path("asyncio.jsonl")},
      {"check", "no-such-file.jsonl"},
      {"check", data_path("")},
      {"check", data_path("picture.png")},
      {"check", data_path("empty.jsonl")},
      {"check", data_path("asyncio.jsonl"), "--frob"},
      {"check", data_path("asyncio.jsonl"), "--slow-drain", "soon"},
      {"tree", data_path("asyncio.jsonl"), "--at", "noon"},
      {"explain", data_path("asyncio.jsonl"), "t99.1"},
      {"events", data_path("asyncio.jsonl"), "kidn:timeout"},
      {"diff", data_path("asyncio.jsonl")},
      {"diff", data_path("asyncio.jsonl"), data_path("picture.png")},
      {"diff", "-", "-"},
      {"cut", data_path("asyncio.jsonl"), "t5.1"},
      {"cut", data_path("asyncio.jsonl"), "t99.1", "-o", "-"},
      {"cut", data_path("asyncio.jsonl"), "t5.1", "-o", "no/such/folder.jsonl"},
      {"report", data_path("asyncio.jsonl")},
      {"report", data_path("asyncio.jsonl"), "-o", "no/such/folder.html"},
  };
  for (const auto& arguments : impossible) {
    const answer given = run_command(arguments);
    SCOPED_TRACE(given.err);
    EXPECT_EQ(given.status, 2);
    EXPECT_EQ(given.out, "");
    EXPECT_THAT(given.err, StartsWith("cancelscope: "));
    EXPECT_TRUE(given.err.ends_with(".\n"));
    EXPECT_EQ(std::count(given.err.begin(), given.err.end(), '\n'), 1);
  }
}

TEST(a_command_that_writes, does_not_overwrite_the_trace_by_whichever_name) {
  const scratch_folder folder;
  const std::string whole = read_file(data_path("asyncio.jsonl"));
  const std::string path = folder.path() / "t.jsonl";
  const std::string link = folder.path() / "link.jsonl";
  std::ofstream(path) << whole;
  std::filesystem::create_symlink(path, link);
  for (const std::string& name : {path, link})
    for (const auto& arguments : {std::vector<std::string>{"cut", path, "t5.1", "-o", name},
                                  {"report", path, "-o", name},
                                  {"convert", path, name}}) {
      const answer given = run_command(arguments);
      EXPECT_EQ(given.status, 2);
      EXPECT_THAT(given.err,
                  HasSubstr(name + " is the trace itself; give the output another name"));
      EXPECT_EQ(read_file(path), whole);
    }
}

TEST(cut, refuses_an_extension_that_names_no_encoding) {
  const scratch_folder folder;
  const std::string path = folder.path() / "cut.txt";
  const answer given = run_command({"cut", data_path("asyncio.jsonl"), "t5.1", "-o", path});
  EXPECT_EQ(given.status, 2);
  EXPECT_THAT(given.err, HasSubstr(path + " does not end in .jsonl or .cst"));
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(a_mistyped_command, is_answered_with_the_nearest) {
  EXPECT_EQ(run_command({"explian", data_path("asyncio.jsonl"), "t5.1"}).err,
            "cancelscope: There is no command “explian”; perhaps “explain” is meant.\n");
  EXPECT_EQ(run_command({"frobnicate"}).err,
            "cancelscope: There is no command “frobnicate”; cancelscope --help lists them.\n");
}

TEST(an_answer_that_cannot_be_written, is_not_said_to_be_well) {
  /// As a full disk does.
  class full final : public std::streambuf {};
  full nowhere;
  for (const auto& arguments :
       {std::vector<std::string>{"check", data_path("windows.jsonl")}, {"--help"}}) {
    std::ostream out(&nowhere);
    std::ostringstream err;
    console io{.out = out, .err = err};
    EXPECT_EQ(run(arguments, inspector_commands(), io), 2);
    EXPECT_THAT(err.str(), HasSubstr("standard output could not be written"));
  }
}

TEST(check, counts_by_the_names_of_the_severities) {
  EXPECT_THAT(run_command({"check", data_path("cut-off.jsonl")}).out, HasSubstr(" 1 info;"));
}

TEST(explain, takes_a_name_that_only_one_bears) {
  const answer given =
      run_command({"explain", data_path("asyncio.jsonl"), "read body of /b", "--json"});
  EXPECT_EQ(nlohmann::json::parse(given.out)["target"], "t5.1");
}

TEST(explain, lists_the_ids_of_an_ambiguous_name) {
  const scratch_folder folder;
  const std::string path = folder.path() / "ambiguous.jsonl";
  std::ofstream(path) << text_of(
      {R"({"ev":"region_open","t":0,"region":"r0.1","parent":null,"name":"fetch"})",
       R"({"ev":"task_spawn","t":1,"task":"t0.1","region":"r0.1","name":"fetch"})",
       R"({"ev":"end","t":2})"});
  const answer given = run_command({"explain", path, "fetch"});
  EXPECT_EQ(given.status, 2);
  EXPECT_THAT(given.err, HasSubstr("“fetch” is the name of 1 region and 1 task in " + path +
                                   "; say which by its id: r0.1, t0.1."));
}

TEST(explain, shows_the_sentence_and_then_the_chain_root_first) {
  const answer given = run_command({"explain", data_path("asyncio.jsonl"), "t5.1"});
  EXPECT_EQ(given.status, 0);
  EXPECT_THAT(given.out, StartsWith("`read body of /b` was cancelled by a timeout of 250 ms"));
  const std::size_t root = given.out.find("\n  c1  timeout");
  EXPECT_NE(root, std::string::npos);
  EXPECT_GT(given.out.find("\n  c2  parent"), root);
  EXPECT_EQ(given.out.find('\x1b'), std::string::npos) << "no colour where it is no terminal";
}

TEST(explain, gives_markdown_for_a_ticket) {
  const answer said = run_command({"explain", data_path("asyncio.jsonl"), "t4.1", "--markdown"});
  EXPECT_EQ(said.status, 0);
  EXPECT_THAT(said.out, StartsWith("`parse résumés` was cancelled because `fetch /b` failed"));
  EXPECT_THAT(
      said.out,
      HasSubstr("**Cause, root first**\n\n1. c3 fail_fast on region `TaskGroup crawl` (r2.1)"));
  EXPECT_THAT(said.out, HasSubstr("\n2. c4 parent on task `parse résumés` (t4.1)"));
  EXPECT_THAT(said.out, HasSubstr("| draining |"));
  EXPECT_THAT(said.out, HasSubstr("cancelscope explain TRACE t4.1"));
}

TEST(check, ends_with_status_1_when_something_is_an_error) {
  EXPECT_EQ(run_command({"check", data_path("every-event.jsonl")}).status, 1);
  EXPECT_EQ(run_command({"check", data_path("asyncio.jsonl")}).status, 0)
      << "warnings are no error";
  EXPECT_EQ(run_command({"check", data_path("windows.jsonl")}).status, 0);
  EXPECT_THAT(run_command({"check", data_path("windows.jsonl")}).out,
              HasSubstr("nothing looks wrong"));
}

TEST(the_text_of_a_clean_trace, has_no_replacement_characters) {
  const std::vector<std::vector<std::string>> questions{{"check"},
                                                        {"tree"},
                                                        {"stats"},
                                                        {"slots"},
                                                        {"events"},
                                                        {"explain", "t5.1"},
                                                        {"explain", "r2.1", "--markdown"},
                                                        {"report", "-o", "-"},
                                                        {"cut", "t5.1", "-o", "-"}};
  for (std::vector<std::string> arguments : questions) {
    arguments.insert(arguments.begin() + 1, data_path("asyncio.jsonl"));
    const answer given = run_command(arguments);
    SCOPED_TRACE(arguments.front());
    EXPECT_EQ(given.status, 0) << given.err;
    EXPECT_THAT(given.out, Not(HasSubstr("\uFFFD")));
  }
  EXPECT_THAT(run_command({"diff", data_path("asyncio.jsonl"), data_path("go-context.jsonl")}).out,
              Not(HasSubstr("\uFFFD")));
}

TEST(check, says_what_a_finding_means_and_below_it_what_to_do) {
  EXPECT_THAT(run_command({"check", data_path("asyncio.jsonl")}).out,
              HasSubstr("the rest of its work.\n  → Join it, or say"));
}

TEST(check, takes_how_slow_is_slow) {
  const auto codes = [](const char* limit) {
    const answer given =
        run_command({"check", data_path("asyncio.jsonl"), "--json", "--slow-drain", limit});
    std::vector<std::string> found;
    const auto parsed = nlohmann::json::parse(given.out);
    for (const auto& f : parsed["findings"])
      if (f["code"] != "unjoined-task")
        found.push_back(f["code"].get<std::string>() + " " + f["target"].get<std::string>());
    return found;
  };
  EXPECT_THAT(codes("100ms"), ElementsAre());
  EXPECT_THAT(codes("2ms"), ElementsAre("slow-drain t4.1"));
}

TEST(events, are_the_lines_that_were_written) {
  const answer given = run_command({"events", data_path("unknown.jsonl"), "ev:heap", "--json"});
  const auto parsed = nlohmann::json::parse(given.out);
  EXPECT_EQ(parsed["matched"], 1);
  EXPECT_EQ(parsed["events"][0],
            nlohmann::json::parse(
                R"({"ev":"heap","t":30,"bytes":52428800,"by_type":{"row":0.75,"index":0.25}})"));
}

TEST(events, take_a_query_in_one_word_or_several) {
  const auto matched = [](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"events", data_path("every-event.jsonl"), "--json"});
    return nlohmann::json::parse(run_command(arguments).out)["matched"];
  };
  EXPECT_EQ(matched({"ev:task_end outcome:ok"}), 1);
  EXPECT_EQ(matched({"ev:task_end", "outcome:ok"}), 1);
  EXPECT_EQ(matched({"charge card", "ev:task_spawn"}), 1) << "the shell took the quotes away";
  EXPECT_EQ(matched({}), 55);
  EXPECT_EQ(matched({"--", "-ev:task_end"}), 51);
}

TEST(the_tree, is_of_the_end_unless_asked_otherwise) {
  const auto at = [](std::vector<std::string> more) {
    more.insert(more.begin(), {"tree", data_path("asyncio.jsonl"), "--json"});
    return nlohmann::json::parse(run_command(more).out);
  };
  EXPECT_EQ(at({})["t"], 254033000);
  EXPECT_EQ(at({"--at", "5us"})["t"], 5000);
  EXPECT_EQ(at({"--at", "5000"}), at({"--at", "5us"}));
  EXPECT_THAT(run_command({"tree", data_path("asyncio.jsonl")}).out,
              HasSubstr("└─ region `TaskGroup crawl` r2.1"));
}

TEST(a_tree_of_any_depth, is_one_answer) {
  const scratch_folder folder;
  const std::string path = folder.path() / "deep.jsonl";
  constexpr int depth = 20'000;
  std::ofstream file(path);
  file << text_of({R"({"ev":"region_open","t":0,"region":"r0.1","parent":null})"});
  for (int i = 1; i < depth; ++i)
    file << R"({"ev":"region_open","t":1,"region":"r)" << i << R"(.1","parent":"r)" << i - 1
         << ".1\"}\n";
  file.close();
  const answer given = run_command({"tree", path, "--json"});
  EXPECT_EQ(given.status, 0);
  EXPECT_EQ(std::count(given.out.begin(), given.out.end(), '{'), depth + 1);
  EXPECT_EQ(std::count(given.out.begin(), given.out.end(), '}'), depth + 1);
  EXPECT_EQ(run_command({"tree", path}).status, 0);
}

TEST(a_program, can_add_its_own_commands) {
  class greeting final : public command {
  public:
    std::string_view name() const override { return "greet"; }
    std::string_view summary() const override { return "says hello"; }
    void declare(CLI::App&) override {}
    trace::result<exit_status> run(console& io) override {
      io.out << "hello\n";
      return exit_status::well;
    }
  };
  std::ostringstream out;
  std::ostringstream err;
  console io{.out = out, .err = err};
  auto commands = inspector_commands();
  commands.push_back(std::make_unique<greeting>());
  EXPECT_EQ(run(std::vector<std::string>{"greet"}, commands, io), 0);
  EXPECT_EQ(out.str(), "hello\n");
}

} // namespace
} // namespace cancelscope::inspector::testing
