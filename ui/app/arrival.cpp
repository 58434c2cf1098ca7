#include "ui/app/arrival.hpp"

#include <utility>

namespace cancelscope::ui {

arrival::arrival(std::string name, std::optional<std::uint64_t> size) : loader_(name) {
  status_.name = std::move(name);
  status_.total = size.value_or(0);
}

arrival::arrival(std::unique_ptr<inspector::source> file) : arrival(file->name(), file->size()) {
  file_ = std::move(file);
}

bool arrival::feed(std::string_view bytes) {
  if (failed_ || stopped_) return false;
  taker_.take(bytes);
  if (const auto read = loader_.feed(bytes); !read) failed_ = read.error();
  return !failed_;
}

bool arrival::read_on(std::chrono::milliseconds about) {
  constexpr std::size_t piece = std::size_t{256} * 1024;
  buffer_.resize(piece);
  const auto until = std::chrono::steady_clock::now() + about;
  do {
    if (failed_ || stopped_) return false;
    const auto size = file_->read(buffer_);
    if (!size) failed_ = size.error();
    if (!size || *size == 0 || !feed({buffer_.data(), *size})) return false;
  } while (std::chrono::steady_clock::now() < until);
  return true;
}

void arrival::give_up() {
  given_up_ = true;
  failed_ = trace::failure{status_.name + " was not loaded: cancelled."};
}

inspector::trace_store arrival::look() {
  status_.looked_at = true;
  return loader_.watch();
}

trace::result<inspector::trace_store> arrival::finish() {
  if (failed_) return *failed_;
  return loader_.finish();
}

load_status arrival::status() const {
  const inspector::load_progress so_far = loader_.progress();
  load_status now = status_;
  now.bytes = so_far.bytes;
  now.events = so_far.events;
  now.may_be_looked_at = !failed_ && so_far.events > 0;
  return now;
}

} // namespace cancelscope::ui
