#include "inspector/command_line/commands.hpp"
#include "inspector/server/site_server.hpp"
#include "inspector/source/source.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <spawn.h>
#include <unistd.h>

#include <csignal>
#include <ctime>
#include <ostream>
#include <vector>

extern char** environ;

namespace cancelscope::inspector {

namespace {

constexpr int usual_port = 8420;

/// While it lives, the signals that ask a program to end wait to be asked for, in every thread started meanwhile.
class end_signals {
public:
  end_signals() {
    sigemptyset(&set_);
    sigaddset(&set_, SIGINT);
    sigaddset(&set_, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &set_, &before_);
  }
  end_signals(const end_signals&) = delete;
  end_signals& operator=(const end_signals&) = delete;
  ~end_signals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

  /// True when one has come within half a second.
  [[nodiscard]] bool wait() const {
    const timespec half_a_second{0, 500'000'000};
    return sigtimedwait(&set_, nullptr, &half_a_second) > 0;
  }

private:
  sigset_t set_{};
  sigset_t before_{};
};

trace::result<std::string> read_all(const std::string& path) {
  const auto from = open_source(path);
  if (!from) return from.error();
  std::string bytes;
  std::vector<char> buffer(std::size_t{256} * 1024);
  for (;;) {
    const auto size = (*from)->read(buffer);
    if (!size) return size.error();
    if (*size == 0) return bytes;
    bytes.append(buffer.data(), *size);
  }
}

void open_in_browser(const std::string& address) {
#ifdef __APPLE__
  std::string opener = "open";
#else
  std::string opener = "xdg-open";
#endif
  std::string argument = address;
  char* arguments[] = {opener.data(), argument.data(), nullptr};
  pid_t child = 0;
  posix_spawnp(&child, opener.c_str(), nullptr, nullptr, arguments, environ);
}

class serve final : public command {
public:
  [[nodiscard]] std::string_view name() const override { return "serve"; }
  [[nodiscard]] std::string_view summary() const override {
    return "the browser inspector on this machine, with the traces";
  }

  void declare(CLI::App& options) override {
    options.add_option("TRACE", paths_, "trace files, or - for standard input");
    port_option_ = options
                       .add_option("--port", port_,
                                   fmt::format("the port (default: {}, or a free one)", usual_port))
                       ->check(CLI::Range(1, 65535));
    options.add_option("--site", site_,
                       "the folder of the built site (default: found beside the program)");
    options.add_flag("--open", open_, "open the page in the browser");
  }

  trace::result<exit_status> run(console& io) override {
    std::filesystem::path site = site_;
    if (site.empty()) {
      std::error_code why;
      const auto found = find_site(std::filesystem::read_symlink("/proc/self/exe", why));
      if (!found) return found.error();
      site = *found;
    }
    site_server server(site);
    const auto first = add_traces(server);
    if (!first) return first.error();

    const end_signals signals;
    const auto port = server.start(port_, port_option_->count() == 0);
    if (!port) return port.error();
    const std::string query = first->empty() ? std::string{} : "?trace=" + *first;
    const std::string address = fmt::format("http://127.0.0.1:{}/{}", *port, query);
    io.out << address << std::endl; // whoever started it waits for this line
    if (open_) open_in_browser(address);
    while (!signals.wait() && server.running()) {
    }
    server.stop();
    return exit_status::well;
  }

private:
  /// Where the first of them is to be found; empty where there is none.
  trace::result<std::string> add_traces(site_server& server) const {
    std::string first;
    for (const std::string& path : paths_) {
      std::string url;
      if (path == "-") {
        auto bytes = read_all(path);
        if (!bytes) return bytes.error();
        url = server.add_trace("standard-input.jsonl", std::move(*bytes));
      } else {
        const auto added = server.add_trace(std::filesystem::path(path));
        if (!added) return added.error();
        url = *added;
      }
      if (first.empty()) first = url;
    }
    return first;
  }

  std::vector<std::string> paths_;
  int port_ = usual_port;
  std::string site_;
  bool open_ = false;
  CLI::Option* port_option_ = nullptr;
};

} // namespace

std::unique_ptr<command> serve_command() {
  return std::make_unique<serve>();
}

} // namespace cancelscope::inspector
