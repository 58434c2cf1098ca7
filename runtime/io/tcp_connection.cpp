#include "runtime/io/tcp_connection.hpp"

namespace cancelscope::detail {

std::string to_text(const asio::ip::tcp::endpoint& of) {
  const std::string address = of.address().to_string();
  const std::string port = std::to_string(of.port());
  return of.address().is_v6() ? '[' + address + "]:" + port : address + ':' + port;
}

outcome<asio::ip::tcp::endpoint> endpoint_of(std::string_view address, std::uint16_t port) {
  std::error_code failed;
  const auto found = asio::ip::make_address(
      address == "localhost" ? std::string{"127.0.0.1"} : std::string{address}, failed);
  if (failed)
    return error{'\'' + std::string{address} + "' is no address such as 127.0.0.1 or ::1"};
  return asio::ip::tcp::endpoint{found, port};
}

error io_error(std::string_view what, std::string_view whom, std::error_code why) {
  std::string sentence{what};
  if (!whom.empty()) sentence.append(1, ' ').append(whom);
  const bool closed = why == asio::error::operation_aborted || why == asio::error::bad_descriptor;
  return error{sentence + ": " + (closed ? "it was closed here" : why.message())};
}

bool is_not_ready(std::error_code why) {
  return why == asio::error::would_block || why == asio::error::try_again ||
         why == asio::error::interrupted;
}

std::error_code tcp_connection::is_connected_to(const asio::ip::tcp::endpoint& other) {
  peer = to_text(other);
  reading = "read from " + peer;
  writing = "write to " + peer;
  std::error_code failed;
  static_cast<void>(socket.non_blocking(true, failed));
  if (!failed) static_cast<void>(socket.set_option(asio::ip::tcp::no_delay{true}, failed));
  return failed;
}

} // namespace cancelscope::detail
