// The local server: the site, the traces, and nothing else, to nobody else.
#include "inspector/server/site_server.hpp"
#include "tests/inspector/support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>

namespace cancelscope::inspector::testing {
namespace {

using ::testing::HasSubstr;

class a_site : public ::testing::Test {
protected:
  a_site() {
    write("site/index.html", "<!doctype html>the page");
    write("site/app.wasm", "\0asm");
    write("site/app.mjs", "export {}");
    write("secret.txt", "not for the web");
    write("run 1.jsonl", "{\"ev\":\"trace\"}\n");
    write("other/run 1.jsonl", "another");
  }

  void write(const std::string& name, const std::string& bytes) const {
    std::filesystem::create_directories((folder / name).parent_path());
    std::ofstream(folder / name, std::ios::binary) << bytes;
  }

  httplib::Client client(site_server& server) const {
    const auto port = server.start(0, true);
    EXPECT_TRUE(port);
    return httplib::Client("127.0.0.1", *port);
  }

  scratch_folder scratch;
  std::filesystem::path folder = scratch.path();
};

TEST_F(a_site, is_served_with_the_types_a_browser_needs) {
  site_server server(folder / "site");
  auto http = client(server);
  EXPECT_EQ(http.Get("/")->body, "<!doctype html>the page");
  EXPECT_EQ(http.Get("/app.wasm")->get_header_value("Content-Type"), "application/wasm");
  EXPECT_THAT(http.Get("/app.mjs")->get_header_value("Content-Type"), HasSubstr("javascript"));
  EXPECT_EQ(http.Get("/nothing")->status, 404);
}

TEST_F(a_site, holds_the_traces_under_names_of_their_own) {
  site_server server(folder / "site");
  EXPECT_EQ(*server.add_trace(folder / "run 1.jsonl"), "/traces/run%201.jsonl");
  EXPECT_EQ(*server.add_trace(folder / "other/run 1.jsonl"), "/traces/run%201-2.jsonl");
  EXPECT_EQ(server.add_trace("standard-input.jsonl", "from a pipe"),
            "/traces/standard-input.jsonl");
  auto http = client(server);
  const auto first = http.Get("/traces/run%201.jsonl");
  EXPECT_EQ(first->body, "{\"ev\":\"trace\"}\n");
  EXPECT_EQ(first->get_header_value("Cache-Control"), "no-cache");
  EXPECT_EQ(http.Get("/traces/run%201-2.jsonl")->body, "another");
  EXPECT_EQ(http.Get("/traces/standard-input.jsonl")->body, "from a pipe");
  const auto list = nlohmann::json::parse(http.Get("/traces/")->body);
  ASSERT_EQ(list["traces"].size(), 3U);
  EXPECT_EQ(list["traces"][1]["url"], "/traces/run%201-2.jsonl");
  EXPECT_EQ(list["traces"][1]["bytes"], 7);
}

TEST_F(a_site, reads_a_trace_anew_each_time) {
  site_server server(folder / "site");
  ASSERT_TRUE(server.add_trace(folder / "run 1.jsonl"));
  auto http = client(server);
  const std::string longer(300'000, 'x');
  write("run 1.jsonl", longer);
  EXPECT_EQ(http.Get("/traces/run%201.jsonl")->body, longer);
  write("run 1.jsonl", "");
  EXPECT_EQ(http.Get("/traces/run%201.jsonl")->status, 200);
  std::filesystem::remove(folder / "run 1.jsonl");
  EXPECT_EQ(http.Get("/traces/run%201.jsonl")->status, 404);
}

TEST_F(a_site, lets_nobody_out_of_its_folder) {
  site_server server(folder / "site");
  auto http = client(server);
  for (const char* path :
       {"/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/traces/..%2fsecret.txt",
        "/traces/../../secret.txt", "/%2e%2e%5csecret.txt"}) {
    const auto given = http.Get(path);
    ASSERT_TRUE(given) << path;
    EXPECT_NE(given->status, 200) << path;
    EXPECT_EQ(given->body.find("not for the web"), std::string::npos) << path;
  }
}

TEST_F(a_site, answers_only_to_this_machines_own_name) {
  site_server server(folder / "site");
  auto http = client(server);
  EXPECT_EQ(http.Get("/", {{"Host", "evil.example:80"}})->status, 403);
  EXPECT_EQ(http.Get("/", {{"Host", "localhost:80"}})->status, 200);
}

TEST_F(a_site, finds_a_free_port_when_the_usual_one_is_taken) {
  site_server first(folder / "site");
  const auto taken = first.start(0, true);
  ASSERT_TRUE(taken);
  site_server second(folder / "site");
  const auto found = second.start(*taken, true);
  ASSERT_TRUE(found);
  EXPECT_NE(*found, *taken);
  site_server third(folder / "site");
  const auto refused = third.start(*taken, false);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("could not be opened"));
}

TEST_F(a_site, says_what_is_missing) {
  site_server server(folder / "other");
  const auto started = server.start(0, true);
  ASSERT_FALSE(started);
  EXPECT_THAT(started.error().message, HasSubstr("there is no index.html in it"));
  EXPECT_FALSE(server.add_trace(folder / "no.jsonl"));
  EXPECT_FALSE(find_site(folder / "bin" / "cancelscope"));
}

TEST_F(a_site, is_found_beside_the_program) {
  write("build/wasm/site/index.html", "x");
  write("build/release/bin/cancelscope", "x");
  const auto found = find_site(folder / "build/release/bin/cancelscope");
  ASSERT_TRUE(found);
  EXPECT_EQ(*found, folder / "build/wasm/site");
}

TEST_F(a_site, stops_when_told) {
  site_server server(folder / "site");
  auto http = client(server);
  EXPECT_TRUE(server.running());
  server.stop();
  EXPECT_FALSE(server.running());
  EXPECT_FALSE(http.Get("/"));
}

} // namespace
} // namespace cancelscope::inspector::testing
