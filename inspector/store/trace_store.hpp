// A trace in memory: every event as it was written, in typed columns, and what the events say of each
// region, task, cancel and obligation. Everything else in the inspector reads this and nothing more.
//
// Ownership: the store owns all text; views and spans live as long as the store stays as it is. While a loader fills it,
//            loader::watch() gives another one of the same columns.
// Threading: filled by one loader; once the loader is done, or between two of its calls, any number of
//            threads may read.
// Failure:   none; what could not be used is listed in anomalies().
//
//     const trace_store& trace = *loaded;                     // inspector/store/loader.hpp
//     if (entity who = trace.find("t3.1")) show(trace.name_of(who), trace.events_of(who));
#pragma once

#include "inspector/store/entities.hpp"
#include "inspector/store/indexes.hpp"
#include "trace-format/anomaly.hpp"
#include "trace-format/events.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cancelscope::inspector {

struct trace_data;

/// The events of the format, in the order of trace::event_body.
enum class event_kind : std::uint8_t {
  header,
  region_open,
  region_state,
  task_spawn,
  task_run,
  task_wait,
  cancel,
  cancel_phase,
  task_end,
  task_join,
  obligation,
  obligation_end,
  finalizer,
  budget,
  release,
  stale,
  handshake,
  violation,
  mark,
  dropped,
  end,
  unknown,
};

/// An anomaly, and where the inspector knows it, whom it concerns and when.
struct noticed_anomaly {
  trace::anomaly what;
  entity target;
  std::uint64_t t = 0; ///< the time of the refused line, or of the event before where it had none
};

class trace_store {
public:
  trace_store();
  trace_store(trace_store&&) noexcept;
  trace_store& operator=(trace_store&&) noexcept;
  ~trace_store();

  /// What the trace says of itself; empty before the header has arrived.
  [[nodiscard]] const std::optional<trace::header>& header() const;
  /// The file's name or address, for people.
  [[nodiscard]] const std::string& name() const;

  // ---- Events, in the order of their lines. The header is none of them. ----

  [[nodiscard]] std::size_t event_count() const;
  [[nodiscard]] event_kind kind_of(event_index e) const;
  /// Never falls from event to event; an event whose time went back counts at the time before it.
  [[nodiscard]] std::uint64_t time_of(event_index e) const;
  /// The line it stood in, counted from 1; the header is line 1.
  [[nodiscard]] std::uint64_t line_of(event_index e) const;
  /// Whom it is about: the task of a task_wait, the target of a cancel. None for marks without one and the like.
  [[nodiscard]] entity subject_of(event_index e) const;
  /// The event whole, as it was written, unknown fields too. Its text borrows from the store; its list of
  /// unknown fields lies in `extra`, which must outlive the answer.
  [[nodiscard]] trace::event event_at(event_index e, std::vector<trace::extra_field>& extra) const;
  /// The body alone, where its type is known from kind_of; aborts for another kind.
  template <class Body> [[nodiscard]] Body body_at(event_index e) const;
  /// The time of the last event; 0 without events.
  [[nodiscard]] std::uint64_t last_time() const;
  /// The trace holds its `end`.
  [[nodiscard]] bool ended_in_order() const;

  // ---- Entities ----

  [[nodiscard]] std::span<const region_row> regions() const;
  [[nodiscard]] std::span<const task_row> tasks() const;
  [[nodiscard]] std::span<const cancel_row> cancels() const;
  [[nodiscard]] std::span<const obligation_row> obligations() const;
  [[nodiscard]] std::span<const wait_row> waits() const;
  [[nodiscard]] const region_row& operator[](region_index i) const { return regions()[i.value()]; }
  [[nodiscard]] const task_row& operator[](task_index i) const { return tasks()[i.value()]; }
  [[nodiscard]] const cancel_row& operator[](cancel_index i) const { return cancels()[i.value()]; }
  [[nodiscard]] const obligation_row& operator[](obligation_index i) const {
    return obligations()[i.value()];
  }
  [[nodiscard]] const wait_row& operator[](wait_index i) const { return waits()[i.value()]; }

  /// When so many events have happened: regions and tasks among which are all that exist then, and not many more; each
  /// once. Found without going through the trace (timeline/tree.hpp makes the tree of it).
  [[nodiscard]] std::vector<entity> maybe_present(std::uint32_t events_happened) const;
  [[nodiscard]] std::span<const region_index> roots() const;
  /// Child regions and tasks, in the order they were opened and spawned.
  [[nodiscard]] std::span<const region_index> children_of(region_index i) const;
  [[nodiscard]] std::span<const task_index> tasks_of(region_index i) const;
  [[nodiscard]] std::span<const obligation_index> obligations_of(entity owner) const;
  [[nodiscard]] std::span<const wait_index> waits_of(task_index i) const;
  /// Every cancel that was requested of the region or task, absorbed ones too, oldest first.
  [[nodiscard]] std::span<const cancel_index> cancels_on(entity target) const;
  /// The cancels whose cause it is.
  [[nodiscard]] std::span<const cancel_index> effects_of(cancel_index i) const;
  /// Every event that names it, in whichever role.
  [[nodiscard]] std::span<const event_index> events_of(entity who) const;
  /// The `budget` events on it.
  [[nodiscard]] std::span<const event_index> budgets_of(entity target) const;
  /// Its limits as given when it was opened or spawned.
  [[nodiscard]] std::optional<trace::budget_limits> limits_of(entity who) const;

  // ---- Names ----

  /// The region, task, obligation or cancel of that id, or none: `t3.1`, `c12`.
  [[nodiscard]] entity find(std::string_view id) const;
  [[nodiscard]] entity find(trace::entity_id id) const;
  [[nodiscard]] cancel_index find(trace::cancel_id id) const;
  /// All that bear exactly that name or label, regions first.
  [[nodiscard]] std::vector<entity> find_named(std::string_view name) const;
  /// `t3.1`; empty for none.
  [[nodiscard]] std::string id_of(entity who) const;
  /// Its name or label; empty where it has none. A cancel's is its message.
  [[nodiscard]] std::string_view name_of(entity who) const;
  [[nodiscard]] std::string_view text(text_index i) const; ///< empty for none

  // ---- What is wrong with the input ----

  /// In the order of their lines.
  [[nodiscard]] std::span<const noticed_anomaly> anomalies() const;
  /// The dropped events in the trace, in order.
  [[nodiscard]] std::span<const event_index> dropped() const;

private:
  friend class loader;
  explicit trace_store(std::shared_ptr<trace_data> data);

  std::shared_ptr<trace_data> data_;
};

} // namespace cancelscope::inspector
