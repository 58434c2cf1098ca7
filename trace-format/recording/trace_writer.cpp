#include "trace-format/recording/trace_writer.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace cancelscope::trace {

trace_writer::trace_writer(std::unique_ptr<byte_output> output, std::unique_ptr<encoder> encoder,
                           recorder_options options)
    : options_(options), output_(std::move(output)), encoder_(std::move(encoder)) {
  if (options_.background) thread_ = std::thread([this] { run(); });
}

trace_writer::~trace_writer() {
  close();
}

std::shared_ptr<seat> trace_writer::add_seat(std::uint64_t recorder_id) {
  auto added = std::make_shared<seat>(recorder_id, options_.buffer_bytes);
  const std::lock_guard lock{seats_mutex_};
  seats_.push_back(added);
  return added;
}

void trace_writer::write_header(const event& e) {
  const std::lock_guard lock{mutex_};
  if (closed_ || has_header_) return;
  has_header_ = true;
  encoder_->append(e, bytes_);
  hand_over();
}

void trace_writer::write_directly(const event& e) {
  std::vector<std::byte> record;
  std::visit(
      [&](const auto& body) {
        record.resize(record_bound(e, body));
        record.resize(put_record(record.data(), e, body, 0));
      },
      e.body);
  const std::lock_guard lock{mutex_};
  merger_.add(direct_, record.data(), record.size());
}

void trace_writer::hurry() {
  if (!options_.background) {
    const std::lock_guard lock{mutex_};
    if (closed_) return;
    collect();
    end_round();
    return;
  }
  // Without the lock the wake-up may be missed, once in a while; then the interval ends the wait.
  if (!hurry_.exchange(true)) wake_.notify_one();
}

void trace_writer::flush() {
  const std::lock_guard lock{mutex_};
  if (closed_) return;
  collect();
  release_all();
}

std::optional<failure> trace_writer::close() {
  {
    const std::lock_guard lock{wake_mutex_};
    stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();

  const std::lock_guard lock{mutex_};
  if (closed_) return error_;
  collect();
  release_all();
  encode({.t = std::max(end_, merger_.released_until()), .body = end_of_trace{}});
  encoder_->finish(bytes_);
  write_out();
  closed_ = true;
  const std::lock_guard seats_lock{seats_mutex_};
  for (const auto& seat : seats_)
    seat->recorder_left.store(true, std::memory_order_release);
  return error_;
}

std::optional<failure> trace_writer::error() const {
  const std::lock_guard lock{mutex_};
  return error_;
}

std::uint64_t trace_writer::dropped() const {
  const std::lock_guard lock{seats_mutex_};
  std::uint64_t count = dropped_by_gone_seats_;
  for (const auto& seat : seats_)
    count += seat->lost.load(std::memory_order_acquire);
  return count;
}

void trace_writer::run() {
  // A round releases what the round before had seen: two of them are the interval.
  const auto round = options_.interval / 2;
  auto round_ends = std::chrono::steady_clock::now() + round;
  std::unique_lock wait{wake_mutex_};
  while (!stopping_) {
    wake_.wait_until(wait, round_ends, [this] { return stopping_ || hurry_.load(); });
    hurry_ = false;
    wait.unlock();
    {
      const std::lock_guard lock{mutex_};
      collect();
      if (std::chrono::steady_clock::now() >= round_ends) {
        end_round();
        round_ends = std::chrono::steady_clock::now() + round;
      }
    }
    wait.lock();
  }
}

/// Empties all seats into the merger, and lets go of those whose thread is gone.
void trace_writer::collect() {
  const std::lock_guard lock{seats_mutex_};
  std::erase_if(seats_, [this](const std::shared_ptr<seat>& from) {
    // Read before the events: what was lost by now was lost before anything that is not collected below.
    const bool thread_left = from->thread_left.load(std::memory_order_acquire);
    const std::uint64_t lost = from->lost.load(std::memory_order_acquire);
    from->ring.drain([&](const std::byte* record, std::size_t size) {
      merger_.add(from->merged, record, size);
    });
    merger_.add_lost(from->merged, lost);
    if (thread_left) dropped_by_gone_seats_ += lost;
    return thread_left;
  });
}

void trace_writer::end_round() {
  merger_.end_round([this](const event& e) { write_merged(e); });
  hand_over();
}

void trace_writer::release_all() {
  merger_.release_all([this](const event& e) { write_merged(e); });
  hand_over();
}

void trace_writer::write_merged(const event& e) {
  // Another thread's events may still come; `end` is written by close.
  if (std::holds_alternative<end_of_trace>(e.body))
    end_ = e.t;
  else
    encode(e);
}

void trace_writer::encode(const event& e) {
  constexpr std::size_t block = std::size_t{256} * 1024;
  if (!std::exchange(has_header_, true)) encoder_->append({.body = header{}}, bytes_);
  encoder_->append(e, bytes_);
  if (bytes_.size() >= block) write_out();
}

/// All that was encoded, also what the encoder gathers.
void trace_writer::hand_over() {
  encoder_->flush(bytes_);
  write_out();
}

void trace_writer::write_out() {
  if (!error_ && !bytes_.empty()) error_ = output_->write(bytes_);
  bytes_.clear();
}

} // namespace cancelscope::trace
