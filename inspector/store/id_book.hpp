// Who is meant by an id: which entity it introduced, who has its slot now, and in what words to say that an
// id means nobody.
//
// Threading: belongs to one tracker. Failure: a refusal, as a value.
#pragma once

#include "inspector/store/trace_data.hpp"
#include "trace-format/anomaly.hpp"

#include <optional>
#include <string>

namespace cancelscope::inspector {

/// Why a line is not applied.
struct refusal {
  trace::anomaly_code code{};
  std::string message;
  entity target; ///< whom it concerns, where known
};

class id_book {
public:
  explicit id_book(trace_data& data) : data_(data) {}

  /// Why nothing can happen to that id now; nothing where it can.
  [[nodiscard]] std::optional<refusal> why_not_live(trace::entity_id id) const;
  /// Why nobody new can have that id; nothing where one can.
  [[nodiscard]] std::optional<refusal> why_not_new(trace::entity_id id) const;

  /// The id is the entity's from this event on. A tenant that the slot still has, because its release
  /// was lost, is released by that.
  void introduce(trace::entity_id id, entity who, event_index now);
  void release(entity who, event_index now);
  [[nodiscard]] event_index introduced(entity who) const;
  [[nodiscard]] event_index released(entity who) const;

  void introduce(trace::cancel_id id, cancel_index cancel);

private:
  [[nodiscard]] entity last_tenant(trace::entity_id id) const;
  [[nodiscard]] trace::entity_id id_of(entity who) const;
  void set_previous_tenant(entity who, entity before);

  trace_data& data_;
};

} // namespace cancelscope::inspector
