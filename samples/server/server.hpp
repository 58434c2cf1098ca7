// The server: connections, their requests, and how it ends.
//
//     region server
//       region connections
//         region 127.0.0.1:51234       a client, for as long as it stays
//           region POST /orders        a request, with its deadline
//             task  handle             ... and the tasks of the order
//             task  watch the client   ends the request when the client hangs up
//
// It ends in order: no new connections; clients that ask nothing are let go; requests are answered, for as long as
// `grace` lasts; then whoever is left is cancelled.
//
// Threading: the tasks of one io_thread. Failure: in the outcome of `run`.
#pragma once

#include "runtime/io/io_thread.hpp"
#include "runtime/io/signal_set.hpp"
#include "runtime/io/tcp_listener.hpp"
#include "samples/server/http.hpp"
#include "samples/server/shop.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace order_server {

struct settings {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080; ///< 0 picks one
  std::chrono::milliseconds deadline{
      250}; ///< of each request; a client that is less patient says so
  std::chrono::milliseconds grace{2000};
  std::uint64_t requests = 0; ///< then it ends; 0: only a signal ends it
};

struct tally {
  std::uint64_t answered = 0;
  std::uint64_t late = 0;    ///< of these: those that missed their deadline
  std::uint64_t hung_up = 0; ///< the client did not wait for the answer
};

class server {
public:
  server(cancelscope::io_thread& runtime, settings given)
      : runtime_(runtime), settings_(std::move(given)) {}

  /// Serves until SIGINT or SIGTERM, or so many requests are answered; tells `listening` where.
  task<> run(region r, std::function<void(std::string_view)> listening);
  [[nodiscard]] const tally& counted() const noexcept { return tally_; }

private:
  class idle_connection;

  task<> wait_for_signal(cancelscope::signal_set& signals);
  task<> end_after_grace();
  task<> accept_clients(cancelscope::tcp_listener& listener, region connections);
  task<> serve_client(tcp_stream client);
  task<> converse(tcp_stream& client, region connection);
  task<std::optional<response>> answer(request asked, tcp_stream& client);
  task<response> handle(request asked, region r);
  void drain(std::string_view why);

  cancelscope::io_thread& runtime_;
  settings settings_;
  shop shop_;
  tally tally_;
  cancelscope::watch<bool> draining_{"the server drains", false};
  std::map<std::string, region> idle_; ///< connections between two requests, by their client
  std::uint64_t in_progress_ = 0;
};

} // namespace order_server
