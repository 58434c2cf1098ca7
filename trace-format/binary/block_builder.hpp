// Gathers events and gives them as the payload of one block, readable by itself.
//
// Ownership: copies what it is given.
// Threading: an object is used by one thread at a time.
// Failure:   none. Text that is not UTF-8 is mended with U+FFFD, as the JSON Lines writer does.
//
//     block_builder block;
//     block.add(event);
//     block_head head = block.finish(payload); // and the builder is empty again
#pragma once

#include "trace-format/binary/block.hpp"
#include "trace-format/binary/byte_column.hpp"
#include "trace-format/binary/recent.hpp"
#include "trace-format/binary/shape.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cancelscope::trace {

class block_builder {
public:
  block_builder();

  void add(const event& e);

  [[nodiscard]] std::uint32_t events() const noexcept { return events_; }
  /// About as large will the payload be.
  [[nodiscard]] std::size_t bytes() const noexcept { return text_bytes_.size() + column_bytes_; }

  /// Appends the payload. Of the head, `first_event` is left to whoever counts, and type and flags.
  block_head finish(std::string& payload);

private:
  template <class Body> class body_writer;

  std::uint64_t text_number(text value);
  std::uint64_t id_number(entity_kind kind, std::uint64_t slot, std::uint64_t generation);
  std::uint64_t shape_number(const event_shape& shape);
  void put_time(const event& e, event_shape& shape);
  void put_parts(const event& e, event_shape& shape);
  void put_texts(std::string& payload) const;
  void put_ids(std::string& payload) const;
  void put_shapes(std::string& payload) const;
  void put_columns(std::string& payload) const;
  void clear();

  struct ids_of_kind {
    byte_column listed;
    std::uint64_t count = 0;
    std::uint64_t last_slot = 0;
    std::uint64_t last_generation = 0;
  };

  std::uint32_t events_ = 0;
  std::uint64_t time_ = 0; ///< of the event before; of the first, 0
  std::uint64_t first_time_ = 0;
  std::uint64_t last_time_ = 0;
  maybe<std::uint64_t> thread_;

  std::string text_bytes_;
  std::vector<std::size_t> text_ends_;
  recent_texts known_texts_;
  std::array<ids_of_kind, entity_kinds.size()> ids_;
  std::array<recent_ids, entity_kinds.size()> known_ids_;
  std::vector<event_shape> shapes_;
  /// One more than the number of a shape, by what its bytes come to; a search saved.
  std::array<std::uint32_t, 2048> recent_shapes_{};
  std::array<byte_column, wire_columns> columns_;
  std::size_t column_bytes_ = 0;
};

} // namespace cancelscope::trace
