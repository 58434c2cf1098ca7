#include "samples/server/server.hpp"

#include <fmt/format.h>

#include <charconv>
#include <list>

namespace order_server {

using namespace std::chrono_literals;
using namespace cancelscope;

namespace {

constexpr std::string_view hung_up = "the client hung up";

// A request whose client hangs up is for nobody.
task<> end_when_gone(tcp_stream& client, region asked) {
  co_await client.disconnected();
  asked.cancel(hung_up);
}

/// Joins those that have left. Until then they are kept, and a server runs for long.
task<> let_go(std::list<join_handle<void>>& clients) {
  for (auto each = clients.begin(); each != clients.end();) {
    if (!each->is_over()) {
      ++each;
      continue;
    }
    static_cast<void>(co_await each->join());
    each = clients.erase(each);
  }
}

task<> until_true(watcher<bool> told) {
  while (!told.now())
    co_await told.changed();
}

/// Counts for as long as it lives.
class counting {
public:
  explicit counting(std::uint64_t& in) : in_(in) { ++in_; }
  counting(const counting&) = delete;
  counting& operator=(const counting&) = delete;
  ~counting() { --in_; }

private:
  std::uint64_t& in_;
};

/// What is said instead of an answer that there will not be.
response refusal(const failure& why) {
  const auto* stopped = why.get_if<cancellation>();
  const std::string words = fmt::format("{}\n", why.message());
  if (stopped == nullptr) return {500, words};
  const cancel_kind root = stopped->root().kind();
  if (root == cancel_kind::fail_fast) return {409, words};
  return {root == cancel_kind::timeout ? 504 : 503, words};
}

} // namespace

/// While it lives, the server may let the client go.
class server::idle_connection {
public:
  idle_connection(server& of, const tcp_stream& client, region connection)
      : of_(of), client_(client.peer()) {
    of_.idle_.emplace(client_, connection);
  }
  idle_connection(const idle_connection&) = delete;
  idle_connection& operator=(const idle_connection&) = delete;
  ~idle_connection() { of_.idle_.erase(client_); }

private:
  server& of_;
  std::string client_;
};

task<> server::run(region r, std::function<void(std::string_view)> listening) {
  signal_set signals = co_await value_of(signal_set::catch_signals(runtime_.io(), SIGINT, SIGTERM));
  tcp_listener listener =
      co_await value_of(tcp_listener::listen(runtime_.io(), settings_.address, settings_.port));
  listening(listener.address());

  const auto signalled = r.spawn("wait for a signal", wait_for_signal(signals));
  const auto grace = r.spawn("end after the grace period", end_after_grace());
  const auto serve = [&](region connections) { return accept_clients(listener, connections); };
  auto served = co_await with_region("connections", {.policy = on_failure::keep_going}, serve);
  for (const auto* waiting : {&signalled, &grace})
    waiting->cancel("the last connection is closed");
  static_cast<void>(co_await join_all(signalled, grace));
  co_await value_of(std::move(served));
}

task<> server::wait_for_signal(signal_set& signals) {
  const int which = co_await signals.next();
  drain(which == SIGINT ? "SIGINT" : "SIGTERM");
  co_await signals.next();
  runtime_.shutdown("interrupted again"); // who asks twice does not want to wait
}

task<> server::end_after_grace() {
  co_await until_true(draining_.watcher());
  co_await sleep(settings_.grace);
  runtime_.shutdown(fmt::format("the grace period of {} ms is over", settings_.grace.count()));
}

void server::drain(std::string_view why) {
  if (draining_.now()) return;
  draining_.set(true);
  const std::map<std::string, region> idle = idle_;
  for (const auto& [client, connection] : idle)
    connection.cancel(fmt::format("the server ends: {}", why));
}

task<> server::accept_clients(tcp_listener& listener, region connections) {
  std::list<join_handle<void>> clients;
  const auto accept = [&]() -> task<> {
    for (;;) {
      co_await let_go(clients);
      tcp_stream client = co_await listener.accept();
      const std::string name = fmt::format("serve {}", client.peer());
      clients.push_back(connections.spawn(name, serve_client(std::move(client))));
    }
  };
  const auto ended = co_await race(named("accept", accept()),
                                   named("until it drains", until_true(draining_.watcher())));
  listener.close();
  co_await value_of(ended);
  for (const auto& each : clients)
    static_cast<void>(co_await each.join());
}

task<> server::serve_client(tcp_stream client) {
  const auto body = [&](region connection) { return converse(client, connection); };
  // What a client does wrong is no failure of the server: the trace tells, and the others go on.
  static_cast<void>(co_await with_region(client.peer(), {.cleanup = 100ms}, body));
}

task<> server::converse(tcp_stream& client, region connection) {
  for (bool is_kept = true; is_kept && !draining_.now();) {
    std::optional<request> asked;
    {
      const idle_connection idle{*this, client, connection};
      asked = co_await read_request(client);
    }
    if (!asked) co_return;
    const std::string what = fmt::format("answer to {} {}", asked->method, asked->path);
    obligation owed = connection.reserve(obligation_kind::io, what);
    is_kept = asked->is_kept;
    const std::optional<response> said = co_await answer(*std::move(asked), client);
    if (!said) co_return; // nobody is there to be answered
    is_kept = is_kept && !draining_.now();
    co_await client.write_all(to_bytes(*said, is_kept));
    owed.commit();
    if (++tally_.answered == settings_.requests) drain("enough requests were answered");
  }
}

task<std::optional<response>> server::answer(request asked, tcp_stream& client) {
  if (!asked.malformed.empty()) co_return response{400, asked.malformed + "\n"};
  const std::chrono::nanoseconds allowed =
      std::min<std::chrono::nanoseconds>(settings_.deadline, asked.patience().value_or(1h));
  const std::string name = fmt::format("{} {}", asked.method, asked.path);
  const auto body = [&](region r) -> task<response> {
    const auto watching = r.spawn("watch the client", end_when_gone(client, r));
    const auto handling = r.spawn("handle", handle(asked, r));
    response said = co_await value_of(handling.join());
    watching.cancel("the answer is ready");
    static_cast<void>(co_await watching.join());
    co_return said;
  };
  outcome<response> ended =
      co_await with_region(name, {.deadline = allowed, .cleanup = 50ms}, body);
  if (ended) co_return *std::move(ended);
  if (ended.is_cancelled() && ended.message() == hung_up) {
    ++tally_.hung_up;
    co_return std::nullopt;
  }
  const response refused = refusal(ended.failed());
  if (refused.status == 504) ++tally_.late;
  co_return refused;
}

task<response> server::handle(request asked, region r) {
  constexpr std::string_view orders = "/orders/";
  if (asked.path == "/health")
    co_return response{200, fmt::format("{} in progress\n", in_progress_)};
  const counting busy{in_progress_};
  if (asked.path == "/orders" && asked.method == "POST") {
    auto lines = lines_of(asked.body);
    if (!lines) co_return response{400, fmt::format("{}\n", lines.message())};
    const order placed = co_await shop_.place(r, *std::move(lines));
    co_return response{201, placed.to_text()};
  }
  if (asked.path.starts_with(orders) && asked.method == "GET") {
    std::uint64_t number = 0;
    const char* const end = asked.path.data() + asked.path.size();
    std::from_chars(asked.path.data() + orders.size(), end, number);
    const order* const found = shop_.find(number);
    if (found != nullptr) co_return response{200, found->to_text()};
  }
  co_return response{404, fmt::format("there is no {} {}\n", asked.method, asked.path)};
}

} // namespace order_server
