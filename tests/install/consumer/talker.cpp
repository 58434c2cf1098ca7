// Talks to itself over a socket, and prints what it said.
#include <cancelscope/runtime/cancelscope.hpp>
#include <cancelscope/runtime/io/io_thread.hpp>
#include <cancelscope/runtime/io/tcp_listener.hpp>

#include <cstdio>

using namespace cancelscope;

static task<> talk(reactor& on) {
  tcp_listener listener = co_await value_of(tcp_listener::listen(on, "127.0.0.1", 0));
  tcp_stream near = co_await tcp_stream::connect(on, "127.0.0.1", listener.port());
  tcp_stream far = co_await listener.accept();
  co_await near.write_all("hello\n");
  const std::optional<std::string> line = co_await far.read_line();
  std::printf("%s\n", line.value_or("nothing").c_str());
}

int main() {
  real_clock clock;
  io_thread runtime{clock};
  return runtime.run("talk", [&](region) { return talk(runtime.io()); }) ? 0 : 1;
}
