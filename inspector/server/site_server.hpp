// Serves the built browser inspector and traces to this machine's own browser, on 127.0.0.1 alone.
//
//     /                 the site's files
//     /traces/          the traces: {"traces":[{"name":…,"url":…,"bytes":…}]}
//     /traces/NAME      one trace, read from disk anew at each request
//
// Only requests that name this host are answered, so that no foreign page can reach a trace by a name that
// it made point here. Native only.
//
// Threading: start and stop from one thread; requests run on the server's own.
// Failure:   start says in one sentence why not.
//
//     site_server server(site);
//     auto url = server.add_trace("run.jsonl");
//     if (auto port = server.start(8080); !port) return port.error();
#pragma once

#include "trace-format/result.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace cancelscope::inspector {

class site_server {
public:
  /// The folder holds index.html.
  explicit site_server(std::filesystem::path site);
  ~site_server();
  site_server(const site_server&) = delete;
  site_server& operator=(const site_server&) = delete;

  /// The path under which the page can fetch it: "/traces/run.jsonl". Two of one name get different ones.
  trace::result<std::string> add_trace(const std::filesystem::path& file);
  /// Bytes that are kept here, as read from standard input.
  std::string add_trace(std::string name, std::string bytes);

  /// Listens on the port, or, where `any_port_will_do` and that one is taken, on a free one; 0 asks for a
  /// free one at once. Which one it is.
  trace::result<int> start(int port, bool any_port_will_do);
  /// Ends all requests; returns when they have ended.
  void stop();
  /// Still listening.
  [[nodiscard]] bool running() const;

private:
  struct state;
  std::unique_ptr<state> state_;
};

/// The site that belongs to this program: beside its build folder, or in its installation; or why there is none.
trace::result<std::filesystem::path> find_site(const std::filesystem::path& program);

/// Text as it stands in a URL's path or query.
std::string percent_encoded(std::string_view text);

} // namespace cancelscope::inspector
