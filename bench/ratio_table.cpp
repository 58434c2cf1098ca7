#include "bench/ratio_table.hpp"

#include <benchmark/benchmark.h>

#include <cstdio>
#include <map>

namespace cancelscope::bench {

namespace {

/// Keeps each benchmark's median time of one item, in ns.
class medians final : public benchmark::BenchmarkReporter {
public:
  bool ReportContext(const Context&) override { return true; }

  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.error_occurred)
        std::fprintf(stderr, "%s: %s\n", run.benchmark_name().c_str(), run.error_message.c_str());
      const auto items = run.counters.find("items_per_second");
      if (run.aggregate_name == "median" && items != run.counters.end())
        ns_[run.run_name.function_name] = 1e9 / items->second.value;
    }
  }

  [[nodiscard]] double of(const std::string& benchmark) const {
    const auto found = ns_.find(benchmark);
    return found == ns_.end() ? 0 : found->second;
  }

private:
  std::map<std::string, double> ns_;
};

} // namespace

int print_ratios(int argc, char** argv, const std::vector<row>& rows) {
  // First, so that the command line's own word has the last say.
  std::vector<char*> arguments{argv[0]};
  std::string defaults[] = {"--benchmark_repetitions=9",
                            "--benchmark_enable_random_interleaving=true",
                            "--benchmark_min_time=0.05"};
  for (std::string& argument : defaults)
    arguments.push_back(argument.data());
  arguments.insert(arguments.end(), argv + 1, argv + argc);
  int count = static_cast<int>(arguments.size());
  benchmark::Initialize(&count, arguments.data());
  if (benchmark::ReportUnrecognizedArguments(count, arguments.data())) return 2;

  medians measured;
  benchmark::RunSpecifiedBenchmarks(&measured);
  std::printf("%-52s %10s %10s\n", "median of one", "ns", "× floor");
  for (const row& row : rows) {
    const double ns = measured.of(row.benchmark);
    const double floor = row.floor.empty() ? 0 : measured.of(row.floor);
    if (ns == 0) continue;
    std::printf("%-52s %10.1f", row.title.c_str(), ns);
    if (floor != 0) std::printf(" %10.2f", ns / floor);
    std::printf("\n");
  }
  return 0;
}

} // namespace cancelscope::bench
