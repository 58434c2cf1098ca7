// server: takes orders over HTTP and records what happens to each.

#include "samples/server/server.hpp"
#include "trace-format/recorder.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdio>

namespace {

int give_up(std::string_view why) {
  fmt::print(stderr, "server: {}\n", why);
  return 2;
}

void say_where(std::string_view address) {
  fmt::print("listening on http://{}\n", address);
  std::fflush(stdout); // who started it waits for this line
}

int serve(const order_server::settings& given, const std::string& output) {
  using namespace cancelscope;
  auto recorder = trace::recorder::create(output);
  if (!recorder) return give_up(recorder.error().message);

  outcome<void> served;
  order_server::tally t;
  real_clock clock;
  {
    io_thread runtime{clock, {.name = "server", .version = "1.0", .sink = recorder->get()}};
    order_server::server orders{runtime, given};
    served = runtime.run("server", [&](region r) { return orders.run(r, say_where); });
    t = orders.counted();
  }
  const std::uint64_t dropped = (*recorder)->dropped();
  if (const auto why = (*recorder)->close()) return give_up(why->message);

  fmt::print("{} requests answered, {} of them too late; {} clients hung up\n", t.answered, t.late,
             t.hung_up);
  if (dropped > 0)
    fmt::print("{} events did not fit the recorder's buffer; the trace says where\n", dropped);
  fmt::print("trace: {}\n", output);
  return served ? 0 : give_up(served.message());
}

} // namespace

int main(int argc, char** argv) {
  order_server::settings given;
  std::string output = "server.jsonl";
  CLI::App app{"A server on Cancelscope's runtime. Takes orders over HTTP until it is interrupted, "
               "and records a trace."};
  std::uint64_t deadline = static_cast<std::uint64_t>(given.deadline.count());
  std::uint64_t grace = static_cast<std::uint64_t>(given.grace.count());
  app.add_option("--address", given.address, "where to listen")->capture_default_str();
  app.add_option("--port", given.port, "0 picks one that is free")->capture_default_str();
  app.add_option("--deadline", deadline, "ms that a request may take")->capture_default_str();
  app.add_option("--grace", grace, "ms that requests may go on when it ends")
      ->capture_default_str();
  app.add_option("--requests", given.requests, "end after so many answers");
  app.add_option("-o,--output", output, "the trace to write")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  given.deadline = std::chrono::milliseconds{deadline};
  given.grace = std::chrono::milliseconds{grace};
  return serve(given, output);
}
