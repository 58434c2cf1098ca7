#include "samples/server/http.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace order_server {

namespace {

constexpr std::size_t most_headers = 100;
constexpr std::size_t longest_header = 8 * 1024;
constexpr std::size_t longest_body = 64 * 1024;

char lowered(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lower_case(std::string_view text) {
  std::string made{text};
  std::ranges::transform(made, made.begin(), lowered);
  return made;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::optional<std::size_t> number_in(std::string_view text) {
  std::size_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [read_to, failed] = std::from_chars(text.data(), end, number);
  if (failed != std::errc{} || read_to != end) return std::nullopt;
  return number;
}

/// "POST /orders HTTP/1.1"
void read_first_line(std::string_view line, request& into) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  const std::string_view version = last == std::string_view::npos ? "" : line.substr(last + 1);
  if (first == last || !version.starts_with("HTTP/1.")) {
    into.malformed = fmt::format("'{}' does not begin a request", line);
    return;
  }
  into.method = line.substr(0, first);
  into.path = line.substr(first + 1, last - first - 1);
  into.is_kept = version != "HTTP/1.0";
}

void read_header(std::string_view line, request& into) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos)
    into.malformed = fmt::format("'{}' is no header", line);
  else
    into.headers[lower_case(line.substr(0, colon))] = trimmed(line.substr(colon + 1));
}

std::string_view header(const request& of, const char* name) {
  const auto found = of.headers.find(name);
  return found == of.headers.end() ? std::string_view{} : found->second;
}

/// How long the body is, of a request whose headers have come.
std::size_t body_length(request& of) {
  if (of.headers.contains("transfer-encoding")) of.malformed = "a body must say its Content-Length";
  const std::string_view told = header(of, "content-length");
  const std::optional<std::size_t> length = told.empty() ? 0 : number_in(told);
  if (!length || *length > longest_body)
    of.malformed = fmt::format("a body of '{}' bytes is not taken", told);
  return length.value_or(0);
}

std::string_view reason(int status) {
  switch (status) {
  case 200:
    return "OK";
  case 201:
    return "Created";
  case 400:
    return "Bad Request";
  case 404:
    return "Not Found";
  case 409:
    return "Conflict";
  case 503:
    return "Service Unavailable";
  case 504:
    return "Gateway Timeout";
  default:
    return "Internal Server Error";
  }
}

} // namespace

std::optional<std::chrono::seconds> request::patience() const {
  constexpr std::string_view wait = "wait=";
  const std::string_view preferred = header(*this, "prefer");
  if (!preferred.starts_with(wait)) return std::nullopt;
  const auto seconds = number_in(preferred.substr(wait.size()));
  if (!seconds) return std::nullopt;
  return std::chrono::seconds{std::min<std::size_t>(*seconds, 3600)};
}

task<std::optional<request>> read_request(tcp_stream& from) {
  request made;
  std::optional<std::string> line = co_await from.read_line(longest_header);
  if (!line) co_return std::nullopt;
  read_first_line(*line, made);
  for (std::size_t headers = 0; made.malformed.empty(); ++headers) {
    line = co_await from.read_line(longest_header);
    if (!line || line->empty()) break;
    read_header(*line, made);
    if (headers == most_headers) made.malformed = "too many headers";
  }
  const std::size_t length = made.malformed.empty() ? body_length(made) : 0;
  if (made.malformed.empty()) made.body = co_await from.read_exactly(length);
  if (lower_case(header(made, "connection")) == "close" || !made.malformed.empty())
    made.is_kept = false;
  co_return std::move(made);
}

std::string to_bytes(const response& said, bool is_kept) {
  return fmt::format("HTTP/1.1 {} {}\r\nContent-Type: text/plain; charset=utf-8\r\n"
                     "Content-Length: {}\r\nConnection: {}\r\n\r\n{}",
                     said.status, reason(said.status), said.body.size(),
                     is_kept ? "keep-alive" : "close", said.body);
}

} // namespace order_server
