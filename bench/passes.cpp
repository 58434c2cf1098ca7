#include "bench/passes.hpp"

#ifdef __EMSCRIPTEN__

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>

namespace cancelscope::bench {

int print_passes(int, char**, const std::vector<pass>& passes) {
  constexpr int rounds = 7;
  std::map<std::string, std::vector<double>> times;
  int status = 0;
  for (int round = 0; round < rounds; ++round) {
    for (const pass& one : passes) {
      const auto began = std::chrono::steady_clock::now();
      const std::optional<std::string> wrong = one.run();
      const std::chrono::duration<double, std::nano> took =
          std::chrono::steady_clock::now() - began;
      times[one.name].push_back(took.count() / static_cast<double>(one.items));
      if (!wrong) continue;
      std::fprintf(stderr, "%s: %s\n", one.name.c_str(), wrong->c_str());
      status = 1;
    }
  }
  const auto median = [&times](const std::string& name) {
    std::vector<double>& of = times[name];
    std::ranges::sort(of);
    return of.empty() ? 0 : of[of.size() / 2];
  };
  std::printf("%-52s %10s %10s\n", "median of one", "ns", "× floor");
  for (const pass& one : passes) {
    std::printf("%-52s %10.1f", one.title.c_str(), median(one.name));
    if (!one.floor.empty()) std::printf(" %10.2f", median(one.name) / median(one.floor));
    std::printf("\n");
  }
  return status;
}

} // namespace cancelscope::bench

#else

#include "bench/ratio_table.hpp"

#include <benchmark/benchmark.h>

namespace cancelscope::bench {

int print_passes(int argc, char** argv, const std::vector<pass>& passes) {
  std::vector<row> rows;
  int status = 0;
  for (const pass& one : passes) {
    rows.push_back({one.title, one.name, one.floor});
    benchmark::RegisterBenchmark(one.name.c_str(), [&one, &status](benchmark::State& state) {
      for (auto _ : state) {
        const std::optional<std::string> wrong = one.run();
        if (!wrong) continue;
        state.SkipWithError(wrong->c_str());
        status = 1;
        break;
      }
      state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(one.items));
    })->Unit(benchmark::kMillisecond);
  }
  const int printed = print_ratios(argc, argv, rows);
  return printed == 0 ? status : printed;
}

} // namespace cancelscope::bench

#endif
