// Whom an event names, and whom a query means: sets of regions, tasks, cancels and obligations.
//
// Threading: reads the store only. Failure: none; a value that means nobody gives an empty set.
#pragma once

#include "inspector/query/fields.hpp"
#include "inspector/store/trace_store.hpp"

#include <array>
#include <functional>
#include <string_view>
#include <vector>

namespace cancelscope::inspector {

class entity_set {
public:
  explicit entity_set(const trace_store& trace);
  /// False when it was in already.
  bool add(entity who);
  [[nodiscard]] bool holds(entity who) const {
    return who && members_[static_cast<std::size_t>(who.type())][who.index()];
  }

private:
  std::array<std::vector<bool>, 5> members_;
};

/// The one of that id, or all of that name; of one type, unless that is none.
std::vector<entity> meant(const trace_store& trace, std::string_view id_or_name, entity_type type);

/// Those meant, and all that is under them: of a region what lives in it and below; of a task what lives in the
/// regions that it opened; of a cancel the cancels that it led to.
entity_set all_under(const trace_store& trace, std::string_view id_or_name);

/// Where it lives: a region itself, a task's region, an obligation's. None for cancels.
region_index home_of(const trace_store& trace, entity who);

/// Collects whom an event names in some role.
using role = std::function<void(const trace_store&, event_index, std::vector<entity>&)>;

/// A comparison with whom the event names in that role. What names nobody there is never matched.
trace::result<question> ask_whom(const role& of, entity_type type, comparison how,
                                 std::string_view value);

namespace roles {

void anyone(const trace_store& trace, event_index e, std::vector<entity>& found);
void regions(const trace_store& trace, event_index e,
             std::vector<entity>& found); ///< home and named
void tasks(const trace_store& trace, event_index e, std::vector<entity>& found);
void cancels(const trace_store& trace, event_index e, std::vector<entity>& found);
void obligations(const trace_store& trace, event_index e, std::vector<entity>& found);
void makers(const trace_store& trace, event_index e, std::vector<entity>& found); ///< who did it
void awaited(const trace_store& trace, event_index e,
             std::vector<entity>& found); ///< what a task waits for
/// Whom the event names in the wire field of that name.
role in_field(std::string_view name);

} // namespace roles

} // namespace cancelscope::inspector
