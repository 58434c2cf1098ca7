// What other programs ask and are told: window.cancelscope without the window.
#include "inspector/answers/answers.hpp"
#include "inspector/attribution/explain.hpp"
#include "tests/ui/headless.hpp"
#include "ui/app/remote.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cancelscope::ui {
namespace {

using nlohmann::json;
using testing::HasSubstr;

class remote : public testing::Test {
protected:
  void SetUp() override { ASSERT_EQ(screen.open("deadline.jsonl", deadline_trace()), ""); }

  json ask(const json& request) { return answer_request(screen.app, request); }
  json state() { return ask({{"do", "state"}}); }

  headless screen;
};

TEST_F(remote, state_says_what_is_open_and_selected) {
  const json told = state();
  EXPECT_EQ(told["version"], 1);
  EXPECT_EQ(told["trace"], "deadline.jsonl");
  EXPECT_EQ(told["selection"], "t1.1");
  EXPECT_EQ(told["counts"]["tasks"], 3);
  EXPECT_EQ(told["counts"]["cancels"], 2);
  EXPECT_EQ(told["why"]["root_cause"], "c1");
  EXPECT_EQ(told["why"]["cause"], (json{"c1", "c2"}));
  EXPECT_EQ(told["error"], nullptr);
  EXPECT_EQ(told["anomalies"]["total"], 0);
}

TEST_F(remote, state_says_where_a_row_is_on_the_screen) {
  const json told = state();
  for (const json& item : told["visible"]) {
    if (item["panel"] != "tree" || item["id"] != "t1.1") continue;
    EXPECT_EQ(item["text"], "charge card");
    EXPECT_GT(item["rect"][2], 50);
    return;
  }
  FAIL() << "the tree does not show t1.1";
}

TEST_F(remote, a_request_does_what_it_says_and_tells_whether_it_did) {
  EXPECT_EQ(ask({{"do", "select"}, {"id", "t2.1"}})["done"], true);
  EXPECT_EQ(state()["selection"], "t2.1");
  EXPECT_EQ(ask({{"do", "select"}, {"id", "t99.1"}})["done"], false);
  EXPECT_EQ(state()["selection"], "t2.1");
  EXPECT_EQ(ask({{"do", "select"}, {"id", nullptr}})["done"], true);
  EXPECT_EQ(state()["selection"], nullptr);
  EXPECT_EQ(ask({{"do", "seek"}, {"t", 35}})["done"], true);
  EXPECT_EQ(state()["cursor"], 35);
  EXPECT_EQ(ask({{"do", "seek"}, {"t", 1e15}})["done"], true);
  EXPECT_EQ(state()["cursor"], 200);
}

TEST_F(remote, steps_go_along_the_chain) {
  EXPECT_EQ(ask({{"do", "step"}, {"direction", "cause"}})["done"], true);
  EXPECT_EQ(ask({{"do", "step"}, {"direction", "cause"}})["done"], true);
  EXPECT_EQ(state()["selection"], "c1");
  EXPECT_EQ(state()["subject"], "t1.1");
  EXPECT_EQ(ask({{"do", "step"}, {"direction", "cause"}})["done"], false);
  EXPECT_EQ(ask({{"do", "step"}, {"direction", "sideways"}})["done"], false);
}

TEST_F(remote, explain_is_the_answer_of_the_command_line) {
  const auto& trace = screen.app.open_document()->trace;
  const json expected =
      json::parse(inspector::explain_json(trace, inspector::explain(trace, trace.find("t1.1"))));
  EXPECT_EQ(ask({{"do", "explain"}, {"id", "t1.1"}})["answer"], expected);
  EXPECT_EQ(ask({{"do", "explain"}, {"id", "nobody"}})["answer"], nullptr);
}

TEST_F(remote, what_cannot_be_opened_is_an_error_until_something_is) {
  ask({{"do", "fail_open"}, {"message", "“x” is a folder."}});
  EXPECT_EQ(state()["error"], "“x” is a folder.");
  EXPECT_EQ(state()["trace"], "deadline.jsonl");
  ask({{"do", "notice"}, {"message", "Two files were given."}});
  EXPECT_EQ(state()["error"], nullptr);
  EXPECT_EQ(state()["notice"], "Two files were given.");
}

TEST_F(remote, opening_tells_its_progress) {
  ask({{"do", "begin_open"}, {"name", "big.jsonl"}, {"size", 1000}});
  screen.app.feed(deadline_trace().substr(0, 100));
  EXPECT_EQ(state()["loading"]["name"], "big.jsonl");
  EXPECT_EQ(state()["loading"]["bytes"], 100);
  EXPECT_EQ(state()["loading"]["total"], 1000);
  EXPECT_EQ(ask({{"do", "finish_open"}})["error"], nullptr);
  EXPECT_EQ(state()["loading"], nullptr);
  EXPECT_EQ(state()["trace"], "big.jsonl");
}

TEST_F(remote, nonsense_is_answered_with_a_sentence) {
  EXPECT_THAT(ask(json::array()).at("error").get<std::string>(), HasSubstr("JSON object"));
  EXPECT_THAT(ask({{"do", "fly"}}).at("error").get<std::string>(), HasSubstr("fly"));
}

} // namespace
} // namespace cancelscope::ui
