// Exhibit 21: scopes opened and closed, and tasks spawned, cancelled and joined, a second; on this machine, now.
#include "runtime/cancelscope.hpp"
#include "samples/exhibits/exhibits.hpp"

#include <chrono>
#include <string>

namespace cancelscope::samples {

namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t rounds = 4000;

task<> wait() {
  co_await sleep(1h);
}

task<std::uint64_t> open_and_close() {
  const auto body = [](region) -> task<> { co_return; };
  std::uint64_t done = 0;
  for (std::uint64_t i = 0; i < rounds; ++i)
    done += (co_await with_region({}, body)).is_ok();
  co_return done;
}

task<std::uint64_t> spawn_cancel_join(region r) {
  std::uint64_t done = 0;
  for (std::uint64_t i = 0; i < rounds; ++i) {
    const auto h = r.spawn({}, wait());
    h.cancel({});
    done += (co_await h.join()).is_cancelled();
  }
  co_return done;
}

template <class Body> void measure(stage& on, host& runtime, std::string_view what, Body body) {
  const auto began = std::chrono::steady_clock::now();
  const outcome<std::uint64_t> done = runtime.run("benchmark", body);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  const auto rate = static_cast<std::uint64_t>(static_cast<double>(rounds) / took.count());
  on.prove(done.is_ok() && *done == rounds,
           std::string{what} + ": " + std::to_string(rate) + " a second");
}

void measure_both(stage& on, host& runtime, const std::string& how) {
  measure(on, runtime, "scope open + close, " + how, [](region) { return open_and_close(); });
  measure(on, runtime, "spawn + cancel + join, " + how, spawn_cancel_join);
}

void run_benchmark(stage& on) {
  real_clock clock;
  current_thread untraced{clock};
  measure_both(on, untraced, "nothing recorded");
  measure_both(on, on.runtime(), "all of it recorded");
  on.prove_equal(on.trace().all<trace::region_open>().size(), rounds + 2,
                 "the trace holds each of the recorded scopes");
  on.prove_nothing_left();
}

} // namespace

sample benchmark() {
  return {.name = "benchmark",
          .exhibit = 21,
          .shows = "scope open + close and spawn + cancel + join, a second, recorded and not",
          .run = run_benchmark,
          .measures_time = true};
}

} // namespace cancelscope::samples
