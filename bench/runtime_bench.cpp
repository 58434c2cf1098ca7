// What the runtime costs: regions, tasks, closing many, folding outcomes, messages; each beside the floor, with tracing
// off and on.
//
//     runtime_bench                      the table
//     runtime_bench --instructions ROW   runs only that row's operations, `operations` of them, for callgrind
#include "bench/floor_kernel.hpp"
#include "bench/ratio_table.hpp"
#include "runtime/cancelscope.hpp"
#include "trace-format/recorder.hpp"

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdio>
#include <functional>
#include <memory>
#include <string_view>

namespace {

using namespace cancelscope;
using namespace std::chrono_literals;
using bench::floor_handle;
using bench::floor_kernel;
using bench::floor_task;

constexpr std::uint64_t batch = 2000; ///< operations between two times the buffer is emptied

/// Where the events go: nowhere, or to a recorder that buffers them as in production. Emptying the buffer happens
/// elsewhere there, and is not measured.
class tracing {
public:
  enum class mode : std::uint8_t { off, on };

  explicit tracing(mode how) {
    if (how == mode::on)
      recorder_ = std::make_unique<trace::recorder>(
          std::make_unique<no_output>(), std::make_unique<no_encoder>(),
          trace::recorder_options{.buffer_bytes = std::size_t{16} * 1024 * 1024,
                                  .interval = std::chrono::hours{1}});
  }
  [[nodiscard]] trace::sink* sink() const { return recorder_.get(); }
  void empty() const {
    if (recorder_) recorder_->flush();
  }
  [[nodiscard]] bool lost_events() const { return recorder_ && recorder_->dropped() > 0; }

private:
  struct no_output final : trace::byte_output {
    std::optional<trace::failure> write(std::string_view) override { return std::nullopt; }
  };
  struct no_encoder final : trace::encoder {
    void append(const trace::event&, std::string&) override {}
  };
  std::unique_ptr<trace::recorder> recorder_;
};

// ---- The operations, each `times` over ----

void floor_regions(floor_kernel& k, floor_handle root, std::uint64_t times) {
  for (std::uint64_t i = 0; i < times; ++i)
    benchmark::DoNotOptimize(k.close(k.open(root.slot)));
}

void regions(kernel& k, region_handle root, std::uint64_t times) {
  for (std::uint64_t i = 0; i < times; ++i)
    benchmark::DoNotOptimize(k.close(*k.open_region({.parent = root})).has_value());
}

floor_task floor_wait(floor_kernel& k) {
  // The promise knows its slot only once it is spawned, which is before it first runs.
  struct who {
    std::uint32_t slot = 0;
    [[nodiscard]] bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<floor_task::promise_type> h) noexcept {
      slot = h.promise().slot;
      return false;
    }
    [[nodiscard]] std::uint32_t await_resume() const noexcept { return slot; }
  };
  const std::uint32_t me = co_await who{};
  while (!k.cancelled(me))
    co_await bench::floor_park{};
  co_return 2;
}

void floor_tasks(floor_kernel& k, floor_handle root, std::uint64_t times) {
  for (std::uint64_t i = 0; i < times; ++i) {
    const floor_handle h = k.spawn(root.slot, floor_wait(k));
    k.cancel(h);
    k.run();
    benchmark::DoNotOptimize(k.join(h));
  }
}

task<> wait() {
  co_await sleep(1h);
}

task<> tasks(region r, std::uint64_t times) {
  for (std::uint64_t i = 0; i < times; ++i) {
    const auto h = r.spawn({}, wait());
    h.cancel({});
    benchmark::DoNotOptimize((co_await h.join()).is_cancelled());
  }
}

void floor_close_many(floor_kernel& k, floor_handle root, std::uint64_t many) {
  const floor_handle region = k.open(root.slot);
  for (std::uint64_t i = 0; i < many; ++i)
    k.spawn(region.slot, floor_wait(k));
  k.run();
  k.cancel_all(region);
  k.run();
  k.close(region);
}

task<> close_many(std::uint64_t many) {
  const auto body = [many](region r) -> task<> {
    for (std::uint64_t i = 0; i < many; ++i)
      static_cast<void>(r.spawn({}, wait()));
    co_await yield();
    r.cancel({});
    co_await checkpoint();
  };
  benchmark::DoNotOptimize((co_await with_region({}, body)).is_cancelled());
}

