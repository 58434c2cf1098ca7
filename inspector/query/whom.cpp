#include "inspector/query/whom.hpp"

#include "inspector/attribution/effects.hpp"
#include "inspector/query/values.hpp"
#include "inspector/store/mentions.hpp"

#include <algorithm>
#include <utility>

namespace cancelscope::inspector {

entity_set::entity_set(const trace_store& trace) {
  const auto room_for = [this](entity_type type, std::size_t count) {
    members_[static_cast<std::size_t>(type)].resize(count);
  };
  room_for(entity_type::region, trace.regions().size());
  room_for(entity_type::task, trace.tasks().size());
  room_for(entity_type::cancel, trace.cancels().size());
  room_for(entity_type::obligation, trace.obligations().size());
}

bool entity_set::add(entity who) {
  if (!who || holds(who)) return false;
  members_[static_cast<std::size_t>(who.type())][who.index()] = true;
  return true;
}

std::vector<entity> meant(const trace_store& trace, std::string_view id_or_name, entity_type type) {
  const auto another = [type](entity who) {
    return type != entity_type::none && who.type() != type;
  };
  if (const entity who = trace.find(id_or_name); who && !another(who)) return {who};
  std::vector<entity> named = trace.find_named(id_or_name);
  std::erase_if(named, another);
  return named;
}

region_index home_of(const trace_store& trace, entity who) {
  if (const auto region = who.as<region_index>()) return region;
  if (const auto task = who.as<task_index>()) return trace[task].region;
  if (const auto obligation = who.as<obligation_index>()) {
    const obligation_row& row = trace[obligation];
    return row.region || !row.task ? row.region : trace[row.task].region;
  }
  return {};
}

namespace {

/// Regions come after the parent they were opened in, so one pass reaches all that is below.
void spread_downwards(const trace_store& trace, entity_set& set) {
  for (std::uint32_t i = 0; i < trace.regions().size(); ++i) {
    const region_row& row = trace[region_index{i}];
    if (set.holds(row.parent) || set.holds(row.opened_by)) set.add(region_index{i});
    if (!set.holds(region_index{i})) continue;
    for (const task_index task : trace.tasks_of(region_index{i}))
      set.add(task);
  }
  for (std::uint32_t i = 0; i < trace.obligations().size(); ++i) {
    const obligation_row& row = trace[obligation_index{i}];
    if (set.holds(row.task) || set.holds(home_of(trace, obligation_index{i})))
      set.add(obligation_index{i});
  }
}

} // namespace

entity_set all_under(const trace_store& trace, std::string_view id_or_name) {
  entity_set set(trace);
  for (const entity who : meant(trace, id_or_name, entity_type::none)) {
    set.add(who);
    if (const auto cancel = who.as<cancel_index>())
      for (const effect& e : effects_from(trace, cancel))
        set.add(e.cancel);
  }
  spread_downwards(trace, set);
  return set;
}

namespace {

bool is_called(const trace_store& trace, entity who, std::string_view text) {
  return contains_ignoring_case(trace.name_of(who), text) ||
         contains_ignoring_case(trace.id_of(who), text);
}

question any_named(const role& of, std::string value, bool wanted) {
  return [of, value = std::move(value), wanted](const trace_store& trace) {
    return predicate(
        [&trace, of, value, wanted, found = std::vector<entity>{}](event_index e) mutable {
          found.clear();
          of(trace, e, found);
          const bool any = std::any_of(found.begin(), found.end(),
                                       [&](entity who) { return is_called(trace, who, value); });
          return !found.empty() && any == wanted;
        });
  };
}

template <class Resolve> question any_in(const role& of, Resolve resolve, bool wanted) {
  return [of, resolve = std::move(resolve), wanted](const trace_store& trace) {
    return predicate([&trace, of, wanted, set = resolve(trace),
                      found = std::vector<entity>{}](event_index e) mutable {
      found.clear();
      of(trace, e, found);
      const bool any =
          std::any_of(found.begin(), found.end(), [&set](entity who) { return set.holds(who); });
      return !found.empty() && any == wanted;
    });
  };
}

} // namespace

trace::result<question> ask_whom(const role& of, entity_type type, comparison how,
                                 std::string_view value) {
  const std::string text(value);
  const auto those = [type, text](const trace_store& trace) {
    entity_set set(trace);
    for (const entity who : meant(trace, text, type))
      set.add(who);
    return set;
  };
  switch (how) {
  case comparison::equal:
  case comparison::shorthand:
    return any_in(of, those, true);
  case comparison::not_equal:
    return any_in(of, those, false);
  case comparison::contains:
    return any_named(of, text, true);
  case comparison::lacks:
    return any_named(of, text, false);
  case comparison::under:
    return any_in(of, [text](const trace_store& trace) { return all_under(trace, text); }, true);
  default:
    return trace::failure{"ids and names have no order: compare them with =, !=, ~, !~ or under"};
  }
}

namespace {

template <entity_type Type>
void named(const trace_store& trace, event_index e, std::vector<entity>& found) {
  std::vector<trace::extra_field> extra;
  for_each_mentioned(trace.event_at(e, extra).body, [&](auto id) {
    const entity who = trace.find(id);
    if (who && (Type == entity_type::none || who.type() == Type)) found.push_back(who);
  });
}

} // namespace

namespace roles {

void anyone(const trace_store& trace, event_index e, std::vector<entity>& found) {
  named<entity_type::none>(trace, e, found);
}
void regions(const trace_store& trace, event_index e, std::vector<entity>& found) {
  if (const region_index home = home_of(trace, trace.subject_of(e))) found.push_back(home);
  named<entity_type::region>(trace, e, found);
}
void tasks(const trace_store& trace, event_index e, std::vector<entity>& found) {
  named<entity_type::task>(trace, e, found);
}
void cancels(const trace_store& trace, event_index e, std::vector<entity>& found) {
  named<entity_type::cancel>(trace, e, found);
}
void obligations(const trace_store& trace, event_index e, std::vector<entity>& found) {
  named<entity_type::obligation>(trace, e, found);
}

void makers(const trace_store& trace, event_index e, std::vector<entity>& found) {
  const auto add = [&](const auto& id) {
    if (id)
      if (const entity who = trace.find(static_cast<trace::entity_id>(*id))) found.push_back(who);
  };
  switch (trace.kind_of(e)) {
  case event_kind::region_open:
    return add(trace.body_at<trace::region_open>(e).by);
  case event_kind::task_spawn:
    return add(trace.body_at<trace::task_spawn>(e).by);
  case event_kind::task_join:
    return add(trace.body_at<trace::task_join>(e).by);
  case event_kind::stale:
    return add(trace.body_at<trace::stale_use>(e).by);
  case event_kind::cancel: {
    const auto request = trace.body_at<trace::cancel_request>(e);
    add(request.origin_task);
    add(request.origin_region);
    return;
  }
  default:
    return;
  }
}

void awaited(const trace_store& trace, event_index e, std::vector<entity>& found) {
  if (trace.kind_of(e) != event_kind::task_wait) return;
  const auto what = trace.body_at<trace::task_wait>(e).what;
  if (!what) return;
  if (const entity who = trace.find(*what)) found.push_back(who);
}

role in_field(std::string_view name) {
  return [name](const trace_store& trace, event_index e, std::vector<entity>& found) {
    std::vector<trace::extra_field> extra;
    const auto add = [&](auto id) {
      if (const entity who = trace.find(id)) found.push_back(who);
    };
    const auto look = [&](const auto& body) {
      const auto take = [&](const auto& field) {
        if (field.name == name) mentions::offer(body.*field.member, add);
      };
      std::apply([&](const auto&... field) { (take(field), ...); }, body.fields());
    };
    std::visit(look, trace.event_at(e, extra).body);
  };
}

} // namespace roles

} // namespace cancelscope::inspector
