#include "runtime/io/tcp_stream.hpp"

#include "runtime/io/tcp_connection.hpp"

#include <algorithm>
#include <utility>

namespace cancelscope {

namespace {

using detail::attempted;
using detail::io_error;
using detail::tcp_connection;

constexpr std::size_t read_at_once = 16 * 1024;

/// 0: the peer has sent its last.
attempted<std::size_t> read_now(tcp_connection& from, std::span<char> into) {
  std::error_code failed;
  const std::size_t count = from.socket.read_some(asio::buffer(into.data(), into.size()), failed);
  from.received += count;
  if (!failed) return std::optional{count};
  if (failed == asio::error::eof) return std::optional{std::size_t{0}};
  if (detail::is_not_ready(failed)) return std::optional<std::size_t>{};
  return io_error(from.reading, {}, failed);
}

/// Adds what is there to what was read ahead.
attempted<std::size_t> read_ahead_now(tcp_connection& from) {
  const std::size_t before = from.ahead.size();
  from.ahead.resize(before + read_at_once);
  attempted<std::size_t> came = read_now(from, std::span{from.ahead}.subspan(before));
  from.ahead.resize(before + (came ? came->value_or(0) : 0));
  return came;
}

attempted<std::size_t> write_now(tcp_connection& to, std::string_view bytes) {
  std::error_code failed;
  const std::size_t count = to.socket.write_some(asio::buffer(bytes.data(), bytes.size()), failed);
  to.sent += count;
  if (!failed) return std::optional{count};
  if (detail::is_not_ready(failed)) return std::optional<std::size_t>{};
  return io_error(to.writing, {}, failed);
}

task<std::size_t> read_ahead(tcp_connection& from) {
  return detail::as_soon_as_ready<std::size_t>(*from.on, from.socket, asio::socket_base::wait_read,
                                               from.reading, from.at_once,
                                               [&from] { return read_ahead_now(from); });
}

task<std::size_t> write(tcp_connection& to, std::string_view bytes) {
  return detail::as_soon_as_ready<std::size_t>(*to.on, to.socket, asio::socket_base::wait_write,
                                               to.writing, to.at_once,
                                               [&to, bytes] { return write_now(to, bytes); });
}

std::string take_first(std::string& from, std::size_t count) {
  std::string taken = from.substr(0, count);
  from.erase(0, count);
  return taken;
}

error ended_in_the_middle(const tcp_connection& from) {
  return error{from.reading + ": the peer ended in the middle"};
}

error in_use(const std::string& what) {
  return error{what + ": another task is at it"};
}

} // namespace

tcp_stream::tcp_stream(std::shared_ptr<tcp_connection> connection) noexcept
    : connection_(std::move(connection)) {}
tcp_stream::tcp_stream(tcp_stream&& from) noexcept = default;
tcp_stream& tcp_stream::operator=(tcp_stream&& from) noexcept {
  std::swap(connection_, from.connection_);
  return *this;
}
tcp_stream::~tcp_stream() {
  close();
}

task<tcp_stream> tcp_stream::connect(const reactor& on, std::string address, std::uint16_t port) {
  const auto made = std::make_shared<tcp_connection>(on.state());
  co_await checkpoint();
  const asio::ip::tcp::endpoint to = co_await value_of(detail::endpoint_of(address, port));
  const std::string what = "connect to " + detail::to_text(to);
  std::error_code failed;
  static_cast<void>(made->socket.open(to.protocol(), failed));
  if (failed) co_return io_error(what, {}, failed);
  const auto start = [&made, &to](auto handler) {
    made->socket.async_connect(to, std::move(handler));
  };
  detail::io_wait connected{*made->on, what, start};
  failed = co_await connected;
  if (!failed) failed = made->is_connected_to(to);
  if (failed) co_return io_error(what, {}, failed);
  co_return tcp_stream{made};
}

task<std::size_t> tcp_stream::read_some(std::span<char> into) {
  const auto from = connection_;
  co_await checkpoint();
  if (from->is_read) co_return in_use(from->reading);
  const detail::one_at_a_time turn{from->is_read};
  if (!from->ahead.empty()) {
    const std::size_t count = std::min(into.size(), from->ahead.size());
    std::copy_n(from->ahead.begin(), count, into.begin());
    from->ahead.erase(0, count);
    co_return count;
  }
  const auto attempt = [&from, into] { return read_now(*from, into); };
  co_return co_await detail::as_soon_as_ready<std::size_t>(
      *from->on, from->socket, asio::socket_base::wait_read, from->reading, from->at_once, attempt);
}

task<std::string> tcp_stream::read_exactly(std::size_t count) {
  const auto from = connection_;
  co_await checkpoint();
  if (from->is_read) co_return in_use(from->reading);
  const detail::one_at_a_time turn{from->is_read};
  while (from->ahead.size() < count)
    if (co_await read_ahead(*from) == 0) co_return ended_in_the_middle(*from);
  co_return take_first(from->ahead, count);
}

task<std::optional<std::string>> tcp_stream::read_until(std::string end, std::size_t at_most) {
  const auto from = connection_;
  co_await checkpoint();
  if (from->is_read) co_return in_use(from->reading);
  const detail::one_at_a_time turn{from->is_read};
  std::size_t searched = 0;
  for (;;) {
    const std::size_t found = from->ahead.find(end, searched);
    if (found != std::string::npos && found + end.size() <= at_most)
      co_return take_first(from->ahead, found + end.size());
    if (from->ahead.size() >= at_most)
      co_return error{from->reading + ": no end within " + std::to_string(at_most) + " bytes"};
    // The end may begin in what is here already.
    searched = from->ahead.size() - std::min(from->ahead.size(), end.size() - 1);
    if (co_await read_ahead(*from) > 0) continue;
    if (from->ahead.empty()) co_return std::nullopt;
    co_return ended_in_the_middle(*from);
  }
}

task<std::optional<std::string>> tcp_stream::read_line(std::size_t at_most) {
  std::optional<std::string> line = co_await read_until("\n", at_most);
  if (!line) co_return std::nullopt;
  line->pop_back();
  if (line->ends_with('\r')) line->pop_back();
  co_return line;
}

task<std::size_t> tcp_stream::write_some(std::string_view bytes) {
  const auto to = connection_;
  co_await checkpoint();
  if (to->is_written) co_return in_use(to->writing);
  const detail::one_at_a_time turn{to->is_written};
  co_return co_await write(*to, bytes);
}

task<void> tcp_stream::write_all(std::string_view bytes) {
  const auto to = connection_;
  co_await checkpoint();
  if (to->is_written) co_await fail(in_use(to->writing).message);
  const detail::one_at_a_time turn{to->is_written};
  bytes.remove_prefix((co_await value_of(write_now(*to, bytes))).value_or(0));
  if (bytes.empty()) co_return;
  const region here = co_await this_region();
  obligation rest = here.reserve(obligation_kind::io, to->writing);
  while (!bytes.empty())
    bytes.remove_prefix(co_await write(*to, bytes));
  rest.commit();
}

task<void> tcp_stream::disconnected() {
  const auto from = connection_;
  co_await checkpoint();
  if (from->is_read) co_await fail(in_use(from->reading).message);
  const detail::one_at_a_time turn{from->is_read};
  bool is_gone = false;
  const auto look = [&from, &is_gone]() -> attempted<std::size_t> {
    attempted<std::size_t> came = read_ahead_now(*from);
    is_gone = !came || *came == std::size_t{0};
    if (is_gone) return std::optional{std::size_t{0}};
    return came;
  };
  while (!is_gone && from->ahead.size() < most_read_ahead)
    static_cast<void>(co_await detail::as_soon_as_ready<std::size_t>(
        *from->on, from->socket, asio::socket_base::wait_read, from->reading, from->at_once, look));
  if (is_gone) co_return;
  // What was sent is not read on, so that its end cannot be seen; only that the connection breaks.
  const auto start = [&from](auto handler) {
    from->socket.async_wait(asio::socket_base::wait_error, std::move(handler));
  };
  detail::io_wait broken{*from->on, from->reading, start};
  static_cast<void>(co_await broken);
}

void tcp_stream::shutdown_sending() noexcept {
  std::error_code lost; // then the peer knows already
  static_cast<void>(connection_->socket.shutdown(asio::ip::tcp::socket::shutdown_send, lost));
}

void tcp_stream::close() noexcept {
  if (connection_ == nullptr) return;
  std::error_code lost; // it is closed all the same
  static_cast<void>(connection_->socket.close(lost));
}

const std::string& tcp_stream::peer() const noexcept {
  return connection_->peer;
}

std::uint64_t tcp_stream::sent() const noexcept {
  return connection_->sent;
}

std::uint64_t tcp_stream::received() const noexcept {
  return connection_->received;
}

} // namespace cancelscope
