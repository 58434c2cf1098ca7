#include "inspector/command_line/command_line.hpp"
#include "inspector/text/units.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <iostream>

namespace cancelscope::inspector {

console standard_console() {
  const char* const no_colour = std::getenv("NO_COLOR");
  const bool plain = no_colour != nullptr && *no_colour != '\0';
  return {.out = std::cout,
          .err = std::cerr,
          .out_is_terminal = isatty(STDOUT_FILENO) != 0 && !plain,
          .err_is_terminal = isatty(STDERR_FILENO) != 0};
}

namespace {

/// Writes one line over and over, once the first second has passed.
class progress_line {
public:
  progress_line(std::string name, std::ostream& err) : name_(std::move(name)), err_(err) {}
  progress_line(const progress_line&) = delete;
  progress_line& operator=(const progress_line&) = delete;
  ~progress_line() {
    if (shown_) err_ << "\r\x1b[K" << std::flush;
  }

  void update(const load_progress& progress) {
    const auto now = std::chrono::steady_clock::now();
    if (now < next_) return;
    next_ = now + std::chrono::milliseconds(200);
    shown_ = true;
    const std::string done = progress.total_bytes && *progress.total_bytes > 0
                                 ? fmt::format("{} %", progress.bytes * 100 / *progress.total_bytes)
                                 : bytes_text(progress.bytes);
    err_ << fmt::format("\r\x1b[KReading {}: {}, {}", name_, done,
                        counted(progress.events, "event"))
         << std::flush;
  }

private:
  std::string name_;
  std::ostream& err_;
  std::chrono::steady_clock::time_point next_ =
      std::chrono::steady_clock::now() + std::chrono::seconds(1);
  bool shown_ = false;
};

} // namespace

progress_handler progress_shown_on(console& io, const std::string& name) {
  if (!io.err_is_terminal) return {};
  return [line = std::make_shared<progress_line>(name, io.err)](const load_progress& progress) {
    line->update(progress);
    return true;
  };
}

trace::result<trace_store> load_with_progress(const std::string& path, console& io) {
  return load_file(path, progress_shown_on(io, path == "-" ? "standard input" : path));
}

} // namespace cancelscope::inspector
