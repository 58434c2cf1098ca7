// The language of the event filter, the search, the break conditions and `cancelscope events`: what must
// hold of an event. docs/query.md tells it to people.
//
//     kind = timeout and region under r3.1
//     (outcome >= cancelled or how = leaked) and t > 1.5ms and not name ~ "health check"
//     kind:timeout region:r3.1 "charge card" -ev:task_run          the shorter form; they mix
//
// Threading: a query is a value; a test reads the store only.
// Failure:   text that is no query gives a sentence that points at the place.
#pragma once

#include "inspector/query/syntax.hpp"
#include "inspector/store/trace_store.hpp"
#include "trace-format/result.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cancelscope::inspector {

class query {
public:
  /// Matches everything.
  query();

  static trace::result<query> parse(std::string_view text);
  /// The same, and where the fault lies, for who can point at it (pointed_at).
  static trace::result<query> parse(std::string_view text, query_fault& fault);

  [[nodiscard]] bool matches_everything() const;
  /// Put to a trace, it is a test for each of its events; good as long as the trace stays as it is. One thread
  /// at a time may use one test.
  [[nodiscard]] std::function<bool(event_index)> on(const trace_store& trace) const;
  /// All that match, in order.
  [[nodiscard]] std::vector<event_index> matches_in(const trace_store& trace) const;

  /// The ids and names after `under` that nobody in the trace bears: under them there is nothing to find.
  [[nodiscard]] std::vector<std::string> unknown_in(const trace_store& trace) const;

  /// The language in ten lines, by examples.
  static std::string examples();
  /// The same, and every field.
  static std::string help();

private:
  struct compiled;
  explicit query(std::shared_ptr<const compiled> asks);
  std::shared_ptr<const compiled> asks_; ///< null: matches everything
};

} // namespace cancelscope::inspector
