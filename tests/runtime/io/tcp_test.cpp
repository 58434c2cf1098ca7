// Connections on loopback, real ones: what is sent arrives, whatever is parked can be cancelled, and nothing is lost by it.
#include "tests/runtime/io/sockets.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <functional>
#include <thread>

namespace cancelscope::tests {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class tcp : public sockets_test {};

/// A socket that knows nothing of the runtime.
class plain_socket {
public:
  plain_socket() : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}
  plain_socket(const plain_socket&) = delete;
  plain_socket& operator=(const plain_socket&) = delete;
  ~plain_socket() { ::close(descriptor_); }

  void connect(std::uint16_t port) const {
    const sockaddr_in at = loopback(port);
    EXPECT_EQ(::connect(descriptor_, reinterpret_cast<const sockaddr*>(&at), sizeof at), 0);
  }
  /// Takes one connection and no more, for nobody accepts.
  std::uint16_t listen_to_one() const {
    sockaddr_in at = loopback(0);
    socklen_t length = sizeof at;
    EXPECT_EQ(::bind(descriptor_, reinterpret_cast<const sockaddr*>(&at), length), 0);
    EXPECT_EQ(::listen(descriptor_, 0), 0);
    EXPECT_EQ(::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&at), &length), 0);
    return ntohs(at.sin_port);
  }
  void send(std::string_view bytes) const {
    EXPECT_EQ(::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
  }
  std::string receive(std::size_t count) const {
    std::string all(count, '\0');
    EXPECT_EQ(::recv(descriptor_, all.data(), count, MSG_WAITALL), static_cast<ssize_t>(count));
    return all;
  }
  /// The next close does not say goodbye.
  void will_reset() const {
    const linger at_once{1, 0};
    EXPECT_EQ(::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once), 0);
  }

private:
  static sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return at;
  }
  int descriptor_;
};

/// Bytes of which each place has its own, as far as that goes.
std::string numbered(std::size_t count) {
  std::string made;
  made.reserve(count + 8);
  for (std::size_t i = 0; made.size() < count; ++i)
    made += std::to_string(i) + ' ';
  made.resize(count);
  return made;
}

task<void> read_to_the_end(tcp_stream& from, std::string& into) {
  std::array<char, 4096> piece{};
  while (const std::size_t count = co_await from.read_some(piece))
    into.append(piece.data(), count);
}

task<void> write_and_end(tcp_stream& to, std::string_view bytes) {
  co_await to.write_all(bytes);
  to.shutdown_sending();
}

// ---- What is sent arrives ----

TEST_F(tcp, serves_a_client_that_knows_nothing_of_the_runtime) {
  std::string answer;
  const outcome<void> ended = run([&](reactor& on, region) -> task<void> {
    tcp_listener listener = co_await value_of(tcp_listener::listen(on, "127.0.0.1", 0));
    const std::jthread client{[&answer, port = listener.port()] {
      const plain_socket s;
      s.connect(port);
      s.send("hello");
      s.send(" there\r\n");
      answer = s.receive(14);
    }};
    tcp_stream stream = co_await listener.accept();
    EXPECT_THAT(stream.peer(), StartsWith("127.0.0.1:"));
    const std::optional<std::string> line = co_await stream.read_line();
    co_await stream.write_all("> " + line.value_or("nothing") + "\n");
  });
  EXPECT_TRUE(ended.is_ok());
  EXPECT_EQ(answer, "> hello there\n");
}

TEST_F(tcp, carries_megabytes_both_ways_at_once_through_buffers_that_are_full) {
  const std::string there = numbered(8'000'000);
  const std::string back = numbered(5'000'003);
  std::string got_there;
  std::string got_back;
  const outcome<void> ended = run([&](reactor& on, region) -> task<void> {
    two_ends ends = co_await connected(on);
    const auto talk = [&](region r) -> task<void> {
      const auto w1 = r.spawn("write there", write_and_end(ends.first, there));
      const auto w2 = r.spawn("write back", write_and_end(ends.second, back));
      co_await until_waits(waits_for_io() + 2); // the buffers are full
      const auto r1 = r.spawn("read there", read_to_the_end(ends.second, got_there));
      const auto r2 = r.spawn("read back", read_to_the_end(ends.first, got_back));
      co_await value_of(join_all(w1, w2, r1, r2));
    };
    co_await value_of(with_region("talk", talk));
    EXPECT_EQ(ends.first.sent(), there.size());
    EXPECT_EQ(ends.second.received(), there.size());
  });
  EXPECT_TRUE(ended.is_ok());
  EXPECT_TRUE(got_there == there);
  EXPECT_TRUE(got_back == back);
  EXPECT_EQ(trace.all<trace::obligation_open>().size(), 2U) << "one for the rest of each write";
  for (const auto& end : trace.all<trace::obligation_end>())
    EXPECT_EQ(end.how, trace::obligation_fate::committed);
}

