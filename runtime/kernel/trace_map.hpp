// The one place where what happens in the runtime becomes events of the trace.
//
// Every fact of the kernel and of the executors has one function here; nothing else of the runtime
// builds an event. With no sink attached each is a test: inline, where what happens often is told.
//
// Threading: that of the kernel it belongs to. Failure: none; a sink keeps its own troubles.
#pragma once

#include "runtime/kernel/budget.hpp"
#include "runtime/kernel/cancellation.hpp"
#include "runtime/kernel/clock.hpp"
#include "runtime/kernel/handles.hpp"
#include "runtime/kernel/outcome.hpp"
#include "runtime/kernel/place.hpp"
#include "trace-format/events.hpp"

namespace cancelscope {

/// What a parked task waits for.
struct wait_fact {
  trace::wait_reason on = trace::wait_reason::other;
  any_handle what{};
  std::string_view label{};
};

class trace_map {
public:
  trace_map(const clock& time, trace::sink* sink) : clock_(time), sink_(sink) {}

  /// From now on what happens, happens on that thread; absent: nobody needs to tell threads apart.
  void happens_on(trace::maybe<std::uint64_t> thread) noexcept { thread_ = thread; }

  void trace_began(const trace::header& header);
  void trace_ended();

  void region_opened(region_handle region, region_handle parent, std::string_view name,
                     const budget& limits, task_handle by, place where) {
    if (sink_ != nullptr) write_region_opened(region, parent, name, limits, by, where);
  }
  void region_moved(region_handle region, trace::region_state state, const cancellation& why) {
    if (sink_ != nullptr) write_region_moved(region, state, why);
  }
  void region_closed(region_handle region, const cancellation& why, outcome_kind outcome) {
    if (sink_ != nullptr) write_region_closed(region, why, outcome);
  }
  /// One that is over now; without a duration it awaited, and what it did stands in the trace.
  void region_finalizer_ran(region_handle region, std::string_view label,
                            trace::maybe<std::uint64_t> duration, outcome_kind outcome);

  void task_spawned(task_handle task, region_handle region, std::string_view name, task_handle by,
                    place where) {
    if (sink_ != nullptr) write_task_spawned(task, region, name, by, where);
  }
  /// On that thread; absent: on the one that tells it.
  void task_ran(task_handle task, time_ns began, time_ns duration,
                trace::maybe<std::uint64_t> thread = {}) {
    if (sink_ != nullptr) write_task_ran(task, began, duration, thread);
  }
  void task_parked(task_handle task, const wait_fact& wait) {
    if (sink_ != nullptr) write_task_parked(task, wait);
  }
  void task_ended(task_handle task, const outcome<void>& outcome) {
    if (sink_ != nullptr) write_task_ended(task, outcome);
  }
  void task_joined(task_handle task, any_handle by) {
    if (sink_ != nullptr) write_task_joined(task, by);
  }
  void task_finalizer_ran(task_handle task, std::string_view label,
                          trace::maybe<std::uint64_t> duration, outcome_kind outcome);

  void cancel_requested(const cancellation& request, trace::cancel_effect effect) {
    if (sink_ != nullptr) write_cancel_requested(request, effect);
  }
  void phase_reached(any_handle target, const cancellation& why, trace::cancel_phase_name phase) {
    if (sink_ != nullptr) write_phase_reached(target, why, phase);
  }
  void budget_told(any_handle target, trace::budget_resource resource, std::uint64_t left,
                   bool exhausted) {
    if (sink_ != nullptr) write_budget_told(target, resource, left, exhausted);
  }

  void obligation_reserved(obligation_handle obligation, trace::obligation_kind kind,
                           region_handle region, task_handle task, std::string_view label,
                           place where) {
    if (sink_ != nullptr) write_obligation_reserved(obligation, kind, region, task, label, where);
  }
  void obligation_resolved(obligation_handle obligation, trace::obligation_fate fate,
                           const cancellation& why) {
    if (sink_ != nullptr) write_obligation_resolved(obligation, fate, why);
  }

  void slot_released(any_handle handle) {
    if (sink_ != nullptr) write_slot_released(handle);
  }
  void stale_refused(any_handle presented, std::uint32_t generation_now, std::string_view operation,
                     any_handle by);
  void violation_found(std::string_view oracle, std::string_view message, any_handle target);
  void marked(std::string_view label, task_handle task, region_handle region);

private:
  void write_region_opened(region_handle region, region_handle parent, std::string_view name,
                           const budget& limits, task_handle by, place where);
  void write_region_moved(region_handle region, trace::region_state state, const cancellation& why);
  void write_region_closed(region_handle region, const cancellation& why, outcome_kind outcome);
  void write_task_spawned(task_handle task, region_handle region, std::string_view name,
                          task_handle by, place where);
  void write_task_ran(task_handle task, time_ns began, time_ns duration,
                      trace::maybe<std::uint64_t> thread);
  void write_task_parked(task_handle task, const wait_fact& wait);
  void write_task_ended(task_handle task, const outcome<void>& outcome);
  void write_task_joined(task_handle task, any_handle by);
  void write_cancel_requested(const cancellation& request, trace::cancel_effect effect);
  void write_phase_reached(any_handle target, const cancellation& why,
                           trace::cancel_phase_name phase);
  void write_budget_told(any_handle target, trace::budget_resource resource, std::uint64_t left,
                         bool exhausted);
  void write_obligation_reserved(obligation_handle obligation, trace::obligation_kind kind,
                                 region_handle region, task_handle task, std::string_view label,
                                 place where);
  void write_obligation_resolved(obligation_handle obligation, trace::obligation_fate fate,
                                 const cancellation& why);
  void write_slot_released(any_handle handle);

  template <class Body> void write(const Body& body, place where = {});
  template <class Body>
  void write_at(time_ns t, const Body& body, place where, trace::maybe<std::uint64_t> thread);

  const clock& clock_;
  trace::sink* sink_;
  trace::maybe<std::uint64_t> thread_{};
};

} // namespace cancelscope
