// What it costs to emit an event, and to write it as a line; beside each the least that could do the same.
#include "bench/ratio_table.hpp"
#include "trace-format/jsonl_writer.hpp"
#include "trace-format/recorder.hpp"

#include <benchmark/benchmark.h>

#include <charconv>
#include <chrono>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

namespace {

using namespace cancelscope::trace;

constexpr std::uint64_t batch =
    8192; ///< events between two times the buffer is emptied, which is not measured

std::uint64_t read_clock() {
#if defined(__x86_64__)
  return __rdtsc();
#else
  return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
#endif
}

enum class clock_reads { each, one };

// ---- Emitting ----

void floor_clock(benchmark::State& state) {
  for (auto _ : state)
    benchmark::DoNotOptimize(read_clock());
  state.SetItemsProcessed(state.iterations());
}

/// The least that keeps an event: 32 bytes into a ring as large as a recorder's, since its memory is most of the cost.
template <clock_reads Reads> void floor_ring(benchmark::State& state) {
  struct record {
    std::uint64_t t, task, dur, kind;
  };
  std::vector<record> ring(recorder_options{}.buffer_bytes / sizeof(record));
  std::uint64_t at = 0;
  for (auto _ : state) {
    std::uint64_t t = read_clock();
    for (std::uint64_t i = 0; i < batch; ++i) {
      if (Reads == clock_reads::each) t = read_clock();
      ring[at++ & (ring.size() - 1)] = {t, i, 5, 3};
      benchmark::ClobberMemory();
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(batch));
}

class no_output final : public byte_output {
public:
  std::optional<failure> write(std::string_view) override { return std::nullopt; }
};

class no_encoder final : public encoder {
public:
  void append(const event&, std::string&) override {}
};

event run_event(std::uint64_t t, std::uint64_t i) {
  return {.t = t, .body = task_run{.task = {i & 1023, 1}, .dur = 5}};
}
event spawn_event(std::uint64_t t, std::uint64_t i) {
  return {.t = t,
          .body = task_spawn{.task = {i & 1023, 1}, .region = {3, 1}, .name = "charge card"}};
}

template <clock_reads Reads, event (*Make)(std::uint64_t, std::uint64_t)>
void emit(benchmark::State& state) {
  recorder trace{std::make_unique<no_output>(),
                 std::make_unique<no_encoder>(),
                 {.interval = std::chrono::hours{1}}};
  // Through the interface, as the runtime does.
  sink& out = trace;
  benchmark::DoNotOptimize(&out);
  for (auto _ : state) {
    std::uint64_t t = read_clock();
    for (std::uint64_t i = 0; i < batch; ++i) {
      if (Reads == clock_reads::each) t = read_clock();
      out.write(Make(t, i));
    }
    state.PauseTiming();
    trace.flush();
    state.ResumeTiming();
  }
  if (trace.dropped() != 0) state.SkipWithError("the buffer was too small: events were lost");
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(batch));
}

// ---- Lines ----

/// One line put together by hand, nothing general about it.
void floor_format(benchmark::State& state) {
  char line[256];
  std::uint64_t i = 0;
  const auto put = [](char* at, std::string_view text) {
    std::memcpy(at, text.data(), text.size());
    return at + text.size();
  };
  for (auto _ : state) {
    ++i;
    char* at = put(line, R"({"ev":"task_spawn","t":)");
    at = std::to_chars(at, at + 20, 1000000000 + i).ptr;
    at = put(at, R"(,"task":"t)");
    at = std::to_chars(at, at + 20, i & 1023).ptr;
    at = put(at, R"(.1","region":"r3.1","name":"charge card"})");
    benchmark::DoNotOptimize(at);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations());
}

void write_line(benchmark::State& state) {
  jsonl_writer writer;
  std::string out;
  std::uint64_t i = 0;
  for (auto _ : state) {
    out.clear();
    ++i;
    writer.append(spawn_event(1000000000 + i, i), out);
    benchmark::DoNotOptimize(out.data());
  }
  state.SetItemsProcessed(state.iterations());
}

} // namespace

int main(int argc, char** argv) {
  using cancelscope::bench::row;
  std::vector<row> rows;
  const auto add = [&rows](const char* title, const char* name, benchmark::internal::Function* run,
                           const char* floor) {
    benchmark::RegisterBenchmark(name, run);
    rows.push_back({title, name, floor});
  };
  add("clock read", "clock", floor_clock, "");
  add("floor: clock read, 32 bytes into a ring", "ring_each", floor_ring<clock_reads::each>, "");
  add("emit task_run, a clock read each", "run_each", emit<clock_reads::each, run_event>,
      "ring_each");
  add("emit task_spawn with a name, a clock read each", "spawn_each",
      emit<clock_reads::each, spawn_event>, "ring_each");
  add("emit task_run, one clock read for many", "run_one", emit<clock_reads::one, run_event>,
      "ring_each");
  add("emit task_spawn with a name, one clock read for many", "spawn_one",
      emit<clock_reads::one, spawn_event>, "ring_each");
  add("floor: 32 bytes into a ring", "ring_one", floor_ring<clock_reads::one>, "");
  add("floor: a line of JSON by hand", "format", floor_format, "");
  add("write a line of JSON", "write_line", write_line, "format");
  return cancelscope::bench::print_ratios(argc, argv, rows);
}
