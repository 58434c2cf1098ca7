// What a pool of threads costs beside the current thread, and what it gains: tasks that do next to nothing, messages, and
// bodies that compute. Times are those of the wall clock.
//
//     pool_bench
#include "bench/ratio_table.hpp"
#include "runtime/cancelscope.hpp"

#include <benchmark/benchmark.h>

#include <optional>
#include <vector>

namespace {

using namespace cancelscope;

constexpr int batch = 1000;
constexpr int bodies = 64;

task<int> answers() {
  co_return 42;
}

task<> spawn_and_join(region r) {
  for (int i = 0; i < batch; ++i) {
    const auto answer = r.spawn({}, answers());
    benchmark::DoNotOptimize((co_await answer.join()).is_ok());
  }
}

task<> spawn_many(region) {
  const auto body = [](region r) -> task<> {
    for (int i = 0; i < batch; ++i)
      static_cast<void>(r.spawn({}, answers()));
    co_return;
  };
  benchmark::DoNotOptimize((co_await with_region({}, body)).is_ok());
}

/// Some 100 µs of arithmetic.
task<> computes() {
  std::uint64_t x = 1;
  for (int i = 0; i < 100'000; ++i)
    benchmark::DoNotOptimize(x = x * 6364136223846793005U + 1442695040888963407U);
  co_return;
}

task<> compute_many(region) {
  const auto body = [](region r) -> task<> {
    for (int i = 0; i < bodies; ++i)
      static_cast<void>(r.spawn({}, computes()));
    co_return;
  };
  benchmark::DoNotOptimize((co_await with_region({}, body)).is_ok());
}

task<> send_all(mpsc_sender<int> to) {
  for (int i = 0; i < batch; ++i)
    static_cast<void>(co_await to.send(i));
}

task<> messages(region r) {
  auto [numbers, inbox] = mpsc<int>("numbers", 64);
  const auto sender = r.spawn("sender", send_all(std::move(numbers)));
  while (const std::optional<int> next = co_await inbox.receive())
    benchmark::DoNotOptimize(*next);
  static_cast<void>(co_await sender.join());
}

template <class Runtime, class Program>
void measure(benchmark::State& state, Runtime& runtime, int each, Program program) {
  static_cast<void>(runtime.run("bench", [&](region r) -> task<> {
    for (auto _ : state)
      co_await program(r);
  }));
  state.SetItemsProcessed(state.iterations() * each);
}

/// Zero threads: the current one.
template <unsigned Threads, class Program>
void on(benchmark::State& state, int each, Program program) {
  real_clock clock;
  if constexpr (Threads == 0) {
    current_thread runtime{clock};
    measure(state, runtime, each, program);
  } else {
    thread_pool runtime{clock, Threads};
    measure(state, runtime, each, program);
  }
}

template <unsigned Threads> void bench_join(benchmark::State& state) {
  on<Threads>(state, batch, spawn_and_join);
}
template <unsigned Threads> void bench_many(benchmark::State& state) {
  on<Threads>(state, batch, spawn_many);
}
template <unsigned Threads> void bench_message(benchmark::State& state) {
  on<Threads>(state, batch, messages);
}
template <unsigned Threads> void bench_compute(benchmark::State& state) {
  on<Threads>(state, bodies, compute_many);
}

} // namespace

int main(int argc, char** argv) {
  using bench::row;
  std::vector<row> rows;
  const auto add = [&rows](const char* title, const char* name, benchmark::internal::Function* run,
                           const char* floor) {
    benchmark::RegisterBenchmark(name, run)->UseRealTime();
    rows.push_back({title, name, floor});
  };
  add("spawn + join on the current thread", "join_0", bench_join<0>, "");
  add("  a pool of 1", "join_1", bench_join<1>, "join_0");
  add("  a pool of 2", "join_2", bench_join<2>, "join_0");
  add("spawn 1,000 and close, a task, current thread", "many_0", bench_many<0>, "");
  add("  a pool of 1", "many_1", bench_many<1>, "many_0");
  add("  a pool of 2", "many_2", bench_many<2>, "many_0");
  add("a message on the current thread", "message_0", bench_message<0>, "");
  add("  a pool of 1", "message_1", bench_message<1>, "message_0");
  add("  a pool of 2", "message_2", bench_message<2>, "message_0");
  add("a body that computes, current thread", "compute_0", bench_compute<0>, "");
  add("  a pool of 1", "compute_1", bench_compute<1>, "compute_0");
  add("  a pool of 2", "compute_2", bench_compute<2>, "compute_0");
  return bench::print_ratios(argc, argv, rows);
}
