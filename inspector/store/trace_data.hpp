// What a trace_store holds, open to those who fill it: the loader's tracker. Readers use trace_store.
#pragma once

#include "inspector/store/entities.hpp"
#include "inspector/store/event_columns.hpp"
#include "inspector/store/grouped.hpp"
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
  living_set living;

  std::vector<region_row> regions;
  std::vector<task_row> tasks;
  std::vector<cancel_row> cancels;
  std::vector<obligation_row> obligations;
  std::vector<wait_row> waits;

  std::vector<region_index> roots;
  grouped<region_index, region_index> children;
  grouped<region_index, task_index> tasks_of_region;
  grouped<task_index, wait_index> waits_of_task;
  grouped<cancel_index, cancel_index> effects;
  grouped_by_entity<cancel_index> cancels_on;
  grouped_by_entity<obligation_index> obligations_of;
  grouped_by_entity<event_index> events_of;
  grouped_by_entity<event_index> budgets_of;

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
};

} // namespace cancelscope::inspector
