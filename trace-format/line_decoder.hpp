// One line of a trace, without its '\n', becomes one event, or is found at fault.
//
// Ownership: an event borrows from the decoder, until the decoder is called again.
// Threading: an object is used by one thread at a time.
// Failure:   a fault: what an anomaly says, less the line's number.
//
//     line_decoder decoder;
//     if (const event* e = decoder.decode(line)) handle(*e);
//     else for (const line_fault& fault : decoder.faults()) list(fault);
#pragma once

#include "trace-format/anomaly.hpp"
#include "trace-format/events.hpp"
#include "trace-format/json_object.hpp"
#include "trace-format/result.hpp"

#include <deque>
#include <span>
#include <string>
#include <vector>

namespace cancelscope::trace {

struct line_fault {
  anomaly_code code{};
  std::string message;
};

class line_decoder {
public:
  line_decoder() = default;
  /// One that reads every line the slow way, to compare with: the answers are the same.
  static line_decoder without_shortcut() {
    line_decoder made;
    made.tolerant_only_ = true;
    return made;
  }

  /// The header, or the one reason for which the whole trace is refused. An optional field that is wrong is left
  /// out and is among the faults; the header stands.
  result<const event*> decode_header(text line);

  /// The line's event, or null and exactly one fault.
  const event* decode(text line);

  /// What is wrong with the line of the last call.
  [[nodiscard]] std::span<const line_fault> faults() const noexcept { return faults_; }

private:
  class filler;

  void begin();
  const event* fault(anomaly_code code, std::string message);
  void keep(const json_member& member);

  bool tolerant_only_ = false;
  json_object line_;
  json_object nested_; ///< the one object a line's event can have that the model knows
  event event_;
  std::vector<extra_field> extra_;
  std::deque<std::string> quoted_; ///< strings among the extras, as JSON again
  std::vector<line_fault> faults_;
};

} // namespace cancelscope::trace
