#include "inspector/navigation/steps.hpp"

#include "inspector/attribution/explain.hpp"

#include <algorithm>

namespace cancelscope::inspector {

event_index next_where(const trace_store& trace, moment m, const condition& holds) {
  for (event_index e = next_event(trace, m); e; e = next_event(trace, moment::after(e)))
    if (holds(e)) return e;
  return {};
}

event_index previous_where(const trace_store& trace, moment m, const condition& holds) {
  for (event_index e = previous_event(trace, m); e; e = previous_event(trace, moment::before(e)))
    if (holds(e)) return e;
  return {};
}

entity towards_cause(const trace_store& trace, entity subject, entity at) {
  const std::vector<cancel_index> links = chain_of(trace, subject).links;
  const auto here = std::find(links.begin(), links.end(), at.as<cancel_index>());
  const auto next = here == links.end() ? links.begin() : here + 1;
  return next == links.end() ? entity{} : entity{*next};
}

entity towards_effect(const trace_store& trace, entity subject, entity at) {
  const std::vector<cancel_index> links = chain_of(trace, subject).links;
  const auto here = std::find(links.begin(), links.end(), at.as<cancel_index>());
  if (here == links.end()) return {};
  if (here != links.begin()) return *(here - 1);
  const auto cancel = subject.as<cancel_index>();
  if (!cancel) return subject;
  const auto effects = trace.effects_of(cancel);
  return effects.empty() ? entity{} : entity{effects.front()};
}

} // namespace cancelscope::inspector