TEST_F(tcp, reads_an_end_that_comes_in_two_pieces_and_keeps_what_comes_behind_it) {
  const outcome<void> ended = run([&](reactor& on, region r) -> task<void> {
    auto [near, far] = co_await connected(on);
    const auto reading = r.spawn("read", far.read_until("\r\n\r\n"));
    co_await until_waits(waits_for_io() + 1);
    co_await near.write_all("GET /\r\n\r");
    co_await until_waits(waits_for_io() + 1);
    co_await near.write_all("\nbody and more");
    EXPECT_EQ(co_await value_of(reading.join()), "GET /\r\n\r\n");
    EXPECT_EQ(co_await far.read_exactly(4), "body");
    std::array<char, 100> rest{};
    const std::size_t count = co_await far.read_some(rest);
    EXPECT_EQ(std::string_view(rest.data(), count), " and more");
  });
  EXPECT_TRUE(ended.is_ok());
}

TEST_F(tcp, reads_line_after_line_and_then_nothing) {
  const outcome<void> ended = run([&](reactor& on, region) -> task<void> {
    auto [near, far] = co_await connected(on);
    co_await write_and_end(near, "one\r\ntwo\n\n");
    EXPECT_EQ(co_await far.read_line(), "one");
    EXPECT_EQ(co_await far.read_line(), "two");
    EXPECT_EQ(co_await far.read_line(), "");
    EXPECT_EQ(co_await far.read_line(), std::nullopt);
  });
  EXPECT_TRUE(ended.is_ok());
}

TEST_F(tcp, listens_at_every_address_of_the_machine_too) {
  const outcome<void> ended = run([&](reactor& on, region) -> task<void> {
    tcp_listener listener = co_await value_of(tcp_listener::listen(on, "0.0.0.0", 0));
    EXPECT_EQ(listener.address(), "0.0.0.0:" + std::to_string(listener.port()));
    const plain_socket client;
    client.connect(listener.port());
    const tcp_stream stream = co_await listener.accept();
    EXPECT_THAT(stream.peer(), StartsWith("127.0.0.1:"));
  });
  EXPECT_TRUE(ended.is_ok());
}

TEST_F(tcp, speaks_version_6_where_the_machine_does) {
  bool speaks_it = false;
  const outcome<void> ended = run([&](reactor& on, region) -> task<void> {
    auto listening = tcp_listener::listen(on, "::1", 0);
    if (!listening) co_return;
    speaks_it = true;
    EXPECT_EQ(listening->address(), "[::1]:" + std::to_string(listening->port()));
    tcp_stream near = co_await tcp_stream::connect(on, "::1", listening->port());
    tcp_stream far = co_await listening->accept();
    co_await near.write_all("six\n");
    EXPECT_EQ(co_await far.read_line(), "six");
  });
  EXPECT_TRUE(ended.is_ok());
  if (!speaks_it) GTEST_SKIP() << "no IPv6 here";
}

// ---- What fails says what, with whom, and why ----

TEST_F(tcp, says_that_a_line_was_cut_off_or_has_no_end) {
  const outcome<void> ended = run([&](reactor& on, region) -> task<void> {
    auto [near, far] = co_await connected(on);
    const std::string from = "read from " + far.peer();
    co_await near.write_all("0123456789");
    const auto too_long = co_await outcome_of(far.read_line(10));
    EXPECT_EQ(too_long.message(), from + ": no end within 10 bytes");
    near.shutdown_sending();
    const auto cut = co_await outcome_of(far.read_line());
    EXPECT_EQ(cut.message(), from + ": the peer ended in the middle");
    const auto too_few = co_await outcome_of(far.read_exactly(11));
    EXPECT_EQ(too_few.message(), from + ": the peer ended in the middle");
    EXPECT_EQ(co_await far.read_exactly(10), "0123456789") << "nothing of it is lost";
  });
  EXPECT_TRUE(ended.is_ok());
}

