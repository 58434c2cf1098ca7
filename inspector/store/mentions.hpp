// Every id that an event names, in whichever field, taken from the event model's own lists of fields.
#pragma once

#include "trace-format/events.hpp"

#include <optional>
#include <tuple>
#include <variant>

namespace cancelscope::inspector {

namespace mentions {

template <class Value, class Visit> void offer(const Value&, Visit&) {} // not an id

template <class Visit> void offer(const trace::entity_id& id, Visit& visit) {
  visit(id);
}
template <trace::entity_kind Kind, class Visit>
void offer(const trace::typed_id<Kind>& id, Visit& visit) {
  visit(static_cast<trace::entity_id>(id));
}
template <class Visit> void offer(const trace::cancel_id& id, Visit& visit) {
  visit(id);
}
template <class Value, class Visit> void offer(const std::optional<Value>& value, Visit& visit) {
  if (value) offer(*value, visit);
}
template <class Value, class Visit> void offer(const trace::nullable<Value>& value, Visit& visit) {
  offer(value.value, visit);
}

} // namespace mentions

/// Calls visit(entity_id) and visit(cancel_id) for each.
template <class Visit> void for_each_mentioned(const trace::event_body& body, Visit visit) {
  std::visit(
      [&](const auto& b) {
        std::apply([&](const auto&... field) { (mentions::offer(b.*field.member, visit), ...); },
                   b.fields());
        if constexpr (std::is_same_v<std::decay_t<decltype(b)>, trace::task_wait>) {
          if (!b.what) return;
          if (const auto id = trace::parse_entity_id(*b.what)) visit(*id);
          if (const auto cancel = trace::parse_cancel_id(*b.what)) visit(*cancel);
        }
      },
      body);
}

} // namespace cancelscope::inspector
