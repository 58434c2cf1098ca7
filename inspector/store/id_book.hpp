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

  /// Whom the id means, if something can happen to it now.
  [[nodiscard, gnu::always_inline]] entity live(trace::entity_id id) {
    return data_.pool.ids.resolve_live(id);
  }
  /// Why nothing can happen to an id that is not live.
  [[nodiscard]] refusal why_not_live(trace::entity_id id) const;
  /// Why nobody new can have that id; nothing where one can.
  [[nodiscard]] std::optional<refusal> why_not_new(trace::entity_id id) const {
    if (data_.pool.ids.is_free_for(id)) return std::nullopt;
    return why_not_free(id);
  }

  /// The id is the entity's from this event on. A tenant that the slot still has, because its release
  /// was lost, is released by that.
  void introduce(trace::entity_id id, entity who, event_index now);
  /// The id is live.
  void release(trace::entity_id id, entity who, event_index now);

  void introduce(trace::cancel_id id, cancel_index cancel);

private:
  [[nodiscard]] std::optional<refusal> why_not_free(trace::entity_id id) const;
  void set_released(entity who, event_index now);
  [[nodiscard]] entity last_tenant(trace::entity_id id) const;
  [[nodiscard]] trace::entity_id id_of(entity who) const;
  void set_previous_tenant(entity who, entity before);

  trace_data& data_;
};

} // namespace cancelscope::inspector
