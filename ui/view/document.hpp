// What is open: a trace, and what is worked out of it once.
//
// Owner:     the application; panels see it const, and only while they draw.
// Threading: a value, immutable once made.
#pragma once

#include "inspector/attribution/chain.hpp"
#include "inspector/findings/finding.hpp"
#include "inspector/store/trace_store.hpp"
#include "inspector/timeline/slots.hpp"
#include "inspector/timeline/tree.hpp"
#include "ui/view/slot_kind.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace cancelscope::ui {

/// How much happened when, for the overview strip: equal stretches of the whole trace.
struct density {
  std::vector<std::uint32_t> events;
  std::vector<std::uint32_t> cancels; ///< those that took effect
  std::uint32_t most_events = 0;
  double until = 1; ///< ns; where the last stretch ends
};

/// The trace in a few numbers, for who has selected nothing yet.
struct summary {
  std::uint32_t cancelled_tasks = 0;
  /// A cancel that nothing else in the trace caused, and how many tasks ended cancelled by it, most first.
  struct root {
    inspector::cancel_index cancel;
    std::uint32_t tasks = 0;
  };
  std::vector<root> roots;
  std::map<std::string, std::uint32_t> tasks_by_kind; ///< kind of the root cause
};

struct document {
  std::string name;
  std::uint64_t revision = 0; ///< differs from every other document's: the key of what panels keep
  inspector::trace_store trace;
  std::vector<inspector::finding> findings{};
  std::array<std::uint32_t, 3> findings_by_severity{}; ///< indexed by severity
  std::vector<inspector::lane> lanes{};
  inspector::slot_table slots{};
  density activity{};
  summary totals{};

  bool still_arriving = false; ///< there is more of it to come: findings are not looked for yet

  [[nodiscard]] double duration() const { return static_cast<double>(trace.last_time()); }
  [[nodiscard]] const std::vector<inspector::slot_history>& slots_of(slot_kind kind) const;
};

document make_document(inspector::trace_store trace);
/// Of a trace that is still being loaded, as of what has arrived; make it anew when there is more.
document make_early_document(inspector::trace_store so_far);

/// What to look at first: whom the worst finding concerns, or the task whose cancellation tells most; none where
/// nothing was cancelled and nothing is wrong.
inspector::entity most_telling(const document& open);

/// The moment at which the most is to be seen of it: a cancelled one's end, before its slot goes.
inspector::moment telling_moment(const inspector::trace_store& trace, inspector::entity who);

/// The times between which something happened to it and to what cancelled it.
struct lifetime {
  std::uint64_t from = 0;
  std::uint64_t to = 0;
};
lifetime lifetime_of(const inspector::trace_store& trace, inspector::entity who);

} // namespace cancelscope::ui
