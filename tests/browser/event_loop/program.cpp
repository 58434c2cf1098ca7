// A program on the event loop, for event_loop.test.mjs: a region full of tasks that compute, and one that waits too long.
#include "runtime/cancelscope.hpp"
#include "trace-format/jsonl_writer.hpp"

#include <emscripten.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace {

using namespace cancelscope;
using namespace std::chrono_literals;

class lines_of final : public trace::sink {
public:
  void write(const trace::event& e) override { writer_.append(e, text); }
  std::string text;

private:
  trace::jsonl_writer writer_;
};

struct page {
  lines_of lines;
  real_clock clock;
  std::unique_ptr<event_loop> loop =
      std::make_unique<event_loop>(clock, runtime_settings{.name = "page", .sink = &lines});
  std::optional<region> program;
  std::uint64_t drawn = 1;
};

page& here() {
  static page only;
  return only;
}

// clang-format off
EM_JS(void, program_over, (const char* how), { Module['programOver'](UTF8ToString(how)); });
// clang-format on

task<void> compute() {
  for (int i = 0; i < 10; ++i) {
    for (int n = 0; n < 20'000; ++n)
      here().drawn = here().drawn * 6364136223846793005U + 1442695040888963407U;
    co_await yield();
  }
}

task<void> wait_too_long() {
  co_await sleep(1h);
}

task<void> work(region r, int tasks) {
  const auto cut = co_await timeout("answer", 20ms, wait_too_long());
  if (!cut.is_cancelled()) co_await fail("the answer came");
  std::vector<join_handle<void>> computing;
  for (int i = 0; i < tasks; ++i)
    computing.push_back(r.spawn("compute", compute()));
  for (const auto& each : computing)
    static_cast<void>(co_await each.join());
}

} // namespace

extern "C" {

/// `Module.programOver(how)` is called when it is over.
EMSCRIPTEN_KEEPALIVE void start_program(int tasks) {
  here().program.emplace(here().loop->start(
      "program", {}, [tasks](region r) { return work(r, tasks); },
      [](const outcome<void>& how) {
        program_over(
            how ? "ok"
                : std::string{how.is_cancelled() ? how.why().root_message() : how.message()}
                      .c_str());
      }));
}

EMSCRIPTEN_KEEPALIVE void cancel_program() {
  here().loop->enter([] { here().program->cancel("a click"); });
}

/// The whole trace, as lines of JSON; nothing runs any more.
EMSCRIPTEN_KEEPALIVE const char* end_trace() {
  here().loop.reset();
  return here().lines.text.c_str();
}
}
