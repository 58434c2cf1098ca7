// Doubly linked lists through records of a slot table. Private to the kernel.
#pragma once

#include "runtime/kernel/records.hpp"
#include "runtime/kernel/slot_table.hpp"

namespace cancelscope::list {

template <class Record, entity_kind Kind>
void append(slot_table<Record, Kind>& table, list_ends<handle<Kind>>& ends, handle<Kind> h,
            Record& record) {
  record.siblings = {.next = {}, .previous = ends.last};
  if (ends.last)
    table.get(ends.last).siblings.next = h;
  else
    ends.first = h;
  ends.last = h;
}

template <class Record, entity_kind Kind>
void remove(slot_table<Record, Kind>& table, list_ends<handle<Kind>>& ends, const Record& record) {
  const auto [next, previous] = record.siblings;
  if (previous)
    table.get(previous).siblings.next = next;
  else
    ends.first = next;
  if (next)
    table.get(next).siblings.previous = previous;
  else
    ends.last = previous;
}

} // namespace cancelscope::list