TEST_F(tcp, says_that_a_connection_was_refused_and_by_whom) {
  const outcome<void> ended = run([&](reactor& on, region) -> task<void> {
    std::uint16_t port = 0;
    {
      const tcp_listener closed = co_await value_of(tcp_listener::listen(on, "127.0.0.1", 0));
      port = closed.port();
    }
    const auto refused = co_await outcome_of(tcp_stream::connect(on, "127.0.0.1", port));
    EXPECT_EQ(refused.err().message,
              "connect to 127.0.0.1:" + std::to_string(port) + ": Connection refused");
  });
  EXPECT_TRUE(ended.is_ok());
}

TEST_F(tcp, says_that_an_address_is_taken_or_none) {
  const outcome<void> ended = run([&](reactor& on, region) -> task<void> {
    const tcp_listener first = co_await value_of(tcp_listener::listen(on, "localhost", 0));
    const auto second = tcp_listener::listen(on, "127.0.0.1", first.port());
    EXPECT_EQ(second.message(), "listen at " + first.address() + ": Address already in use");
    const auto name = co_await outcome_of(tcp_stream::connect(on, "example.org", 80));
    EXPECT_EQ(name.message(), "'example.org' is no address such as 127.0.0.1 or ::1");
  });
  EXPECT_TRUE(ended.is_ok());
}

TEST_F(tcp, says_that_a_peer_broke_the_connection) {
  const outcome<void> ended = run([&](reactor& on, region) -> task<void> {
    tcp_listener listener = co_await value_of(tcp_listener::listen(on, "127.0.0.1", 0));
    auto breaking = std::make_unique<plain_socket>();
    breaking->connect(listener.port());
    tcp_stream stream = co_await listener.accept();
    breaking->will_reset();
    breaking.reset();
    const auto broken = co_await outcome_of(stream.read_line());
    EXPECT_EQ(broken.message(), "read from " + stream.peer() + ": Connection reset by peer");
    const auto unsent = co_await outcome_of(stream.write_all("hello"));
    EXPECT_EQ(unsent.message(), "write to " + stream.peer() + ": Broken pipe");
  });
  EXPECT_TRUE(ended.is_ok());
}

TEST_F(tcp, refuses_a_second_reader_and_a_second_writer) {
  const outcome<void> ended = run([&](reactor& on, region) -> task<void> {
    auto [near, far] = co_await connected(on);
    const std::string megabytes = numbered(8'000'000);
    auto& end = near;
    const auto body = [&](region r) -> task<void> {
      const auto reads = r.spawn("reads", end.read_line());
      const auto writes = r.spawn("writes", end.write_all(megabytes));
      co_await until_waits(waits_for_io() + 2);
      const auto read = co_await outcome_of(end.read_line());
      EXPECT_EQ(read.message(), "read from " + end.peer() + ": another task is at it");
      const auto watched = co_await outcome_of(end.disconnected());
      EXPECT_EQ(watched.message(), "read from " + end.peer() + ": another task is at it");
      const auto written = co_await outcome_of(end.write_all("more"));
      EXPECT_EQ(written.message(), "write to " + end.peer() + ": another task is at it");
      reads.cancel("enough");
      writes.cancel("enough");
      static_cast<void>(co_await reads.join());
      static_cast<void>(co_await writes.join());
    };
    static_cast<void>(co_await with_region("two", body));
  });
  EXPECT_TRUE(ended.is_ok());
}

TEST_F(tcp, wakes_who_waits_at_what_is_closed_and_tells_them) {
  const outcome<void> ended = run([&](reactor& on, region) -> task<void> {
    tcp_listener listener = co_await value_of(tcp_listener::listen(on, "127.0.0.1", 0));
    two_ends ends = co_await connected(on);
    const auto body = [&](region r) -> task<void> {
      const auto accepting = r.spawn("accept", listener.accept());
      const auto reading = r.spawn("read", ends.first.read_line());
      co_await until_waits(waits_for_io() + 2);
      listener.close();
      ends.first.close();
      const auto accepted = co_await accepting.join();
      EXPECT_EQ(accepted.message(), "accept at " + listener.address() + ": it was closed here");
      const auto read = co_await reading.join();
      EXPECT_EQ(read.message(), "read from " + ends.first.peer() + ": it was closed here");
    };
    static_cast<void>(co_await with_region("closed", {.policy = on_failure::keep_going}, body));
  });
  EXPECT_TRUE(ended.is_ok());
}

