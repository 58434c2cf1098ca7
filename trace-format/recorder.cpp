#include "trace-format/recorder.hpp"

#include "trace-format/binary/binary_writer.hpp"
#include "trace-format/jsonl_writer.hpp"
#include "trace-format/recording/trace_writer.hpp"

#include <algorithm>
#include <atomic>
#include <utility>
#include <vector>

namespace cancelscope::trace {

namespace {

std::uint64_t next_id() {
  static std::atomic<std::uint64_t> last = 0;
  return ++last;
}

/// The seat this thread used last: the common case costs one comparison. Ids of recorders are never reused, so a
/// recorder that is gone is never mistaken for another.
struct used_seat {
  std::uint64_t recorder = 0;
  seat* at = nullptr;
};
constinit thread_local used_seat last_used;

/// Set when a thread's seats are gone and other thread-local objects still write in their destructors.
constinit thread_local bool thread_is_leaving = false;

struct seats_of_thread {
  std::vector<std::shared_ptr<seat>> seats;

  ~seats_of_thread() {
    thread_is_leaving = true;
    last_used = {};
    for (const auto& seat : seats)
      seat->thread_left.store(true, std::memory_order_release);
  }
};

std::unique_ptr<encoder> encoder_for(std::string_view path) {
  if (path.ends_with(".cst")) return std::make_unique<binary_writer>();
  return std::make_unique<jsonl_writer>();
}

/// Where there are no threads nothing can happen in the background, whatever was asked for.
recorder_options possible(recorder_options options) {
  options.background = options.background && threads_available;
  return options;
}

} // namespace

recorder::recorder(std::unique_ptr<byte_output> output, std::unique_ptr<encoder> encoder,
                   recorder_options options)
    : id_(next_id()), writer_(std::make_unique<trace_writer>(std::move(output), std::move(encoder),
                                                             possible(options))) {}

result<std::unique_ptr<recorder>> recorder::create(const std::string& path,
                                                   recorder_options options) {
  auto file = file_output::create(path);
  if (!file) return file.error();
  return std::make_unique<recorder>(std::move(*file), encoder_for(path), options);
}

recorder::~recorder() = default;

void recorder::write(const event& e) {
  if (std::holds_alternative<header>(e.body)) {
    writer_->write_header(e);
    return;
  }
  if (thread_is_leaving) {
    writer_->write_directly(e);
    return;
  }
  seat& own = last_used.recorder == id_ ? *last_used.at : find_seat();
  const bool filling = std::visit([&](const auto& body) { return own.write(e, body); }, e.body);
  if (filling) writer_->hurry();
}

seat& recorder::find_seat() {
  thread_local seats_of_thread own;
  auto found = std::ranges::find(own.seats, id_, [](const auto& seat) { return seat->recorder; });
  if (found == own.seats.end()) {
    std::erase_if(own.seats, [](const auto& seat) {
      return seat->recorder_left.load(std::memory_order_acquire);
    });
    own.seats.push_back(writer_->add_seat(id_));
    found = own.seats.end() - 1;
  }
  last_used = {id_, found->get()};
  return **found;
}

void recorder::flush() {
  writer_->flush();
}
std::optional<failure> recorder::close() {
  return writer_->close();
}
std::optional<failure> recorder::error() const {
  return writer_->error();
}
std::uint64_t recorder::dropped() const {
  return writer_->dropped();
}

} // namespace cancelscope::trace
