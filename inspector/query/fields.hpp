// The fields of the query language, and what a comparison with each asks of an event. Every field of the
// format's events can be asked for by its name on the wire (wire_fields.hpp); the table here says what they
// mean, and adds those that are not on the wire.
//
// A question is put to a trace once, which looks up the ids and names in it, and gives a predicate that is
// then asked of each event.
//
// Threading: a predicate reads the store only. Failure: a comparison that makes no sense gives no question,
// and says what would.
#pragma once

#include "inspector/query/syntax.hpp"
#include "inspector/store/trace_store.hpp"
#include "trace-format/result.hpp"

#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace cancelscope::inspector {

using predicate = std::function<bool(event_index)>;
using question = std::function<predicate(const trace_store&)>;

struct query_field {
  std::string_view name;
  std::string_view values; ///< what it is compared with, for help
  std::string_view meaning;
  /// Null: as the wire field of that name. A failure says what was expected, without an end.
  trace::result<question> (*make)(comparison how, std::string_view value);
};

/// In the order in which help shows them.
std::span<const query_field> query_fields();
/// Null where there is no such field.
const query_field* find_field(std::string_view name);
/// The name that is nearest in spelling; empty where none is near.
std::string_view nearest_field(std::string_view name);

trace::result<question> ask(const query_field& field, comparison how, std::string_view value);

/// What the event is about is the one meant, or under it: `under r3.1`.
trace::result<question> ask_under(std::string_view value);
/// The text stands somewhere in the event: its name, whom it is about, what it says; case does not matter. An
/// id asks for the events that name it.
question says(std::string_view text);

} // namespace cancelscope::inspector