// ---- Whatever is parked can be cancelled: by its region, by a deadline, by a race ----

/// Something that parks for good, given what it parks on.
struct parking {
  const char* name;
  std::function<task<void>(sockets_test&, reactor&, tcp_listener&, tcp_stream&, std::uint16_t)>
      park;
};

task<void> park_on_connect(reactor& on, std::uint16_t full) {
  const tcp_stream never = co_await tcp_stream::connect(on, "127.0.0.1", full);
}
task<void> park_on_accept(tcp_listener& listener) {
  const tcp_stream never = co_await listener.accept();
}
task<void> park_on_read(tcp_stream& stream) {
  static_cast<void>(co_await stream.read_line());
}
task<void> park_on_write(tcp_stream& stream) {
  const std::string megabytes(8'000'000, 'x');
  co_await stream.write_all(megabytes);
}

const parking parkings[] = {
    {"connect", [](auto&, auto& on, auto&, auto&, auto full) { return park_on_connect(on, full); }},
    {"accept", [](auto&, auto&, auto& l, auto&, auto) { return park_on_accept(l); }},
    {"read", [](auto&, auto&, auto&, auto& s, auto) { return park_on_read(s); }},
    {"write", [](auto&, auto&, auto&, auto& s, auto) { return park_on_write(s); }},
    {"disconnected", [](auto&, auto&, auto&, auto& s, auto) { return s.disconnected(); }},
};

class parked_on : public sockets_test, public testing::WithParamInterface<parking> {
protected:
  /// Runs `end(make, region)`, where `make()` gives the task that parks for good.
  template <class End> outcome<void> park_and(executor_clock& clock, End end) {
    const plain_socket full;
    const plain_socket first;
    first.connect(port_of_full_ = full.listen_to_one());
    return run_on(clock, {.deadline = clock.kind() == trace::clock_kind::monotonic ? 60s : 0s},
                  [&](reactor& on, region) -> task<void> {
                    tcp_listener listener =
                        co_await value_of(tcp_listener::listen(on, "127.0.0.1", 0));
                    two_ends ends = co_await connected(on);
                    const auto make = [&] {
                      return GetParam().park(*this, on, listener, ends.first, port_of_full_);
                    };
                    const auto inner = [&](region r) { return end(make, r); };
                    co_await value_of(with_region("parked", inner));
                  });
  }

private:
  std::uint16_t port_of_full_ = 0;
};

INSTANTIATE_TEST_SUITE_P(io, parked_on, testing::ValuesIn(parkings),
                         [](const auto& of) { return std::string{of.param.name}; });

TEST_P(parked_on, ends_when_it_is_cancelled) {
  real_clock clock;
  const outcome<void> ended = park_and(clock, [&](auto make, region r) -> task<void> {
    const std::size_t before = waits_for_io();
    const auto parked = r.spawn("parked", make());
    co_await until_waits(before + 1);
    parked.cancel("enough");
    const auto how = co_await parked.join();
    EXPECT_EQ(how.why().message(), "enough");
  });
  EXPECT_TRUE(ended.is_ok());
}

TEST_P(parked_on, ends_at_its_deadline) {
  real_clock clock;
  const outcome<void> ended = park_and(clock, [](auto make, region) -> task<void> {
    const auto how = co_await timeout("limited", 5ms, make());
    EXPECT_EQ(how.why().root().kind(), cancel_kind::timeout);
  });
  EXPECT_TRUE(ended.is_ok());
}

TEST_P(parked_on, ends_at_a_deadline_of_hours_at_once_where_time_is_virtual) {
  virtual_clock clock;
  const outcome<void> ended = park_and(clock, [](auto make, region) -> task<void> {
    const auto how = co_await timeout("limited", 10h, make());
    EXPECT_EQ(how.why().root().kind(), cancel_kind::timeout);
  });
  EXPECT_TRUE(ended.is_ok());
}

