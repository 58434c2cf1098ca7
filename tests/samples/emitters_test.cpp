// Other people's traces: each emitter in samples/emitters records a real program, run here by its own
// interpreter, and the inspector's answers are what a reader of that program would say. Every program crawls
// the same small site. What is not installed is skipped, and said.

#include "inspector/attribution/explain.hpp"
#include "inspector/findings/finding.hpp"
#include "inspector/store/loader.hpp"
#include "inspector/summary/sentence.hpp"
#include "tests/samples/scratch_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <set>

namespace {

using namespace cancelscope;
using namespace cancelscope::inspector;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsSubsetOf;

struct emitter {
  const char* name;
  const char* language;
  const char* probe;  ///< succeeds where the program can run
  const char* folder; ///< below samples/emitters
  const char* program;
  const char* page; ///< what the timeout ended: a task of that name
  const char* gallery;
  const char* mirror; ///< what the program itself ended
  std::set<std::string> warnings;
};

std::ostream& operator<<(std::ostream& out, const emitter& e) {
  return out << e.name;
}

const emitter emitters[] = {
    {"asyncio",
     "asyncio",
     "python3 -c 'import asyncio; asyncio.TaskGroup'",
     "python",
     "python3 crawl_asyncio.py",
     "block of timeout in read_page",
     "TaskGroup in read_gallery",
     "mirror",
     {"unjoined-task"}}, // the heartbeat is joined by nobody
    {"trio",
     "trio",
     "/usr/bin/python3 -c 'import trio, asyncio; asyncio.TaskGroup'",
     "python",
     "/usr/bin/python3 crawl_trio.py",
     "block of timeout in read_page",
     "nursery in read_gallery",
     "block of scope in mirror",
     {}},
    {"javascript",
     "Node.js",
     "node -e 'AbortSignal.timeout; fetch'",
     "javascript",
     "node crawl.mjs",
     "/archive",
     "gallery",
     "/mirror",
     {}},
    {"go",
     "Go 1",
     "go version",
     "go",
     "GOFLAGS=-mod=mod GOPROXY=off go run ./crawl",
     "/archive",
     "gallery",
     "/mirror",
     {}},
};

class Crawl : public testing::TestWithParam<emitter> {
protected:
  void SetUp() override {
    const emitter& e = GetParam();
    if (std::system((std::string(e.probe) + " >/dev/null 2>&1").c_str()) != 0)
      GTEST_SKIP() << "not installed here: " << e.probe;
    const tests::scratch_folder folder;
    const std::string trace = folder.file("crawl.jsonl");
    const std::string run = "cd '" CANCELSCOPE_SOURCE_DIR "/samples/emitters/" +
                            std::string(e.folder) + "' && PYTHONDONTWRITEBYTECODE=1 " + e.program +
                            " '" + trace + "' >/dev/null";
    ASSERT_EQ(std::system(run.c_str()), 0) << run;
    auto loaded = load_file(trace);
    ASSERT_TRUE(loaded) << loaded.error().message;
    store_ = std::make_unique<trace_store>(*std::move(loaded));
  }

  [[nodiscard]] const trace_store& store() const { return *store_; }

  /// Why the only one of that name that was cancelled was so.
  [[nodiscard]] explanation why_cancelled(const char* name) const {
    explanation found;
    for (const entity who : store().find_named(name)) {
      const explanation why = explain(store(), who);
      if (!why.cancelled()) continue;
      EXPECT_FALSE(found.cancelled()) << "several named " << name << " were cancelled";
      found = why;
    }
    EXPECT_TRUE(found.cancelled()) << "nothing named " << name << " was cancelled";
    return found;
  }

  [[nodiscard]] std::string sentence_about(const char* name) const {
    return plain(sentence(store(), why_cancelled(name)));
  }

private:
  std::unique_ptr<trace_store> store_;
};

// Each case runs the program; so what is to be said of one run stands together.

TEST_P(Crawl, LoadsWholeAndHasNoFindingThatTheProgramDoesNotDeserve) {
  EXPECT_THAT(store().anomalies(), testing::IsEmpty());
  EXPECT_TRUE(store().ended_in_order());
  ASSERT_TRUE(store().header()->producer);
  EXPECT_THAT(std::string(*store().header()->producer->language), HasSubstr(GetParam().language));
  for (const region_row& region : store().regions())
    EXPECT_TRUE(region.closed()) << trace::to_string(region.id);
  for (const task_row& task : store().tasks())
    EXPECT_TRUE(task.completed()) << trace::to_string(task.id);

  std::set<std::string> found;
  // How quickly anything ended is the machine's business, not the program's.
  finding_limits unhurried;
  unhurried.slow_drain_ns = 600'000'000'000;
  for (const finding& f : find_all(store(), unhurried))
    found.insert(std::string(to_string(f.code)));
  EXPECT_THAT(found, IsSubsetOf(GetParam().warnings));
}

TEST_P(Crawl, IsExplainedAsAReaderOfTheProgramWould) {
  const explanation silent = why_cancelled(GetParam().page);
  EXPECT_THAT(plain(sentence(store(), silent)), HasSubstr("timeout of 250 ms on region"));
  EXPECT_EQ(silent.outcome, trace::outcome_kind::cancelled);
  EXPECT_TRUE(silent.chain.complete());

  EXPECT_THAT(sentence_about("/image/huge"),
              AllOf(HasSubstr("because /image/gone failed"), HasSubstr("404"),
                    HasSubstr(std::string("region ") + GetParam().gallery + " fails fast")));

  const cancel_index asked = why_cancelled(GetParam().mirror).chain.root_cause();
  ASSERT_TRUE(asked);
  EXPECT_EQ(store()[asked].kind, trace::cancel_kind::user);
  EXPECT_TRUE(store()[asked].origin_task) << "the program itself asked, in a task";
}

INSTANTIATE_TEST_SUITE_P(Emitter, Crawl, testing::ValuesIn(emitters),
                         [](const auto& chosen) { return std::string(chosen.param.name); });

// ---- What only asyncio has ----

class AsyncioCrawl : public Crawl {};

TEST_P(AsyncioCrawl, SaysThatTheLoopsEndEndedTheHeartbeat) {
  EXPECT_THAT(sentence_about("heartbeat"), HasSubstr("by the shutdown of region asyncio.run"));
}

INSTANTIATE_TEST_SUITE_P(Emitter, AsyncioCrawl, testing::Values(emitters[0]),
                         [](const auto& chosen) { return std::string(chosen.param.name); });

} // namespace
