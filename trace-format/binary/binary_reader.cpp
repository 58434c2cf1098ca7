#include "trace-format/binary/binary_reader.hpp"

#include "trace-format/binary/crc32.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

namespace cancelscope::trace {

namespace {

std::string at_byte(std::uint64_t offset) {
  return "The block at byte " + std::to_string(offset);
}

std::string events_of(const block_head& head) {
  return head.events == 1 ? "1 event" : std::to_string(head.events) + " events";
}

} // namespace

bool binary_reader::feed(std::string_view bytes) {
  if (refusal_) return false;
  // Whole blocks are read where they lie; only a piece of one is held.
  const bool holding = !held_.empty();
  if (holding) held_ += bytes;
  std::string_view left = holding ? std::string_view(held_) : bytes;
  const std::size_t size = left.size();
  while (!refusal_) {
    const std::size_t taken = take_block(left);
    if (taken == 0) break;
    offset_ += taken;
    left.remove_prefix(taken);
  }
  if (!holding)
    held_ = left;
  else
    held_.erase(0, size - left.size());
  return !refusal_;
}

/// Takes what the bytes begin with, and returns how much that was; 0 where more bytes are needed.
std::size_t binary_reader::take_block(std::string_view bytes) {
  if (!signed_) return take_signature(bytes);
  if (lost_) return skip_to_block(bytes);
  if (bytes.size() < block_head::size) return 0;
  const auto head = get_block_head(bytes);
  if (!head || head->payload_size > longest_payload) {
    if (!has_header_) {
      refusal_ =
          failure{"This binary trace is damaged where its header should be, and cannot be read."};
      return 0;
    }
    report(anomaly_code::bad_block, at_byte(offset_) +
                                        " is damaged so that not even its size is known; it "
                                        "was passed over, up to the next whole one.");
    lost_ = true;
    return 1;
  }
  const std::size_t size = block_head::size + head->payload_size;
  if (bytes.size() < size) return 0;
  const std::string_view payload = bytes.substr(block_head::size, head->payload_size);
  if (has_header_)
    take_payload(*head, payload);
  else
    take_header(*head, payload);
  return size;
}

std::size_t binary_reader::take_signature(std::string_view bytes) {
  if (bytes.size() < binary_signature.size()) return 0;
  signed_ = bytes.starts_with(binary_signature);
  if (!signed_)
    refusal_ = failure{"This is not a Cancelscope trace: it does not begin like a binary one."};
  return signed_ ? binary_signature.size() : 0;
}

/// Bytes up to the next that may begin a block.
std::size_t binary_reader::skip_to_block(std::string_view bytes) {
  const std::size_t found = bytes.find(block_head::marker);
  if (found == std::string_view::npos) {
    // The last few may be the beginning of a marker.
    const std::size_t kept = block_head::marker.size() - 1;
    return bytes.size() > kept ? bytes.size() - kept : 0;
  }
  if (found > 0) return found;
  if (bytes.size() < block_head::size) return 0;
  const auto head = get_block_head(bytes);
  if (!head || head->payload_size > longest_payload) return 1;
  lost_ = false;
  return take_block(bytes);
}

void binary_reader::take_header(const block_head& head, std::string_view payload) {
  if (!head.is(block_type::header) || crc32(payload) != head.payload_sum) {
    refusal_ =
        failure{"This binary trace is damaged where its header should be, and cannot be read."};
    return;
  }
  if (head.layout_version > block_head::layout) {
    refusal_ = failure{"This trace is in layout " + std::to_string(head.layout_version) +
                       " of the binary encoding, and this program reads layout " +
                       std::to_string(block_head::layout) + ": a newer Cancelscope can open it."};
    return;
  }
  const auto decoded = decoder_.decode_header(payload);
  if (!decoded) {
    refusal_ = decoded.error();
    return;
  }
  has_header_ = true;
  ++summary_.events;
  handler_.on_event(**decoded, line());
  for (const line_fault& fault : decoder_.faults())
    report(fault.code, fault.message + " The header is used without it.");
}

void binary_reader::take_payload(const block_head& head, std::string_view payload) {
  const bool essential = (head.flags & block_head::essential) != 0;
  const bool known = head.is(block_type::events) ||
                     (head.is(block_type::snapshot) && extent_ == trace_extent::part && !placed_);
  if (!essential && !known) {
    // An index, a snapshot, or what a later version adds for those who know it: no event is lost with it.
    if (crc32(payload) != head.payload_sum)
      report(anomaly_code::bad_block,
             at_byte(offset_) + " is damaged: its bytes do not add up. No event stood in it.");
    return;
  }
  std::string wrong;
  if (crc32(payload) != head.payload_sum)
    wrong = " is damaged: its bytes do not add up. It held ";
  else if (head.is(block_type::header))
    wrong = " is a second header. It held ";
  else if (!known || head.layout_version > block_head::layout)
    wrong = " needs a newer Cancelscope. It holds ";
  else if (head.is(block_type::events) && placed_ && head.first_event < events_)
    wrong = " repeats what was before. It holds ";
  if (wrong.empty()) {
    take_events(head, payload);
    return;
  }
  report(anomaly_code::bad_block, at_byte(offset_) + wrong + events_of(head) + ".");
  if (placed_ || extent_ == trace_extent::whole) missing_until(head.first_event + head.events);
}

void binary_reader::take_events(const block_head& head, std::string_view payload) {
  const bool snapshot = head.is(block_type::snapshot);
  if (extent_ == trace_extent::part && !placed_) events_ = head.first_event;
  missing_until(head.first_event);
  placed_ = true;
  block_.open(payload, head.events);
  while (const event* e = block_.next()) {
    if (!snapshot) ++events_;
    take_event(*e);
  }
  if (!block_.fault().empty())
    report(anomaly_code::bad_block, at_byte(offset_) + " is damaged: " + block_.fault());
  if (!snapshot) missing_until(head.first_event + head.events);
}

void binary_reader::take_event(const event& e) {
  if (summary_.ended) {
    report(anomaly_code::bad_transition,
           "The trace has ended; what follows its `end` is not used.");
    return;
  }
  ++summary_.events;
  time_ = e.t;
  summary_.ended = std::holds_alternative<end_of_trace>(e.body);
  handler_.on_event(e, line());
}

/// Events up to that one are not there: said at their place, as one event.
void binary_reader::missing_until(std::uint64_t first_event) {
  if (first_event <= events_ || summary_.ended) return;
  const std::uint64_t missing = first_event - events_;
  ++summary_.events;
  handler_.on_event({.t = time_, .body = dropped_events{missing}}, line() + 1);
  events_ = first_event;
}

result<read_summary> binary_reader::finish() {
  if (refusal_) return *refusal_;
  if (!has_header_)
    return failure{"This is not a Cancelscope trace: it ends before its header is complete."};
  if (!held_.empty() && !lost_)
    report(anomaly_code::bad_block, at_byte(offset_) + " is not complete: the trace stops in it.");
  summary_.lines = line();
  if (!summary_.ended) {
    report(anomaly_code::cut_off, "The trace has no `end`: it was cut off after this line, and "
                                  "what came later is not known.");
  }
  return summary_;
}

void binary_reader::report(anomaly_code code, std::string message) {
  ++summary_.anomalies;
  handler_.on_anomaly({line(), code, std::move(message)});
}

} // namespace cancelscope::trace
