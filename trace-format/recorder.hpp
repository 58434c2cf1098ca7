// Records events from many threads at little cost, and writes them elsewhere.
//
// `write` copies the event into a buffer of the calling thread and returns: no lock, no system call, no waiting. A thread
// of the recorder's own collects the buffers, brings the events into one order in which `t` never falls (see
// recording/event_merger.hpp for what is exact there and what is not), encodes them and hands the bytes
// to the operating system. So a crash, even a SIGKILL, loses at most the last `interval`, and the trace then
// has no `end`, which a reader reports as `cut-off`.
//
// A buffer that is full costs events, never time: they are counted, and a `dropped` event stands in their place. So does
// an event larger than half a buffer.
//
// Ownership: owns its output and its encoder; copies every event.
// Threading: `write` from any thread, also while another flushes; `close` and the destructor when no thread writes
//            any more (events written after `close` are ignored). Not to be used in a forked child.
// Failure:   the first failure of the output ends the writing, not the program; `error` tells. Without threads (the
//            browser) the same events are written by `write` itself when the buffer is half full, and by `flush`.
//
//     auto trace = recorder::create("run.jsonl");
//     if (!trace) return show(trace.error().message);
//     (*trace)->write({.body = header{}});          // first, once, before other threads write
//     …
//     if (auto why = (*trace)->close()) show(why->message);
#pragma once

#include "trace-format/output.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace cancelscope::trace {

#if defined(__EMSCRIPTEN__) && !defined(__EMSCRIPTEN_PTHREADS__)
inline constexpr bool threads_available = false;
#else
inline constexpr bool threads_available = true;
#endif

struct seat;
class trace_writer;

struct recorder_options {
  std::size_t buffer_bytes =
      std::size_t{4} * 1024 * 1024;       ///< for each thread that writes; touched only when used
  std::chrono::milliseconds interval{20}; ///< what a crash may lose
  bool background =
      threads_available; ///< false: write and flush do the writing, in the caller's thread
};

class recorder final : public sink {
public:
  recorder(std::unique_ptr<byte_output> output, std::unique_ptr<encoder> encoder,
           recorder_options options = {});
  /// To a new file: of the binary encoding where the name ends in `.cst`, else of JSON Lines.
  static result<std::unique_ptr<recorder>> create(const std::string& path,
                                                  recorder_options options = {});
  ~recorder() override;

  /// The first header written goes to the head of the trace; without one, a header that says nothing more than
  /// format and version stands there. `end` may be written and is held back until `close`.
  void write(const event& e) override;

  /// Returns when all events written before, by this thread or known to it, are with the operating system.
  void flush();

  /// Flushes, writes `end`, and ends. Gives the failure, if there was one. Further calls change nothing.
  std::optional<failure> close();

  /// Why the trace is incomplete, if it is.
  [[nodiscard]] std::optional<failure> error() const;
  /// Events lost to full buffers so far.
  [[nodiscard]] std::uint64_t dropped() const;

private:
  seat& find_seat();

  const std::uint64_t id_;
  const std::unique_ptr<trace_writer> writer_;
};

} // namespace cancelscope::trace