TEST_P(parked_on, ends_when_it_has_lost_a_race) {
  real_clock clock;
  const outcome<void> ended = park_and(clock, [&](auto make, region) -> task<void> {
    const auto won =
        co_await race(named("quick", until_waits(waits_for_io() + 1)), named("parked", make()));
    EXPECT_TRUE(won.is_ok());
  });
  EXPECT_TRUE(ended.is_ok());
  const auto lost = trace.all<trace::cancel_request>(
      [](const auto& c) { return c.kind == cancel_kind::race_lost; });
  EXPECT_EQ(lost.size(), 1U);
}

TEST_P(parked_on, is_destroyed_where_it_stands_when_its_clean_up_budget_is_exhausted) {
  real_clock clock;
  const auto clean_up_with = [](auto make) -> task<void> {
    static_cast<void>(co_await outcome_of(sleep(1h)));
    co_await make();
  };
  const outcome<void> ended = park_and(clock, [&](auto make, region) -> task<void> {
    const region_options limits{.cleanup = 5ms, .policy = on_failure::keep_going};
    const auto body = [&](region r) -> task<void> {
      const auto stubborn = r.spawn("stubborn", clean_up_with(make));
      co_await yield();
      stubborn.cancel("enough");
      const auto how = co_await stubborn.join();
      EXPECT_EQ(how.panicked().message, "clean-up budget exhausted");
    };
    co_await value_of(with_region("bounded", limits, body));
    co_await sleep(1ms); // what Asio has left calls back
  });
  EXPECT_TRUE(ended.is_ok());
}

// ---- ... and nothing is lost by it ----

TEST_F(tcp, loses_no_byte_when_a_read_is_cancelled) {
  const outcome<void> ended = run([&](reactor& on, region) -> task<void> {
    two_ends ends = co_await connected(on);
    const auto body = [&](region r) -> task<void> {
      const auto first = r.spawn("first", ends.second.read_exactly(10));
      co_await until_waits(waits_for_io() + 1);
      co_await ends.first.write_all("01234");
      co_await until_waits(waits_for_io() + 1); // it has seen them, and waits for the rest
      co_await ends.first.write_all("5678");
      first.cancel("enough"); // these are there, and it has not run
      const auto how = co_await first.join();
      EXPECT_TRUE(how.is_cancelled());
      EXPECT_EQ(co_await ends.second.read_exactly(9), "012345678");
    };
    co_await value_of(with_region("reads", body));
  });
  EXPECT_TRUE(ended.is_ok());
}

TEST_F(tcp, loses_no_connection_when_an_accept_is_cancelled) {
  const outcome<void> ended = run([&](reactor& on, region) -> task<void> {
    tcp_listener listener = co_await value_of(tcp_listener::listen(on, "127.0.0.1", 0));
    const plain_socket client;
    const auto body = [&](region r) -> task<void> {
      const auto first = r.spawn("first", listener.accept());
      co_await until_waits(waits_for_io() + 1);
      client.connect(listener.port());
      first.cancel("enough"); // it is there, and nobody has run
      const auto how = co_await first.join();
      EXPECT_TRUE(how.is_cancelled());
    };
    co_await value_of(with_region("accepts", body));
    client.send("it is me\n");
    tcp_stream stream = co_await listener.accept();
    EXPECT_EQ(co_await stream.read_line(), "it is me");
  });
  EXPECT_TRUE(ended.is_ok());
}

TEST_F(tcp, tells_how_much_was_sent_by_a_write_that_was_cut_off) {
  const std::string bytes = numbered(8'000'000);
  std::string arrived;
  const outcome<void> ended = run([&](reactor& on, region) -> task<void> {
    two_ends ends = co_await connected(on);
    const auto body = [&](region r) -> task<void> {
      const auto writing = r.spawn("write", ends.first.write_all(bytes));
      co_await until_waits(waits_for_io() + 1);
      writing.cancel("enough");
      static_cast<void>(co_await writing.join());
      ends.first.shutdown_sending();
      co_await read_to_the_end(ends.second, arrived);
    };
    co_await value_of(with_region("writes", body));
    EXPECT_EQ(ends.first.sent(), arrived.size());
  });
  EXPECT_TRUE(ended.is_ok());
  EXPECT_TRUE(bytes.starts_with(arrived));
  EXPECT_LT(arrived.size(), bytes.size());
  const auto ends = trace.all<trace::obligation_end>();
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_EQ(ends[0].how, trace::obligation_fate::aborted);
}

