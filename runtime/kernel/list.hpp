// Doubly linked lists through the kernel's records, which do not move while they live. Private to the kernel.
#pragma once

#include "runtime/kernel/records.hpp"

namespace cancelscope::list {

template <class Record> void append(list_ends<Record>& ends, Record& record) noexcept {
  record.siblings = {.next = nullptr, .previous = ends.last};
  (ends.last != nullptr ? ends.last->siblings.next : ends.first) = &record;
  ends.last = &record;
}

template <class Record> void remove(list_ends<Record>& ends, const Record& record) noexcept {
  const auto [next, previous] = record.siblings;
  (previous != nullptr ? previous->siblings.next : ends.first) = next;
  (next != nullptr ? next->siblings.previous : ends.last) = previous;
}

} // namespace cancelscope::list
