// Records a program that is cancelled, and prints who was.
#include <cancelscope/runtime/cancelscope.hpp>
#include <cancelscope/trace-format/recorder.hpp>

#include <cstdio>

using namespace cancelscope;
using namespace std::chrono_literals;

int main() {
  auto recorder = trace::recorder::create("consumer.jsonl");
  if (!recorder) return 2;
  virtual_clock clock;
  outcome<int> ended = error{"it did not run"};
  {
    current_thread runtime{clock, {.name = "consumer", .sink = recorder->get()}};
    ended = runtime.run("wait", {.deadline = 5ms}, [](region) -> task<int> {
      co_await sleep(1h);
      co_return 1;
    });
  }
  if ((*recorder)->close()) return 2;
  std::printf("%s\n", std::string{ended.message()}.c_str());
  return ended.is_cancelled() ? 0 : 1;
}