floor_task floor_send(floor_kernel& k, bench::floor_channel& c, std::uint32_t& other,
                      std::uint64_t times) {
  for (std::uint64_t i = 0; i < times; ++i) {
    while (c.sent - c.received == bench::floor_channel::places) {
      k.ready(other);
      co_await bench::floor_park{};
    }
    c.values[c.sent++ % bench::floor_channel::places] = i;
  }
  k.ready(other);
  co_return 1;
}
floor_task floor_receive(floor_kernel& k, bench::floor_channel& c, std::uint32_t& other,
                         std::uint64_t times) {
  std::uint64_t sum = 0;
  for (std::uint64_t i = 0; i < times; ++i) {
    while (c.sent == c.received) {
      k.ready(other);
      co_await bench::floor_park{};
    }
    sum += c.values[c.received++ % bench::floor_channel::places];
  }
  benchmark::DoNotOptimize(sum);
  co_return 1;
}

void floor_messages(floor_kernel& k, floor_handle root, std::uint64_t times) {
  bench::floor_channel channel;
  std::uint32_t sender_slot = 0;
  std::uint32_t receiver_slot = 0;
  const floor_handle sender = k.spawn(root.slot, floor_send(k, channel, receiver_slot, times));
  const floor_handle receiver = k.spawn(root.slot, floor_receive(k, channel, sender_slot, times));
  sender_slot = sender.slot;
  receiver_slot = receiver.slot;
  k.run();
  benchmark::DoNotOptimize(k.join(sender) + k.join(receiver));
}

task<> send_all(mpsc_sender<std::uint64_t> to, std::uint64_t times) {
  for (std::uint64_t i = 0; i < times; ++i)
    static_cast<void>(co_await to.send(i));
}
task<> messages(region r, std::uint64_t times) {
  auto [numbers, inbox] = mpsc<std::uint64_t>("numbers", bench::floor_channel::places);
  const auto sender = r.spawn("sender", send_all(std::move(numbers), times));
  std::uint64_t sum = 0;
  while (const auto next = co_await inbox.receive())
    sum += *next;
  benchmark::DoNotOptimize(sum);
  static_cast<void>(co_await sender.join());
}

outcome<int> some_outcome(std::uint64_t i) {
  if (i % 4 == 1) return error{"refused"};
  return static_cast<int>(i);
}

// ---- How they are measured ----

template <class Operation>
void on_floor(benchmark::State& state, std::uint64_t each, Operation operation) {
  floor_kernel k{16384};
  const floor_handle root = k.open(floor_kernel::none);
  for (auto _ : state)
    operation(k, root, each);
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(each));
}

/// In a program of its own on the current thread; `operation(region)` gives a task that does `each` of them.
template <tracing::mode Mode, class Operation>
void in_program(benchmark::State& state, std::uint64_t each, Operation operation) {
  const tracing traced{Mode};
  virtual_clock clock;
  current_thread runtime{clock, {.sink = traced.sink()}};
  static_cast<void>(
      runtime.run("bench", {.policy = on_failure::keep_going}, [&](region r) -> task<> {
        for (auto _ : state) {
          co_await operation(r);
          state.PauseTiming();
          traced.empty();
          state.ResumeTiming();
        }
      }));
  if (traced.lost_events()) state.SkipWithError("the buffer was too small: events were lost");
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(each));
}

void bench_floor_regions(benchmark::State& state) {
  on_floor(state, batch, floor_regions);
}
template <tracing::mode Mode> void bench_regions(benchmark::State& state) {
  const tracing traced{Mode};
  const manual_clock clock;
  kernel k{clock, traced.sink()};
  const region_handle root = *k.open_region({.name = "root"});
  for (auto _ : state) {
    regions(k, root, batch);
    state.PauseTiming();
    traced.empty();
    state.ResumeTiming();
  }
  if (traced.lost_events()) state.SkipWithError("the buffer was too small: events were lost");
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(batch));
  static_cast<void>(k.close(root));
}
void bench_floor_tasks(benchmark::State& state) {
  on_floor(state, batch, floor_tasks);
}
template <tracing::mode Mode> void bench_tasks(benchmark::State& state) {
  in_program<Mode>(state, batch, [](region r) { return tasks(r, batch); });
}
template <std::uint64_t Many> void bench_floor_close(benchmark::State& state) {
  on_floor(state, Many, floor_close_many);
}
template <tracing::mode Mode, std::uint64_t Many> void bench_close(benchmark::State& state) {
  in_program<Mode>(state, Many, [](region) { return close_many(Many); });
}
void bench_floor_messages(benchmark::State& state) {
  on_floor(state, batch, floor_messages);
}
template <tracing::mode Mode> void bench_messages(benchmark::State& state) {
  in_program<Mode>(state, batch, [](region r) { return messages(r, batch); });
}
void bench_floor_fold(benchmark::State& state) {
  std::vector<int> kinds(1000);
  for (std::size_t i = 0; i < kinds.size(); ++i)
    kinds[i] = i % 4 == 1;
  for (auto _ : state) {
    int worst = 0;
    for (const int kind : kinds) {
      if (kind > worst) worst = kind;
      benchmark::DoNotOptimize(worst);
    }
  }
  state.SetItemsProcessed(state.iterations() * 1000);
}
void bench_fold(benchmark::State& state) {
  std::vector<outcome<int>> ends;
  for (std::uint64_t i = 0; i < 1000; ++i)
    ends.push_back(some_outcome(i));
  for (auto _ : state) {
    outcome<void> worst;
    for (const outcome<int>& one : ends) {
      if (one.kind() > worst.kind()) worst = one.without_value();
      benchmark::DoNotOptimize(worst);
    }
  }
  state.SetItemsProcessed(state.iterations() * 1000);
}

