// What each key of the query language asks of an event.
//
// A question is put to a trace once, which resolves the ids and names in it, and gives a predicate that is
// then asked of each event.
//
// Threading: a predicate reads the store only. Failure: a value that a key cannot have gives no predicate,
// and says what it expects.
#pragma once

#include "inspector/store/trace_store.hpp"
#include "trace-format/result.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace cancelscope::inspector {

using predicate = std::function<bool(event_index)>;
using question = std::function<predicate(const trace_store&)>;

struct query_key {
  std::string_view name;
  std::string_view values; ///< what stands after the colon, for help
  std::string_view meaning;
  trace::result<question> (*make)(std::string_view value);
};

const std::vector<query_key>& query_keys();

/// The text stands somewhere in the event: its name, whom it is about, what it says. Case does not matter.
question says(std::string_view text);

} // namespace cancelscope::inspector
