// What a consumer says of input it cannot use: listed, counted and shown, never dropped in silence.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace cancelscope::trace {

/// The codes of the format; `to_string` gives the name that traces, answers and the screen use.
enum class anomaly_code : std::uint8_t {
  bad_json,
  bad_field,
  time_went_back,
  unknown_id,
  stale_id,
  reused_id,
  bad_transition,
  cause_cycle,
  cut_off,
  bad_block, ///< of the binary encoding
};

std::string_view to_string(anomaly_code code);

/// One piece of bad input. The same bytes always give the same anomalies.
struct anomaly {
  std::uint64_t line = 0; ///< counted from 1; the header is line 1
  anomaly_code code{};
  std::string message; ///< a sentence: what was found, what was expected
};

} // namespace cancelscope::trace
