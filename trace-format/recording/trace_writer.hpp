// The other side of a recorder: collects what threads left in their seats, merges, encodes and writes it.
//
// Ownership: owns output, encoder and its own thread; shares the seats with the threads they belong to.
// Threading: all functions from any thread.
// Failure:   the first failure of the output is kept, and nothing is written after it.
#pragma once

#include "trace-format/output.hpp"
#include "trace-format/recorder.hpp"
#include "trace-format/recording/seat.hpp"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace cancelscope::trace {

class trace_writer {
public:
  trace_writer(std::unique_ptr<byte_output> output, std::unique_ptr<encoder> encoder,
               recorder_options options);
  ~trace_writer();
  trace_writer(const trace_writer&) = delete;
  trace_writer& operator=(const trace_writer&) = delete;

  /// A seat for the calling thread.
  std::shared_ptr<seat> add_seat(std::uint64_t recorder_id);
  void write_header(const event& e);
  /// An event of a thread that has no seat any more.
  void write_directly(const event& e);
  /// A buffer is filling up.
  void hurry();
  void flush();
  std::optional<failure> close();

  std::optional<failure> error() const;
  std::uint64_t dropped() const;

private:
  void run();
  void collect();
  void end_round();
  void release_all();
  void write_merged(const event& e);
  void encode(const event& e);
  void hand_over();
  void write_out();

  const recorder_options options_;

  mutable std::mutex
      seats_mutex_; ///< taken last, and only for moments: a thread's first event waits for it
  std::vector<std::shared_ptr<seat>> seats_;
  std::uint64_t dropped_by_gone_seats_ = 0;

  mutable std::mutex
      mutex_; ///< guards what follows, up to the blank line; held while writing to the output
  const std::unique_ptr<byte_output> output_;
  const std::unique_ptr<encoder> encoder_;
  event_merger merger_;
  event_merger::source direct_; ///< of events written without a seat
  std::string bytes_;           ///< encoded, not yet handed over
  bool has_header_ = false;
  bool closed_ = false;
  std::uint64_t end_ = 0; ///< the time of an `end` that came with the events
  std::optional<failure> error_;

  std::mutex wake_mutex_;
  std::condition_variable wake_;
  bool stopping_ = false; ///< guarded by wake_mutex_
  std::atomic<bool> hurry_ = false;
  std::thread thread_;
};

} // namespace cancelscope::trace
