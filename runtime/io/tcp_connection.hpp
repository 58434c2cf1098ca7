// What stands behind a tcp_stream and a tcp_listener. Private to runtime/io.
//
// Threading: that of the executor. Failure: values, with a sentence.
#pragma once

#include "runtime/executor/task.hpp"
#include "runtime/executor/waits.hpp"
#include "runtime/io/io_wait.hpp"

#include <asio/ip/tcp.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace cancelscope::detail {

/// "127.0.0.1:8080", "[::1]:8080"
std::string to_text(const asio::ip::tcp::endpoint& of);
/// The address in figures, or "localhost".
outcome<asio::ip::tcp::endpoint> endpoint_of(std::string_view address, std::uint16_t port);
/// What failed, with whom, and why; a socket that was closed meanwhile says that.
error io_error(std::string_view what, std::string_view whom, std::error_code why);
/// Not a failure: it has to be waited for.
bool is_not_ready(std::error_code why);

struct tcp_connection {
  explicit tcp_connection(std::shared_ptr<reactor_state> state)
      : on(std::move(state)), socket(on->context) {}

  /// From here on nothing that is done with the socket blocks, and small messages go at once.
  std::error_code is_connected_to(const asio::ip::tcp::endpoint& other);

  std::shared_ptr<reactor_state> on;
  asio::ip::tcp::socket socket;
  std::string peer{};
  std::string reading{}; ///< what the trace calls the wait
  std::string writing{};
  std::string ahead{}; ///< read, and not yet taken
  bool is_read = false;
  bool is_written = false;
  unsigned at_once = 0; ///< how often nothing had to be waited for since the others had a turn
  std::uint64_t sent = 0;
  std::uint64_t received = 0;
};

/// What an attempt came to: nothing when it has to be waited for.
template <class Value> using attempted = outcome<std::optional<Value>>;

/// Attempts it until it comes to something, and waits for the socket in between. A socket that always has something
/// lets the other tasks have a turn now and then.
template <class Value, class Socket, class Attempt>
task<Value> as_soon_as_ready(reactor_state& on, Socket& socket, asio::socket_base::wait_type until,
                             std::string_view label, unsigned& at_once, Attempt attempt) {
  constexpr unsigned most_at_once = 16;
  if (++at_once % most_at_once == 0) co_await yield();
  for (;;) {
    std::optional<Value> came = co_await value_of(attempt());
    if (came) co_return *std::move(came);
    at_once = 0;
    const auto start = [&socket, until](auto handler) {
      socket.async_wait(until, std::move(handler));
    };
    io_wait ready{on, label, start};
    const std::error_code failed = co_await ready;
    if (failed) co_return io_error(label, {}, failed);
  }
}

} // namespace cancelscope::detail
