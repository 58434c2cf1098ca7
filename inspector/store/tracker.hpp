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
  using verdict = std::optional<refusal>;

  verdict apply(const trace::header&) { return {}; }
  verdict apply(const trace::region_open& body);
  verdict apply(const trace::region_moved& body);
  verdict apply(const trace::task_spawn& body);
  verdict apply(const trace::task_run& body);
  verdict apply(const trace::task_wait& body);
  verdict apply(const trace::cancel_request& body);
  verdict apply(const trace::cancel_phase& body);
  verdict apply(const trace::task_end& body);
  verdict apply(const trace::task_join& body);
  verdict apply(const trace::obligation_open& body);
  verdict apply(const trace::obligation_end& body);
  verdict apply(const trace::finalizer_ran& body);
  verdict apply(const trace::budget_left& body);
  verdict apply(const trace::slot_release& body);
  verdict apply(const trace::stale_use& body);
  verdict apply(const trace::handshake&) { return {}; }
  verdict apply(const trace::violation& body);
  verdict apply(const trace::mark& body);
  verdict apply(const trace::dropped_events&);
  verdict apply(const trace::end_of_trace&);
  verdict apply(const trace::unknown_event&) { return {}; }

  verdict move_task(task_index task, const trace::cancel_phase& body);
  verdict move_region(region_index region, const trace::cancel_phase& body);
  verdict refuse_after_end(task_index task, std::string_view what) const;

  /// The entity an optional field names, of any time; where it names nobody that is noticed.
  entity optional(std::string_view field, std::optional<trace::entity_id> id);
  void optional_cancel(std::string_view field, std::optional<trace::cancel_id> id);
  template <class Index> Index live(trace::entity_id id) const {
    return data_.find(id).as<Index>();
  }

  void notice(trace::anomaly_code code, std::string message, entity target);
  void stops_waiting(task_index task);
  void index_mentions(const trace::event& e);

  trace_data& data_;
  id_book ids_;
  cause_links causes_;
  std::vector<wait_index> open_waits_; ///< by task: what it is parked on

  // Of the line at hand.
  event_index now_;
  std::uint64_t line_ = 0;
  std::uint64_t t_ = 0;
  entity subject_;
};

} // namespace cancelscope::inspector