// ---- For callgrind: only the operations of one row, so many of them ----

constexpr std::uint64_t operations = 20000;

template <class Body> void run_quietly(Body body) {
  virtual_clock clock;
  current_thread runtime{clock};
  static_cast<void>(runtime.run("bench", {.policy = on_failure::keep_going}, body));
}

int count_instructions(std::string_view row) {
  floor_kernel floor{16384};
  const floor_handle root = floor.open(floor_kernel::none);
  if (row == "floor_region") {
    floor_regions(floor, root, operations);
  } else if (row == "region") {
    const manual_clock clock;
    kernel k{clock, nullptr};
    const region_handle top = *k.open_region({.name = "root"});
    regions(k, top, operations);
    static_cast<void>(k.close(top));
  } else if (row == "floor_task") {
    floor_tasks(floor, root, operations);
  } else if (row == "task") {
    run_quietly([](region r) { return tasks(r, operations); });
  } else if (row == "floor_close") {
    for (std::uint64_t i = 0; i < operations / 1000; ++i)
      floor_close_many(floor, root, 1000);
  } else if (row == "close") {
    run_quietly([](region) -> task<> {
      for (std::uint64_t i = 0; i < operations / 1000; ++i)
        co_await close_many(1000);
    });
  } else if (row == "floor_message") {
    floor_messages(floor, root, operations);
  } else if (row == "message") {
    run_quietly([](region r) { return messages(r, operations); });
  } else if (row != "nothing") {
    std::fprintf(stderr, "there is no row '%s'\n", std::string{row}.c_str());
    return 2;
  }
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  if (argc == 3 && std::string_view{argv[1]} == "--instructions")
    return count_instructions(argv[2]);
  using bench::row;
  using mode = tracing::mode;
  std::vector<row> rows;
  const auto add = [&rows](const char* title, const char* name, benchmark::internal::Function* run,
                           const char* floor) {
    benchmark::RegisterBenchmark(name, run);
    rows.push_back({title, name, floor});
  };
  add("floor: region open + close", "floor_region", bench_floor_regions, "");
  add("region open + close", "region", bench_regions<mode::off>, "floor_region");
  add("  traced", "region_traced", bench_regions<mode::on>, "floor_region");
  add("floor: spawn + cancel + join", "floor_task", bench_floor_tasks, "");
  add("spawn + cancel + join", "task", bench_tasks<mode::off>, "floor_task");
  add("  traced", "task_traced", bench_tasks<mode::on>, "floor_task");
  add("floor: close a region with 1,000 tasks, a task", "floor_close", bench_floor_close<1000>, "");
  add("close a region with 1,000 tasks, a task", "close", bench_close<mode::off, 1000>,
      "floor_close");
  add("  traced", "close_traced", bench_close<mode::on, 1000>, "floor_close");
  add("close a region with 10,000 tasks, a task", "close_10000", bench_close<mode::off, 10000>,
      "floor_close");
  add("floor: fold an outcome", "floor_fold", bench_floor_fold, "");
  add("fold an outcome", "fold", bench_fold, "floor_fold");
  add("floor: a message between two tasks", "floor_message", bench_floor_messages, "");
  add("a message between two tasks", "message", bench_messages<mode::off>, "floor_message");
  add("  traced", "message_traced", bench_messages<mode::on>, "floor_message");
  return bench::print_ratios(argc, argv, rows);
}
