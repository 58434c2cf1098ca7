// The language of the event filter and of `cancelscope events`: words and key:value pairs that all must
// hold, `-` before one for its opposite.
//
//     kind:timeout region:r3.1 "charge card" -ev:task_run t:1ms..2ms
//
// Threading: a query is a value; a test reads the store only.
// Failure:   text that is no query gives a sentence that points at the place.
#pragma once

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
  query(const query&);
  query(query&&) noexcept;
  query& operator=(query) noexcept;
  ~query();

  static trace::result<query> parse(std::string_view text);

  [[nodiscard]] bool matches_everything() const;
  /// Put to a trace, it is a test for each of its events; good as long as the trace stays as it is.
  [[nodiscard]] std::function<bool(event_index)> on(const trace_store& trace) const;
  /// All that match, in order.
  [[nodiscard]] std::vector<event_index> matches_in(const trace_store& trace) const;

  /// The keys and what they mean, for help.
  static std::string help();

private:
  struct term;
  std::vector<std::shared_ptr<const term>> terms_;
};

} // namespace cancelscope::inspector
