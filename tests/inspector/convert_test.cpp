// From one encoding to the other and back, as a user does it, and what can go wrong.
#include "tests/inspector/support.hpp"

#include <gmock/gmock.h>

namespace cancelscope::inspector::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

void write_file(const std::filesystem::path& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

TEST(convert, goes_to_the_binary_encoding_and_back_without_loss) {
  const scratch_folder folder;
  const std::string binary = folder.path() / "t.cst";
  const std::string lines = folder.path() / "t.jsonl";
  const std::string again = folder.path() / "again.cst";
  const answer there = run_command({"convert", data_path("every-event.jsonl"), binary});
  EXPECT_EQ(there.status, 0) << there.err;
  EXPECT_THAT(there.out, HasSubstr("t.cst: 55 events"));
  EXPECT_EQ(run_command({"convert", binary, lines}).status, 0);
  EXPECT_EQ(run_command({"convert", lines, again}).status, 0);
  EXPECT_EQ(read_file(binary), read_file(again));
  EXPECT_EQ(run_command({"events", binary, "--json"}).out,
            run_command({"events", data_path("every-event.jsonl"), "--json"}).out);
}

TEST(convert, gives_a_trace_of_which_every_command_says_the_same) {
  const scratch_folder folder;
  const std::string binary = folder.path() / "t.cst";
  for (const char* name : {"asyncio.jsonl", "go-context.jsonl", "strengthening.jsonl"}) {
    run_command({"convert", data_path(name), binary});
    for (const char* command : {"stats", "check", "tree", "slots"}) {
      const answer of_lines = run_command({command, data_path(name), "--json"});
      const answer of_binary = run_command({command, binary, "--json"});
      EXPECT_EQ(of_binary.out, of_lines.out) << name << " " << command;
      EXPECT_EQ(of_binary.status, of_lines.status) << name << " " << command;
    }
  }
}

TEST(convert, says_what_it_had_to_leave_out) {
  const scratch_folder folder;
  const answer done =
      run_command({"convert", data_path("broken-line.jsonl"), folder.path() / "t.cst"});
  EXPECT_EQ(done.status, 0);
  EXPECT_THAT(done.out, HasSubstr("could not be used and is not in it"));
}

TEST(convert, to_another_format_counts_only_what_is_not_in_it) {
  const scratch_folder folder;
  const std::string out = folder.path() / "t.json";
  // Of its ten anomalies one is the cut and three are of lines that are used all the same.
  EXPECT_THAT(run_command({"convert", data_path("anomalies.jsonl"), out}).out,
              HasSubstr("\n6 pieces of "));
  EXPECT_THAT(run_command({"convert", data_path("unknown.jsonl"), out}).out,
              HasSubstr("fields that this version does not know; that is left out"));
  EXPECT_THAT(run_command({"convert", data_path("asyncio.jsonl"), out}).out,
              Not(HasSubstr("left out")));
}

TEST(a_chrome_trace, shows_as_unknown_what_dropped_events_hide) {
  const scratch_folder folder;
  const std::string path = folder.path() / "lossy.jsonl";
  const std::string out = folder.path() / "lossy.json";
  write_file(path,
             text_of({R"({"ev":"region_open","t":0,"region":"r0.1","parent":null})",
                      R"({"ev":"task_spawn","t":0,"task":"t0.1","region":"r0.1"})",
                      R"({"ev":"cancel","t":1000,"cancel":"c1","kind":"user","target":"t0.1"})",
                      R"({"ev":"dropped","t":2000,"count":3})", R"({"ev":"end","t":9000})"}));
  ASSERT_EQ(run_command({"convert", path, out}).status, 0);
  const std::string text = read_file(out);
  const auto piece = [](const char* phase, const char* name, const char* t) {
    return std::string(R"({"ph":")") + phase + R"(","cat":"task","name":")" + name +
           R"(","pid":2,"ts":)" + t + R"(,"id":"t0.1"})";
  };
  EXPECT_THAT(text, HasSubstr(piece("e", "requested", "2.000")));
  EXPECT_THAT(text, HasSubstr(piece("b", "unknown", "2.000")));
  EXPECT_THAT(text, HasSubstr(piece("e", "unknown", "9.000")));
  EXPECT_THAT(text, HasSubstr(R"("unknown since":"2.000 µs")"));
  EXPECT_THAT(text, Not(HasSubstr("not over when the trace ended")));
}

TEST(convert, leaves_no_file_behind_when_there_is_no_trace) {
  const scratch_folder folder;
  const std::string out = folder.path() / "t.cst";
  const answer done = run_command({"convert", data_path("picture.png"), out});
  EXPECT_EQ(done.status, 2);
  EXPECT_THAT(done.err, HasSubstr("picture.png is not a Cancelscope trace"));
  EXPECT_FALSE(std::filesystem::exists(out));
}

TEST(convert, refuses_what_it_cannot_write) {
  const scratch_folder folder;
  const answer done = run_command({"convert", data_path("first.jsonl"), folder.path() / "t.xml"});
  EXPECT_EQ(done.status, 2);
  EXPECT_THAT(done.err, HasSubstr(".cst"));
}

TEST(convert, does_not_overwrite_what_it_reads) {
  const scratch_folder folder;
  const std::string path = folder.path() / "t.jsonl";
  write_file(path, read_file(data_path("first.jsonl")));
  const answer done = run_command({"convert", path, path});
  EXPECT_EQ(done.status, 2);
  EXPECT_EQ(read_file(path), read_file(data_path("first.jsonl")));
}

TEST(a_binary_trace, that_is_damaged_is_shown_with_what_is_missing) {
  const scratch_folder folder;
  const std::string path = folder.path() / "t.cst";
  run_command({"convert", data_path("asyncio.jsonl"), path});
  std::string bytes = read_file(path);
  bytes[bytes.size() / 2] ^= 1;
  write_file(path, bytes);
  const answer said = run_command({"check", path, "--json"});
  EXPECT_THAT(said.out, HasSubstr("bad-block"));
  EXPECT_THAT(said.out, HasSubstr("events-missing"));
}

} // namespace
} // namespace cancelscope::inspector::testing
