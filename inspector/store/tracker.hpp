// Applies events to the store one after the other, and judges what only a memory of the trace can judge:
// ids, times, states and causes.
//
// A line with an anomaly is not applied, with two exceptions: one whose time went back counts at the time
// before it, and a cancel whose cause leads back to itself is kept with its chain cut there. What is only
// optional and names nobody is noticed, and the rest of the line is applied.
//
// Threading: one thread. Failure: anomalies in the store.
#pragma once

#include "inspector/store/cause_links.hpp"
#include "inspector/store/id_book.hpp"
#include "inspector/store/trace_data.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cancelscope::inspector {

class tracker {
public:
  explicit tracker(trace_data& data) : data_(data), ids_(data), causes_(data) {}

  void take_header(const trace::header& header);
  void take(const trace::event& e, std::uint64_t line);
  /// What the reader found.
  void take(trace::anomaly found);

private:
  /// Whether the event is used; where it is not, why stands among the anomalies.
  bool apply(const trace::header&) { return true; }
  bool apply(const trace::region_open& body);
  bool apply(const trace::region_moved& body);
  bool apply(const trace::task_spawn& body);
  bool apply(const trace::task_run& body);
  bool apply(const trace::task_wait& body);
  bool apply(const trace::cancel_request& body);
  bool apply(const trace::cancel_phase& body);
  bool apply(const trace::task_end& body);
  bool apply(const trace::task_join& body);
  bool apply(const trace::obligation_open& body);
  bool apply(const trace::obligation_end& body);
  bool apply(const trace::finalizer_ran& body);
  bool apply(const trace::budget_left& body);
  bool apply(const trace::slot_release& body);
  bool apply(const trace::stale_use& body);
  bool apply(const trace::handshake&) { return true; }
  bool apply(const trace::violation& body);
  bool apply(const trace::mark& body);
  bool apply(const trace::dropped_events&);
  bool apply(const trace::end_of_trace&);
  bool apply(const trace::unknown_event&) { return true; }

  bool move_task(task_index task, const trace::cancel_phase& body);
  bool move_region(region_index region, const trace::cancel_phase& body);
  bool refuse_after_end(task_index task, std::string_view what);

  template <class Body> void take(const trace::event& e, const Body& body);

  /// Always false: the line is not used.
  bool refuse(const refusal& why);
  /// Whom the id means, if something can happen to it now; where not, the line is refused.
  [[gnu::always_inline]] entity live(trace::entity_id id) {
    const entity who = ids_.live(id);
    if (!who) refuse(ids_.why_not_live(id));
    return who;
  }
  /// Whether somebody new can have the id; where not, the line is refused.
  bool is_new(trace::entity_id id) {
    const auto no = ids_.why_not_new(id);
    return !no || refuse(*no);
  }
  /// The entity an optional field names, of any time; where it names nobody that is noticed.
  entity optional(std::string_view field, std::optional<trace::entity_id> id);
  void optional_cancel(std::string_view field, std::optional<trace::cancel_id> id);
  void notice(trace::anomaly_code code, std::string message, entity target);
  void stops_waiting(task_index task);

  trace_data& data_;
  id_book ids_;
  cause_links causes_;
  std::vector<wait_index> open_waits_; ///< by task: what it is parked on

  // Of the line at hand.
  event_index now_;
  std::uint64_t line_ = 0;
  std::uint64_t before_ = 0; ///< the time of the event before
  std::uint64_t t_ = 0;
  entity subject_;
};

} // namespace cancelscope::inspector
