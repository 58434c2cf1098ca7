#include "samples/tutorial/sockets.hpp"

#include "runtime/cancelscope.hpp"
#include "runtime/io/tcp_listener.hpp"

namespace tutorial {

using namespace cancelscope;
using namespace std::chrono_literals;

task<> echo(tcp_stream client) {
  while (std::optional<std::string> line = co_await client.read_line())
    co_await client.write_all(*line + "\n");
}

task<> serve(tcp_listener& listener, region clients) {
  for (;;) {
    tcp_stream client = co_await listener.accept();
    const std::string name = "echo to " + client.peer();
    static_cast<void>(clients.spawn(name, echo(std::move(client))));
  }
}

task<std::string> ask(const reactor& on, std::uint16_t port, std::string question) {
  tcp_stream server = co_await tcp_stream::connect(on, "127.0.0.1", port);
  co_await server.write_all(question + "\n");
  std::optional<std::string> answer = co_await server.read_line();
  co_return answer.value_or("nothing");
}

outcome<std::string> small_talk(io_thread& runtime) {
  return runtime.run("small talk", [&](region r) -> task<std::string> {
    tcp_listener listener = co_await value_of(tcp_listener::listen(runtime.io(), "127.0.0.1", 0));
    auto serving = r.spawn("serve", serve(listener, r));
    auto answer = co_await timeout("answer", 5s, ask(runtime.io(), listener.port(), "hello"));
    serving.cancel("nothing is left to be asked");
    static_cast<void>(co_await serving.join());
    co_return answer;
  });
}

} // namespace tutorial
