#include "inspector/server/site_server.hpp"

#include "inspector/answers/json_writer.hpp"
#include "inspector/source/source.hpp"

#include <fmt/format.h>
#include <httplib.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <fstream>
#include <system_error>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

namespace cancelscope::inspector {

namespace {

constexpr const char* host = "127.0.0.1";
constexpr const char* trace_type = "application/x-ndjson";

struct served_trace {
  std::string name;
  std::variant<std::filesystem::path, std::shared_ptr<const std::string>> bytes;
};

std::optional<std::uint64_t> size_of(const served_trace& trace) {
  if (const auto* kept = std::get_if<std::shared_ptr<const std::string>>(&trace.bytes))
    return (*kept)->size();
  std::error_code why;
  const auto size = std::filesystem::file_size(std::get<std::filesystem::path>(trace.bytes), why);
  return why ? std::nullopt : std::optional<std::uint64_t>(size);
}

/// A page elsewhere can give its own name this machine's address, but not change what the browser sends as Host.
bool names_this_host(const httplib::Request& request) {
  std::string name = request.get_header_value("Host");
  name.erase(std::min(name.rfind(':'), name.size()));
  return name == host || name == "localhost";
}

void refuse(httplib::Response& response, int status, const std::string& sentence) {
  response.status = status;
  response.set_content(sentence + "\n", "text/plain; charset=utf-8");
}

void send_file(const std::filesystem::path& path, httplib::Response& response) {
  const auto file = std::make_shared<std::ifstream>(path, std::ios::binary);
  std::error_code why;
  const auto size = std::filesystem::file_size(path, why);
  if (why || !*file) {
    refuse(response, 404, path.string() + " is not there any more.");
    return;
  }
  if (size == 0) {
    response.set_content("", trace_type);
    return;
  }
  response.set_content_provider(
      size, trace_type, [file](std::size_t at, std::size_t left, httplib::DataSink& sink) {
        std::array<char, 64 * 1024> buffer;
        file->seekg(static_cast<std::streamoff>(at));
        file->read(buffer.data(), static_cast<std::streamsize>(std::min(left, buffer.size())));
        if (file->gcount() == 0) return false; // it became shorter meanwhile
        return sink.write(buffer.data(), static_cast<std::size_t>(file->gcount()));
      });
}

} // namespace

struct site_server::state {
  std::filesystem::path site;
  std::vector<served_trace> traces;
  httplib::Server http;
  std::thread listening;
  std::atomic<bool> over = false;

  std::string unused_name(const std::string& wanted) const {
    const auto taken = [this](const std::string& name) {
      return std::any_of(traces.begin(), traces.end(),
                         [&name](const served_trace& t) { return t.name == name; });
    };
    std::string name = wanted;
    const std::filesystem::path parts(wanted);
    for (int number = 2; taken(name); ++number)
      name = fmt::format("{}-{}{}", parts.stem().string(), number, parts.extension().string());
    return name;
  }

  std::string listing() const {
    json_writer json;
    json.open('{').key("traces").open('[');
    for (const served_trace& t : traces) {
      json.open('{').key("name").text(t.name);
      json.key("url").text("/traces/" + percent_encoded(t.name));
      json.key("bytes").number_or_null(size_of(t)).close('}');
    }
    json.close(']').close('}');
    return std::move(json).take();
  }

  void send(const std::string& name, httplib::Response& response) const {
    const auto found = std::find_if(traces.begin(), traces.end(),
                                    [&name](const served_trace& t) { return t.name == name; });
    if (found == traces.end()) {
      refuse(response, 404, "There is no trace of that name; /traces/ lists those there are.");
    } else if (const auto* kept = std::get_if<std::shared_ptr<const std::string>>(&found->bytes)) {
      response.set_content(**kept, trace_type);
    } else {
      send_file(std::get<std::filesystem::path>(found->bytes), response);
    }
  }

  void route() {
    // The library's own choice lets several servers share a port, and a second one would never know.
    http.set_socket_options([](socket_t socket) {
      const int yes = 1;
      setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    });
    http.set_default_headers(
        {{"Cache-Control", "no-cache"}, {"X-Content-Type-Options", "nosniff"}});
    http.set_file_extension_and_mimetype_mapping("wasm", "application/wasm");
    http.set_file_extension_and_mimetype_mapping("mjs", "text/javascript");
    http.set_file_extension_and_mimetype_mapping("jsonl", trace_type);
    http.set_pre_routing_handler([](const httplib::Request& request, httplib::Response& response) {
      if (names_this_host(request)) return httplib::Server::HandlerResponse::Unhandled;
      refuse(response, 403, "This server answers requests to 127.0.0.1 and localhost alone.");
      return httplib::Server::HandlerResponse::Handled;
    });
    http.Get("/traces/?", [this](const httplib::Request&, httplib::Response& response) {
      response.set_content(listing(), "application/json");
    });
    http.Get("/traces/([^/]+)",
             [this](const httplib::Request& request, httplib::Response& response) {
               send(request.matches[1], response);
             });
    http.set_mount_point("/", site.string());
  }
};

site_server::site_server(std::filesystem::path site) : state_(std::make_unique<state>()) {
  state_->site = std::move(site);
  state_->route();
}

site_server::~site_server() {
  stop();
}

trace::result<std::string> site_server::add_trace(const std::filesystem::path& file) {
  // Opened once, so that what is wrong with it is said now.
  if (const auto openable = open_source(file.string()); !openable) return openable.error();
  const std::string name = state_->unused_name(file.filename().string());
  state_->traces.push_back({name, file});
  return "/traces/" + percent_encoded(name);
}

std::string site_server::add_trace(std::string name, std::string bytes) {
  name = state_->unused_name(name);
  state_->traces.push_back({name, std::make_shared<const std::string>(std::move(bytes))});
  return "/traces/" + percent_encoded(name);
}

trace::result<int> site_server::start(int port, bool any_port_will_do) {
  std::error_code why;
  if (!std::filesystem::is_regular_file(state_->site / "index.html", why))
    return trace::failure{state_->site.string() + " holds no site: there is no index.html in it."};
  int bound = port;
  if (port == 0 || !state_->http.bind_to_port(host, port)) {
    bound = any_port_will_do ? state_->http.bind_to_any_port(host) : -1;
    if (bound <= 0)
      return trace::failure{
          fmt::format("Port {} on {} could not be opened: something else may use it.", port, host)};
  }
  state_->listening = std::thread([this] {
    state_->http.listen_after_bind();
    state_->over = true;
  });
  // A stop before it runs would be forgotten.
  while (!state_->http.is_running() && !state_->over)
    std::this_thread::yield();
  return bound;
}

void site_server::stop() {
  if (!state_->listening.joinable()) return;
  state_->http.stop();
  state_->listening.join();
}

bool site_server::running() const {
  return state_->listening.joinable() && !state_->over;
}

trace::result<std::filesystem::path> find_site(const std::filesystem::path& program) {
  const std::filesystem::path folder = program.parent_path();
  for (const char* place : {"../../wasm/site", "../share/cancelscope/site"}) {
    const auto site = (folder / place).lexically_normal();
    std::error_code why;
    if (std::filesystem::is_regular_file(site / "index.html", why)) return site;
  }
  return trace::failure{
      "The browser inspector is not built: run tools/build wasm, or name its folder with --site."};
}

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    if (plain)
      out += c;
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

} // namespace cancelscope::inspector
