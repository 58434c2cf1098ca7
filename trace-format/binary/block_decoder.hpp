// Gives the events of one block's payload, one after the other.
//
// Ownership: an event borrows from the payload and from the decoder, until the decoder is called again.
// Threading: an object is used by one thread at a time.
// Failure:   a payload that breaks the rules gives the events before the place, and a sentence about it. Memory is in
//            proportion to the payload.
//
//     block_decoder decoder;
//     decoder.open(payload, head.events);
//     while (const event* e = decoder.next()) handle(*e);
//     if (!decoder.fault().empty()) show(decoder.fault());
#pragma once

#include "trace-format/binary/shape.hpp"
#include "trace-format/json_object.hpp"
#include "trace-format/line_decoder.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cancelscope::trace {

class block_decoder {
public:
  /// The payload stays where it is until the last event was taken.
  void open(std::string_view payload, std::uint32_t events);

  /// The next event; null at the end, or at a fault.
  const event* next();

  /// What broke the rules: the end of a sentence that began with "the block is damaged: "; empty where nothing did.
  [[nodiscard]] const std::string& fault() const noexcept { return fault_; }

private:
  struct column {
    const char* at = nullptr;
    const char* end = nullptr;
    std::array<std::uint64_t, 4> before{};

    bool take(std::uint64_t& value);
    bool take_difference(std::uint64_t& value, std::size_t key = 0);
  };
  struct known_id {
    std::uint64_t slot = 0;
    std::uint64_t generation = 0;
  };
  using decode_body = bool (*)(block_decoder&, const event_shape&);
  struct body_reader;
  template <class Body> struct reader_of;

  bool open_texts();
  bool open_ids();
  bool open_shapes();
  bool open_columns();
  bool take_size(std::uint64_t& size);
  [[nodiscard]] text text_at(std::size_t number) const;
  bool decode();
  bool decode_time(const event_shape& shape);
  bool decode_parts(const event_shape& shape);
  bool decode_extras();
  bool may_be_extra(text key) const;
  bool is_json(std::uint64_t number);
  bool reads_as_a_line();
  bool take_text(column& from, text& out, std::uint64_t* number = nullptr);
  bool fail(std::string_view why);

  const char* at_ = nullptr; ///< while the lists are read
  const char* end_ = nullptr;
  std::uint32_t left_ = 0; ///< events not yet given
  std::string fault_;

  const char* texts_ = nullptr;
  std::vector<std::uint32_t> text_ends_;
  std::array<std::vector<known_id>, entity_kinds.size()> ids_;
  std::vector<event_shape> shapes_;
  std::array<column, wire_columns> columns_;

  event event_;
  maybe<std::uint64_t> thread_;
  std::vector<extra_field> extras_;
  std::vector<bool> checked_json_; ///< by text: known to be a JSON value
  json_object json_;
  line_decoder line_;
  std::string written_; ///< the text of an id in `what`
};

} // namespace cancelscope::trace
