// Turns bytes into a store, piece by piece. What has arrived can be looked at between two pieces; to give
// up, stop feeding.
//
// Threading: one thread feeds; so_far() may be read on that thread between calls.
// Failure:   bytes without a header that is recognised are refused, with one sentence. After that, what
//            cannot be used is an anomaly in the store, and reading goes on.
//
//     loader reading("checkout.jsonl");
//     while (!chunk.empty()) if (auto ok = reading.feed(chunk); !ok) return show(ok.error().message);
//     if (auto trace = reading.finish()) show(*trace);
#pragma once

#include "inspector/source/source.hpp"
#include "inspector/store/trace_store.hpp"
#include "trace-format/result.hpp"
#include "trace-format/trace_reader.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace cancelscope::inspector {

struct load_progress {
  std::uint64_t bytes = 0;
  std::optional<std::uint64_t> total_bytes; ///< where the source knows it
  std::uint64_t events = 0;
};

class loader {
public:
  /// The name is used in sentences and kept as the store's.
  explicit loader(std::string name);
  loader(loader&&) noexcept;
  loader& operator=(loader&&) noexcept;
  ~loader();

  /// Takes any number of bytes, cut anywhere. After a failure everything more is refused with the same one.
  trace::result<load_progress> feed(std::string_view bytes);
  /// The bytes are over: a last line without an end counts, a missing `end` is noticed. Call it once, and
  /// last of all.
  trace::result<trace_store> finish();

  [[nodiscard]] const trace_store& so_far() const;
  /// The store that is being filled, to keep: it grows with each call, has every index that the finished one will have,
  /// and outlives the loader. Whatever was worked out of it is as of then.
  [[nodiscard]] trace_store watch() const;
  [[nodiscard]] load_progress progress() const;

private:
  struct state;
  void end_reading();

  std::unique_ptr<state> state_;
};

/// Called now and then while loading; false gives up, and load fails with "… was not loaded: cancelled".
using progress_handler = std::function<bool(const load_progress&)>;

/// Hands a source's events and anomalies to whoever wants them one by one. Gives up, as a failure, when `progress` or
/// `go_on` says false; either may be empty.
trace::result<trace::read_summary> read_trace(source& from, trace::trace_handler& to,
                                              const progress_handler& progress,
                                              const std::function<bool()>& go_on = {});
/// Reads the source to its end.
trace::result<trace_store> load(source& from, const progress_handler& on_progress = {});
/// Bytes in memory, as dropped on a window or fetched.
trace::result<trace_store> load_bytes(std::string name, std::string_view bytes);
/// A file, or standard input for `-`.
trace::result<trace_store> load_file(const std::string& path,
                                     const progress_handler& on_progress = {});

} // namespace cancelscope::inspector
