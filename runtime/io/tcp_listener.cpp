#include "runtime/io/tcp_listener.hpp"

#include "runtime/io/tcp_connection.hpp"

#include <utility>

namespace cancelscope {

namespace detail {

struct tcp_door {
  explicit tcp_door(std::shared_ptr<reactor_state> state)
      : on(std::move(state)), acceptor(on->context) {}

  std::error_code open(const asio::ip::tcp::endpoint& at);

  std::shared_ptr<reactor_state> on;
  asio::ip::tcp::acceptor acceptor;
  std::string address{};
  std::string accepting{}; ///< what the trace calls the wait
  std::uint16_t port = 0;
  bool is_accepting = false;
  unsigned at_once = 0;
};

std::error_code tcp_door::open(const asio::ip::tcp::endpoint& at) {
  std::error_code failed;
  const auto next = [&failed](auto step) {
    if (!failed) static_cast<void>(step());
  };
  next([&] { return acceptor.open(at.protocol(), failed); });
  next([&] { return acceptor.set_option(asio::socket_base::reuse_address{true}, failed); });
  next([&] { return acceptor.bind(at, failed); });
  next([&] { return acceptor.listen(asio::socket_base::max_listen_connections, failed); });
  next([&] { return acceptor.non_blocking(true, failed); });
  if (failed) return failed;
  const asio::ip::tcp::endpoint bound = acceptor.local_endpoint(failed);
  address = to_text(bound);
  accepting = "accept at " + address;
  port = bound.port();
  return failed;
}

} // namespace detail

outcome<tcp_listener> tcp_listener::listen(const reactor& on, std::string_view address,
                                           std::uint16_t port) {
  outcome<asio::ip::tcp::endpoint> at = detail::endpoint_of(address, port);
  if (!at) return std::move(at).failed();
  auto door = std::make_shared<detail::tcp_door>(on.state());
  if (const std::error_code failed = door->open(*at))
    return detail::io_error("listen at", detail::to_text(*at), failed);
  return tcp_listener{std::move(door)};
}

tcp_listener::tcp_listener(std::shared_ptr<detail::tcp_door> door) noexcept
    : door_(std::move(door)) {}
tcp_listener::tcp_listener(tcp_listener&& from) noexcept = default;
tcp_listener& tcp_listener::operator=(tcp_listener&& from) noexcept {
  std::swap(door_, from.door_);
  return *this;
}
tcp_listener::~tcp_listener() {
  close();
}

task<tcp_stream> tcp_listener::accept() {
  const auto door = door_;
  co_await checkpoint();
  if (door->is_accepting) co_return error{door->accepting + ": another task is at it"};
  const detail::one_at_a_time turn{door->is_accepting};
  const auto made = std::make_shared<detail::tcp_connection>(door->on);
  const auto attempt = [&door, &made]() -> detail::attempted<asio::ip::tcp::endpoint> {
    asio::ip::tcp::endpoint from;
    std::error_code failed;
    static_cast<void>(door->acceptor.accept(made->socket, from, failed));
    if (detail::is_not_ready(failed)) return std::optional<asio::ip::tcp::endpoint>{};
    if (!failed) failed = made->is_connected_to(from);
    if (failed) return detail::io_error(door->accepting, {}, failed);
    return std::optional{from};
  };
  static_cast<void>(co_await detail::as_soon_as_ready<asio::ip::tcp::endpoint>(
      *door->on, door->acceptor, asio::socket_base::wait_read, door->accepting, door->at_once,
      attempt));
  co_return tcp_stream{made};
}

void tcp_listener::close() noexcept {
  if (door_ == nullptr) return;
  std::error_code lost; // it is closed all the same
  static_cast<void>(door_->acceptor.close(lost));
}

const std::string& tcp_listener::address() const noexcept {
  return door_->address;
}

std::uint16_t tcp_listener::port() const noexcept {
  return door_->port;
}

} // namespace cancelscope
