// tcp_stream: a connection, and what a body does with it. Every wait can be cancelled.
//
// Bytes leave the system's buffers only when the task that asked for them runs: a read that is cancelled has taken none,
// and the next one gets them. A write that is cancelled may have sent a part; `sent()` says how much went.
// While `write_all` waits for the peer, the rest is an obligation (`io`) of the task's region, so that a message that was
// cut off stands in the trace as aborted.
//
// One task at a time reads, and one writes; they may be two. A stream closes its connection when it goes.
//
// Threading: used from tasks of the executor that its reactor belongs to.
// Failure:   the body that awaits ends with an error, a sentence that names the peer; `outcome_of` stops that.
//
//     tcp_stream server = co_await tcp_stream::connect(runtime.io(), "127.0.0.1", 8080);
//     co_await server.write_all("GET / HTTP/1.0\r\n\r\n");
//     std::optional<std::string> status = co_await server.read_line();
#pragma once

#include "runtime/executor/task.hpp"
#include "runtime/io/reactor.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cancelscope {

namespace detail {
struct tcp_connection;
} // namespace detail

class [[nodiscard]] tcp_stream {
public:
  /// Connects to an address in figures, IPv4 or IPv6, or to "localhost"; no other name is looked up.
  static task<tcp_stream> connect(const reactor& on, std::string address, std::uint16_t port);

  /// For whoever made the connection.
  explicit tcp_stream(std::shared_ptr<detail::tcp_connection> connection) noexcept;
  tcp_stream(tcp_stream&& from) noexcept;
  tcp_stream& operator=(tcp_stream&& from) noexcept;
  ~tcp_stream();

  /// Waits for bytes and takes what fits; 0 when the peer has sent its last.
  task<std::size_t> read_some(std::span<char> into);
  /// Exactly so many bytes; an error when the peer ends before.
  task<std::string> read_exactly(std::size_t count);
  /// Up to the next `end`, and that too; nothing when the peer has sent its last. An error when it ends in the middle,
  /// or `end` does not come within so many bytes.
  task<std::optional<std::string>> read_until(std::string end, std::size_t at_most = longest_line);
  /// The next line, without its "\n" or "\r\n"; as read_until.
  task<std::optional<std::string>> read_line(std::size_t at_most = longest_line);

  /// Waits until the peer takes bytes, and sends what it takes of them; says how many. They must live as long.
  task<std::size_t> write_some(std::string_view bytes);
  task<void> write_all(std::string_view bytes);

  /// Ends when the peer has closed the connection, or its sending half of it, or was lost. Reads ahead to find out: what
  /// comes is kept for the next read. A peer that sends more than `most_read_ahead` meanwhile is not watched beyond that.
  task<void> disconnected();

  /// Tells the peer that no more will be sent; reading goes on.
  void shutdown_sending() noexcept;
  /// Whoever waits for it is woken and told. Done again, or after a move, it does nothing.
  void close() noexcept;

  /// "127.0.0.1:51234", "[::1]:51234"
  [[nodiscard]] const std::string& peer() const noexcept;
  /// Bytes given to and taken from the system since it was connected.
  [[nodiscard]] std::uint64_t sent() const noexcept;
  [[nodiscard]] std::uint64_t received() const noexcept;

  static constexpr std::size_t longest_line = 64 * 1024;
  static constexpr std::size_t most_read_ahead = 256 * 1024;

private:
  std::shared_ptr<detail::tcp_connection>
      connection_; ///< a task in the middle of an await holds it too
};

} // namespace cancelscope
