// tcp_listener: takes the connections that come to a port.
//
// A connection is taken when the task that accepts runs: an accept that is cancelled has taken none, and the next one gets
// it.
//
// Threading: used from tasks of the executor that its reactor belongs to; one accepts at a time.
// Failure:   values and errors, with a sentence that names the address.
//
//     outcome<tcp_listener> opened = tcp_listener::listen(runtime.io(), "127.0.0.1", 0);
//     tcp_stream client = co_await opened->accept();
#pragma once

#include "runtime/io/tcp_stream.hpp"

namespace cancelscope {

namespace detail {
struct tcp_door;
} // namespace detail

class [[nodiscard]] tcp_listener {
public:
  /// Address as in tcp_stream::connect; "0.0.0.0" and "::" are any of this machine's. Port 0 picks one that is free.
  static outcome<tcp_listener> listen(const reactor& on, std::string_view address,
                                      std::uint16_t port);

  explicit tcp_listener(std::shared_ptr<detail::tcp_door> door) noexcept;
  tcp_listener(tcp_listener&& from) noexcept;
  tcp_listener& operator=(tcp_listener&& from) noexcept;
  ~tcp_listener();

  /// Waits for the next connection.
  task<tcp_stream> accept();
  /// Takes no more; those that wait to be taken are refused.
  void close() noexcept;

  /// "127.0.0.1:8080"
  [[nodiscard]] const std::string& address() const noexcept;
  [[nodiscard]] std::uint16_t port() const noexcept;

private:
  std::shared_ptr<detail::tcp_door> door_;
};

} // namespace cancelscope
