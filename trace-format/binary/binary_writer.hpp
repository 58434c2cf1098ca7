// Writes events in the binary encoding: blocks that are readable by themselves, now and then a snapshot of what is
// alive, and at the end an index.
//
// Bytes are appended when a block is full, at `flush`, and at `finish`; so what a crash of the producer loses is the block
// that was not full yet.
//
// Ownership: copies what it is given.
// Threading: an object is used by one thread at a time.
// Failure:   none. An event too large for a block is written as `dropped`, one event.
//
//     binary_writer writer;
//     std::string bytes;
//     writer.append({.body = header{}}, bytes);
//     writer.append(event, bytes);
//     writer.finish(bytes);
#pragma once

#include "trace-format/binary/block_builder.hpp"
#include "trace-format/binary/living.hpp"
#include "trace-format/binary/seek_index.hpp"
#include "trace-format/output.hpp"

#include <cstdint>
#include <string>

namespace cancelscope::trace {

struct binary_options {
  std::uint32_t events_in_block = 65536;
  /// So many events stand between two snapshots at least; more where more is alive, so that snapshots never
  /// make up most of a trace. 0: no snapshots.
  std::uint64_t events_between_snapshots = 262144;
};

class binary_writer final : public encoder {
public:
  explicit binary_writer(binary_options options = {}) : options_(options) {}

  void append(const event& e, std::string& out) override;
  void flush(std::string& out) override;
  void finish(std::string& out) override;

private:
  void begin(const event& header_event, std::string& out);
  void put(block_type type, block_head head, std::string& out);
  void put_snapshot(std::string& out);
  void add_point(bool snapshot);

  const binary_options options_;
  bool begun_ = false;
  block_builder block_;
  living living_;
  std::string payload_;
  std::uint64_t events_ = 0; ///< in blocks already appended
  std::uint64_t snapshot_at_ = 0;
  std::uint64_t offset_ = 0; ///< bytes appended
  seek_index index_;
};

} // namespace cancelscope::trace
