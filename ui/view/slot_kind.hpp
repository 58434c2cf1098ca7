// Whose slots: regions, tasks and obligations have their own.
#pragma once

namespace cancelscope::ui {

enum class slot_kind { regions, tasks, obligations };

/// As ids begin: r, t, o.
constexpr char letter_of(slot_kind kind) {
  return kind == slot_kind::regions ? 'r' : kind == slot_kind::tasks ? 't' : 'o';
}

} // namespace cancelscope::ui
