// As much of HTTP/1.1 as curl and a browser speak to a small service: requests with a body of known length, connections
// that are kept.
//
// Threading: that of the stream. Failure: errors of the stream; a request that is wrong says so itself.
#pragma once

#include "runtime/io/tcp_stream.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>

namespace order_server {

using cancelscope::task;
using cancelscope::tcp_stream;

struct request {
  std::string method{};
  std::string path{};
  std::map<std::string, std::string> headers{}; ///< names in lower case
  std::string body{};
  bool is_kept = true;     ///< the client wants to ask again on this connection
  std::string malformed{}; ///< what is wrong with it; then the rest means nothing

  /// How long the client is prepared to wait (`Prefer: wait=3`, RFC 7240).
  [[nodiscard]] std::optional<std::chrono::seconds> patience() const;
};

struct response {
  int status = 200;
  std::string body{};
};

/// The next request; nothing when the client has no more.
task<std::optional<request>> read_request(tcp_stream& from);

/// The response as it is sent.
std::string to_bytes(const response& said, bool is_kept);

} // namespace order_server
