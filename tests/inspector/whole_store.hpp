// Everything that a store answers, as lines of text: two stores that say the same are the same.
//
// Threading: reads the store only. Failure: none.
#pragma once

#include "inspector/store/trace_store.hpp"
#include "inspector/text/describe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <string>
#include <vector>

namespace cancelscope::inspector::testing {

namespace whole_store {

template <class Tag> std::string shown(dense_index<Tag> i) {
  return i ? fmt::format("{}", i.value()) : std::string("-");
}
inline std::string shown(entity who) {
  return fmt::format("{}:{}", static_cast<int>(who.type()), who.index());
}
template <class List> std::string shown_all(const List& list) {
  std::string all = "[";
  for (const auto& one : list)
    all += shown(one) + " ";
  return all + "]";
}
template <class Value> std::string number(const std::optional<Value>& value) {
  return value ? fmt::format("{}", static_cast<std::uint64_t>(*value)) : std::string("-");
}

inline std::string lists_of(const trace_store& trace, entity who) {
  std::string text = fmt::format("  {} {} is {}\n", shown(who), trace.id_of(who),
                                 shown(trace.find(trace.id_of(who))));
  text += fmt::format("  events {} budgets {} cancels {} obligations {}\n",
                      shown_all(trace.events_of(who)), shown_all(trace.budgets_of(who)),
                      shown_all(trace.cancels_on(who)), shown_all(trace.obligations_of(who)));
  if (const auto limits = trace.limits_of(who))
    text += fmt::format("  limits {} {} {} {}\n", number(limits->deadline), number(limits->polls),
                        number(limits->cost), limits->priority);
  return text;
}

inline std::string rows_of(const trace_store& trace) {
  std::string text;
  for (std::uint32_t i = 0; i < trace.regions().size(); ++i) {
    const region_index region{i};
    const region_row& row = trace[region];
    text += fmt::format(
        "region {} `{}` in {} by {} depth {} opened {} moved {} released {} before {} "
        "outcome {} phases {} children {} tasks {}\n",
        to_string(trace::entity_id(row.id)), trace.text(row.name), shown(row.parent),
        shown(row.opened_by), row.depth, shown(row.opened), shown_all(row.moved),
        shown(row.released), shown(row.previous_tenant), number(row.outcome), shown_all(row.phases),
        shown_all(trace.children_of(region)), shown_all(trace.tasks_of(region)));
    text += lists_of(trace, region);
  }
  for (std::uint32_t i = 0; i < trace.tasks().size(); ++i) {
    const task_index task{i};
    const task_row& row = trace[task];
    text += fmt::format(
        "task {} `{}` in {} by {} spawned {} requested {} phases {} ended {} joined {} "
        "by {} another {} released {} before {} outcome {} error `{}` waits {}\n",
        to_string(trace::entity_id(row.id)), trace.text(row.name), shown(row.region),
        shown(row.spawned_by), shown(row.spawned), shown(row.requested), shown_all(row.phases),
        shown(row.ended), shown(row.joined), shown(row.joined_by), row.joined_by_another,
        shown(row.released), shown(row.previous_tenant), number(row.outcome), trace.text(row.error),
        shown_all(trace.waits_of(task)));
    text += lists_of(trace, task);
  }
  for (std::uint32_t i = 0; i < trace.obligations().size(); ++i) {
    const obligation_index obligation{i};
    const obligation_row& row = trace[obligation];
    text += fmt::format(
        "obligation {} {} `{}` in {} of {} opened {} ended {} released {} before {} "
        "fate {}\n",
        to_string(trace::entity_id(row.id)), static_cast<int>(row.kind), trace.text(row.label),
        shown(row.region), shown(row.task), shown(row.opened), shown(row.ended),
        shown(row.released), shown(row.previous_tenant), number(row.fate));
    text += lists_of(trace, obligation);
  }
  for (std::uint32_t i = 0; i < trace.cancels().size(); ++i) {
    const cancel_index cancel{i};
    const cancel_row& row = trace[cancel];
    text += fmt::format(
        "cancel {} {} {} cut {} `{}` `{}` on {} cause {} {} from {} {} requested {} "
        "deadline {} effects {}\n",
        to_string(row.id), static_cast<int>(row.kind), static_cast<int>(row.effect),
        static_cast<int>(row.cut), trace.text(row.kind_name), trace.text(row.message),
        shown(row.target), shown(row.cause), row.cause_id ? to_string(*row.cause_id) : "-",
        shown(row.origin_region), shown(row.origin_task), shown(row.requested),
        number(row.deadline), shown_all(trace.effects_of(cancel)));
    text += lists_of(trace, cancel);
  }
  for (const wait_row& row : trace.waits())
    text +=
        fmt::format("wait {} on {} `{}` for {} {} {}\n", shown(row.task), static_cast<int>(row.on),
                    trace.text(row.label), shown(row.what), shown(row.began), shown(row.ended));
  return text;
}

} // namespace whole_store

inline std::string whole(const trace_store& trace) {
  using namespace whole_store;
  std::string text =
      fmt::format("{} events until {}, ended {}, header {}, roots {}, dropped {}\n",
                  trace.event_count(), trace.last_time(), trace.ended_in_order(),
                  trace.header().has_value(), shown_all(trace.roots()), shown_all(trace.dropped()));
  for (std::uint32_t i = 0; i < trace.event_count(); ++i) {
    const event_index e{i};
    text += fmt::format("{} line {} at {} kind {} of {}: {}\n", i, trace.line_of(e),
                        trace.time_of(e), static_cast<int>(trace.kind_of(e)),
                        shown(trace.subject_of(e)), json_line(trace, e));
  }
  text += rows_of(trace);
  for (const noticed_anomaly& a : trace.anomalies())
    text += fmt::format("anomaly {} {} at {} of {}: {}\n", a.what.line, to_string(a.what.code), a.t,
                        shown(a.target), a.what.message);
  const auto events = static_cast<std::uint32_t>(trace.event_count());
  for (std::uint32_t i = 0; i <= events; i += 1 + events / 16) {
    auto present = trace.maybe_present(i);
    std::ranges::sort(present);
    text += fmt::format("after {} perhaps {}\n", i, shown_all(present));
  }
  return text;
}

} // namespace cancelscope::inspector::testing
