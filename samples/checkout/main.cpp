// checkout: an order service that handles a day's orders and records what happened to each.

#include "samples/checkout/checkout.hpp"
#include "trace-format/recorder.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace {

struct arguments {
  std::string orders;
  std::string output = "checkout.jsonl";
  std::uint64_t seed = 42;
  bool virtual_time = false;
};

int fail(const std::string& why) {
  fmt::print(stderr, "checkout: {}\n", why);
  return 2;
}

int serve(const arguments& given, std::vector<checkout::order> orders) {
  using namespace cancelscope;
  auto recorder = trace::recorder::create(given.output);
  if (!recorder) return fail(recorder.error().message);

  const std::size_t count = orders.size();
  checkout::shop shop{std::move(orders), given.seed};
  real_clock real;
  virtual_clock simulated;
  {
    current_thread runtime{given.virtual_time ? static_cast<executor_clock&>(simulated) : real,
                           {.name = "checkout",
                            .version = "1.0",
                            .seed = fmt::format("{:#x}", given.seed),
                            .sink = recorder->get()}};
    const outcome<void> served = runtime.run("checkout", {.policy = on_failure::keep_going},
                                             [&](region service) { return shop.open(service); });
    if (served.is_err()) return fail(std::string{served.message()});
  }
  const std::uint64_t dropped = (*recorder)->dropped();
  if (const auto why = (*recorder)->close()) return fail(why->message);

  const checkout::tally& t = shop.counted();
  fmt::print(
      "{} orders: {} shipped, {} refused, {} cancelled, {} whose clean-up had to be stopped\n",
      count, t.shipped, t.refused, t.cancelled, t.panicked);
  if (dropped > 0)
    fmt::print("{} events did not fit the recorder's buffer; the trace says where\n", dropped);
  fmt::print("trace: {}\n", given.output);
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  arguments given;
  CLI::App app{"An order service on Cancelscope's runtime. Handles the orders of a file as they "
               "arrive and records a trace."};
  app.add_option("--orders", given.orders, "the orders, JSON Lines")
      ->required()
      ->check(CLI::ExistingFile);
  app.add_option("-o,--output", given.output, "the trace to write")->capture_default_str();
  app.add_option("--seed", given.seed, "how long the services behind the shop take to answer")
      ->capture_default_str();
  app.add_flag("--virtual-time", given.virtual_time,
               "do not wait: the same seed gives the same trace");
  CLI11_PARSE(app, argc, argv);

  auto orders = checkout::read_orders(given.orders);
  if (!orders) return fail(orders.error().message);
  return serve(given, *std::move(orders));
}