TEST_F(tcp, lets_a_writer_go_on_when_the_reader_beside_it_is_cancelled) {
  const std::string bytes = numbered(8'000'000);
  std::string arrived;
  const outcome<void> ended = run([&](reactor& on, region) -> task<void> {
    two_ends ends = co_await connected(on);
    const auto body = [&](region r) -> task<void> {
      const auto reading = r.spawn("read", ends.first.read_line());
      const auto writing = r.spawn("write", write_and_end(ends.first, bytes));
      co_await until_waits(waits_for_io() + 2);
      reading.cancel("enough");
      static_cast<void>(co_await reading.join());
      co_await read_to_the_end(ends.second, arrived);
      co_await value_of(writing.join());
    };
    co_await value_of(with_region("both", body));
  });
  EXPECT_TRUE(ended.is_ok());
  EXPECT_TRUE(arrived == bytes);
}

// ---- A peer that leaves ----

TEST_F(tcp, sees_that_the_peer_has_left_and_keeps_what_it_sent_before) {
  const outcome<void> ended = run([&](reactor& on, region r) -> task<void> {
    two_ends ends = co_await connected(on);
    auto& left = ends.second;
    const auto watching = r.spawn("watch", left.disconnected());
    co_await until_waits(waits_for_io() + 1);
    co_await ends.first.write_all("a last word\n");
    co_await until_waits(waits_for_io() + 1);
    EXPECT_FALSE(watching.is_over());
    ends.first.close();
    co_await value_of(watching.join());
    EXPECT_EQ(co_await left.read_line(), "a last word");
    EXPECT_EQ(co_await left.read_line(), std::nullopt);
  });
  EXPECT_TRUE(ended.is_ok());
}

TEST_F(tcp, sees_that_the_connection_broke_even_behind_more_than_it_reads_ahead) {
  const outcome<void> ended = run([&](reactor& on, region r) -> task<void> {
    tcp_listener listener = co_await value_of(tcp_listener::listen(on, "127.0.0.1", 0));
    auto breaking = std::make_unique<plain_socket>();
    breaking->connect(listener.port());
    tcp_stream stream = co_await listener.accept();
    const auto watching = r.spawn("watch", stream.disconnected());
    const std::string piece(64 * 1024, 'x');
    while (stream.received() < tcp_stream::most_read_ahead) {
      breaking->send(piece);
      co_await until_waits(waits_for_io() + 1);
    }
    EXPECT_FALSE(watching.is_over());
    breaking->will_reset();
    breaking.reset();
    co_await value_of(watching.join());
  });
  EXPECT_TRUE(ended.is_ok());
}

TEST_F(tcp, ends_a_request_whose_client_hangs_up_in_the_middle) {
  const outcome<void> ended = run([&](reactor& on, region) -> task<void> {
    two_ends ends = co_await connected(on);
    const auto handle = [](tcp_stream& hung_up) -> task<void> {
      hung_up.close();
      co_await sleep(1h);
    };
    const auto how = co_await race(named("handle", handle(ends.first)),
                                   named("client hangs up", ends.second.disconnected()));
    EXPECT_TRUE(how.is_ok());
  });
  EXPECT_TRUE(ended.is_ok());
  const auto why = trace.all<trace::cancel_request>();
  ASSERT_FALSE(why.empty());
  EXPECT_EQ(why[0].origin_task, trace.task_named("client hangs up"));
}

// ---- Sockets beside everything else that happens ----

TEST_F(tcp, is_looked_at_while_other_tasks_are_ready_all_the_time) {
  bool arrived = false;
  const auto spin = [&arrived]() -> task<void> {
    while (!arrived)
      co_await yield();
  };
  const auto read = [&arrived](tcp_stream& from) -> task<void> {
    static_cast<void>(co_await from.read_line());
    arrived = true;
  };
  const outcome<void> ended = run([&](reactor& on, region) -> task<void> {
    two_ends ends = co_await connected(on);
    const auto body = [&](region r) -> task<void> {
      const auto spinning = r.spawn("spin", spin());
      const auto reading = r.spawn("read", read(ends.second));
      co_await until_waits(waits_for_io() + 1);
      co_await ends.first.write_all("here\n");
      co_await value_of(join_all(spinning, reading));
    };
    co_await value_of(with_region("busy", body));
  });
  EXPECT_TRUE(ended.is_ok());
}

