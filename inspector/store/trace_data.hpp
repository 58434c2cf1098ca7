// What a trace_store holds, open to those who fill it: the loader's tracker. Readers use trace_store.
#pragma once

#include "inspector/store/entities.hpp"
#include "inspector/store/event_columns.hpp"
#include "inspector/store/grouped.hpp"
#include "inspector/store/lists_when_asked.hpp"
#include "inspector/store/living_set.hpp"
#include "inspector/store/number_table.hpp"
#include "inspector/store/trace_store.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cancelscope::inspector {

struct trace_data {
  std::string name;
  std::optional<trace::header> header; ///< its text is in the pools
  pools pool;
  event_columns events;

  number_table cancel_numbers; ///< to indexes of cancels
  template <class Row> using rows_of = std::vector<Row, page_allocator<Row>>;
  rows_of<region_row> regions;
  rows_of<task_row> tasks;
  rows_of<cancel_row> cancels;
  rows_of<obligation_row> obligations;
  rows_of<wait_row> waits;

  std::vector<region_index> roots;
  grouped<cancel_index, cancel_index> effects;
  grouped_by_entity<event_index> budgets_of;

  // What the rows and events say already, by whom it is about: for whoever asks.
  lists_when_asked<grouped<region_index, region_index>> children;
  lists_when_asked<grouped<region_index, task_index>> tasks_of_region;
  lists_when_asked<grouped<task_index, wait_index>> waits_of_task;
  lists_when_asked<grouped_by_entity<cancel_index>> cancels_on;
  lists_when_asked<grouped_by_entity<obligation_index>> obligations_of;
  lists_when_asked<grouped_by_entity<event_index>> events_of;
  lists_when_asked<living_set> living;

  std::vector<noticed_anomaly> anomalies;
  std::vector<event_index> dropped;
  event_index end;

  [[nodiscard]] entity find(trace::entity_id id) const { return pool.ids.find(id); }
  [[nodiscard]] cancel_index find(trace::cancel_id id) const {
    const std::uint32_t found = cancel_numbers.find(id.number);
    return found == number_table::none ? cancel_index{} : cancel_index{found};
  }
  text_index intern(std::optional<trace::text> text) {
    return text ? text_index{pool.texts.intern(*text)} : text_index{};
  }

  /// The event that introduced it.
  [[nodiscard]] event_index introduced(entity who) const {
    if (const auto region = who.as<region_index>()) return regions[region.value()].opened;
    if (const auto task = who.as<task_index>()) return tasks[task.value()].spawned;
    if (const auto cancel = who.as<cancel_index>()) return cancels[cancel.value()].requested;
    return obligations[who.as<obligation_index>().value()].opened;
  }

  /// Since when its slot is free again, or another's.
  [[nodiscard]] event_index released(entity who) const {
    if (const auto region = who.as<region_index>()) return regions[region.value()].released;
    if (const auto task = who.as<task_index>()) return tasks[task.value()].released;
    return obligations[who.as<obligation_index>().value()].released;
  }
  /// Who had its slot before, or none.
  [[nodiscard]] entity previous_tenant(entity who) const {
    if (const auto region = who.as<region_index>()) return regions[region.value()].previous_tenant;
    if (const auto task = who.as<task_index>()) return tasks[task.value()].previous_tenant;
    return obligations[who.as<obligation_index>().value()].previous_tenant;
  }

  /// Calls visit(entity) for each id the event names, in whichever field, of one that was introduced by then.
  template <class Visit> void each_mentioned(event_index e, Visit visit) const {
    const auto if_known = [&](entity who) {
      if (who && introduced(who) <= e) visit(who);
    };
    const auto visit_id = [&]<class Id>(Id id) {
      if constexpr (std::is_same_v<Id, entity>)
        visit(id);
      else
        if_known(find(id));
    };
    events.each_id(pool, e, visit_id);
    if (events.kind(e) != event_kind::task_wait) return;
    const auto what = events.body<trace::task_wait>(pool, e).what;
    if (!what) return;
    if (const auto id = trace::parse_entity_id(*what)) if_known(find(*id));
    if (const auto cancel = trace::parse_cancel_id(*what)) if_known(find(*cancel));
  }
};

} // namespace cancelscope::inspector