TEST_F(tcp, gives_others_a_turn_while_a_socket_always_has_something) {
  bool over = false;
  const std::string bytes = numbered(1'000'000);
  std::size_t turns = 0;
  const auto count = [&]() -> task<void> {
    for (; !over; ++turns)
      co_await yield();
  };
  const auto read = [&](tcp_stream& from) -> task<void> {
    std::array<char, 16> few{};
    for (std::size_t i = 0; i < 1000; ++i)
      static_cast<void>(co_await from.read_some(few));
    over = true;
  };
  const outcome<void> ended = run([&](reactor& on, region) -> task<void> {
    two_ends ends = co_await connected(on);
    static_cast<void>(co_await ends.first.write_some(bytes));
    const auto body = [&](region r) -> task<void> {
      const auto counting = r.spawn("count", count());
      const auto reading = r.spawn("read", read(ends.second));
      co_await value_of(join_all(counting, reading));
    };
    co_await value_of(with_region("shared", body));
  });
  EXPECT_TRUE(ended.is_ok());
  EXPECT_GT(turns, 50U);
}

TEST_F(tcp, keeps_time_while_it_waits_for_a_socket) {
  const outcome<void> ended = run([&](reactor& on, region r) -> task<void> {
    two_ends ends = co_await connected(on);
    const auto reading = r.spawn("read", ends.second.read_line());
    co_await sleep(2ms);
    EXPECT_FALSE(reading.is_over());
    co_await ends.first.write_all("late\n");
    EXPECT_EQ(co_await value_of(reading.join()), "late");
  });
  EXPECT_TRUE(ended.is_ok());
}

TEST_F(tcp, says_that_nothing_can_happen_any_more_when_nothing_from_outside_is_waited_for) {
  real_clock clock;
  const auto body = [&](reactor& on, region) -> task<void> {
    two_ends ends = co_await connected(on); // open, but nobody waits for them
    auto [reply, answer] = oneshot<int>("reply");
    static_cast<void>(co_await answer.receive());
  };
  const outcome<void> ended = run_on(clock, {}, body);
  EXPECT_EQ(ended.why().root().kind(), cancel_kind::shutdown);
  EXPECT_EQ(trace.all<trace::violation>().size(), 1U);
}

TEST_F(tcp, leaves_no_descriptor_open_after_a_hundred_connections_of_which_half_were_cancelled) {
  const outcome<void> ended = run([&](reactor& on, region) -> task<void> {
    tcp_listener listener = co_await value_of(tcp_listener::listen(on, "127.0.0.1", 0));
    const auto serve = [](tcp_stream stream) -> task<void> {
      while (const auto line = co_await stream.read_line())
        co_await stream.write_all(*line + "\n");
    };
    const auto ask = [&on](std::uint16_t port, bool hangs) -> task<void> {
      tcp_stream server = co_await tcp_stream::connect(on, "127.0.0.1", port);
      if (!hangs) co_await server.write_all("hello\n");
      EXPECT_EQ(co_await server.read_line(), "hello");
    };
    const std::ptrdiff_t before = open_descriptors();
    const auto body = [&](region r) -> task<void> {
      std::vector<join_handle<void>> tasks;
      for (int i = 0; i < 100; ++i)
        tasks.push_back(r.spawn("ask", ask(listener.port(), i % 2 == 0)));
      for (int i = 0; i < 100; ++i)
        tasks.push_back(r.spawn("serve", serve(co_await listener.accept())));
      for (std::size_t i = 1; i < 100; i += 2)
        co_await value_of(tasks[i].join());
      for (std::size_t i = 0; i < 100; i += 2) {
        tasks[i].cancel("it hangs");
        const auto how = co_await tasks[i].join();
        EXPECT_TRUE(how.is_cancelled());
      }
      for (std::size_t i = 100; i < 200; ++i)
        co_await value_of(tasks[i].join());
    };
    co_await value_of(with_region("many", body));
    EXPECT_EQ(open_descriptors(), before);
  });
  EXPECT_TRUE(ended.is_ok());
}

} // namespace
} // namespace cancelscope::tests
