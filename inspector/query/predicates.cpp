#include "inspector/query/predicates.hpp"

#include "inspector/query/values.hpp"
#include "inspector/text/describe.hpp"
#include "trace-format/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace cancelscope::inspector {

namespace {

using made = trace::result<question>;

/// A question whose answer needs nothing looked up beforehand.
template <class Holds> question ask(Holds holds) {
  return [holds = std::move(holds)](const trace_store& trace) {
    return predicate([&trace, holds](event_index e) { return holds(trace, e); });
  };
}

bool mentions(const trace_store& trace, event_index e, entity who) {
  const auto events = trace.events_of(who);
  return std::binary_search(events.begin(), events.end(), e);
}

bool mentions_any(const trace_store& trace, event_index e, const std::vector<entity>& anyone) {
  return std::any_of(anyone.begin(), anyone.end(),
                     [&](entity who) { return mentions(trace, e, who); });
}

/// Whoever has that id, or that name and type.
std::vector<entity> meant(const trace_store& trace, std::string_view value, entity_type type) {
  if (const entity who = trace.find(value)) return {who};
  std::vector<entity> named = trace.find_named(value);
  std::erase_if(named,
                [type](entity who) { return type != entity_type::none && who.type() != type; });
  return named;
}

/// A question about whoever the value means, looked up once.
template <class Holds> question ask_about(std::string_view value, entity_type type, Holds holds) {
  return [value = std::string(value), type, holds = std::move(holds)](const trace_store& trace) {
    return predicate([&trace, holds, whom = meant(trace, value, type)](event_index e) {
      return holds(trace, e, whom);
    });
  };
}

region_index region_of(const trace_store& trace, entity who) {
  if (const auto region = who.as<region_index>()) return region;
  if (const auto task = who.as<task_index>()) return trace[task].region;
  if (const auto obligation = who.as<obligation_index>()) {
    const obligation_row& row = trace[obligation];
    return row.region || !row.task ? row.region : trace[row.task].region;
  }
  return {};
}

bool is_within(const trace_store& trace, region_index region, entity above) {
  for (; region; region = trace[region].parent)
    if (entity{region} == above) return true;
  return false;
}

template <entity_type Type> made who(std::string_view value) {
  return ask_about(value, Type,
                   [](const trace_store& trace, event_index e, const std::vector<entity>& meant) {
                     return mentions_any(trace, e, meant);
                   });
}

/// The region itself, and what lives in it directly.
made in_region(std::string_view value) {
  return ask_about(value, entity_type::region,
                   [](const trace_store& trace, event_index e, const std::vector<entity>& regions) {
                     const region_index home = region_of(trace, trace.subject_of(e));
                     return mentions_any(trace, e, regions) ||
                            (home && std::find(regions.begin(), regions.end(), entity{home}) !=
                                         regions.end());
                   });
}

made under(std::string_view value) {
  return ask_about(value, entity_type::region,
                   [](const trace_store& trace, event_index e, const std::vector<entity>& regions) {
                     const region_index home = region_of(trace, trace.subject_of(e));
                     return std::any_of(regions.begin(), regions.end(), [&](entity above) {
                       return is_within(trace, home, above);
                     });
                   });
}

made named_event(std::string_view value) {
  return ask([value = std::string(value)](const trace_store& trace, event_index e) {
    return event_name(trace, e) == value;
  });
}

made of_kind(std::string_view value) {
  return ask([value = std::string(value)](const trace_store& trace, event_index e) {
    if (trace.kind_of(e) == event_kind::cancel)
      return trace::kind_name(trace.body_at<trace::cancel_request>(e)) == value;
    return trace.kind_of(e) == event_kind::obligation &&
           to_string(trace.body_at<trace::obligation_open>(e).kind) == value;
  });
}

/// A field of one event that has one of a few values.
template <class Body, auto Field, event_kind Kind> made field_is(std::string_view value) {
  using value_type = std::decay_t<decltype(std::declval<Body>().*Field)>;
  const auto wanted = trace::parse<value_type>(value);
  if (!wanted)
    return trace::failure{
        fmt::format("expected one of {}", fmt::join(trace::names_of<value_type>, ", "))};
  return ask([wanted = *wanted](const trace_store& trace, event_index e) {
    return trace.kind_of(e) == Kind && trace.body_at<Body>(e).*Field == wanted;
  });
}

made with_outcome(std::string_view value) {
  const auto wanted = trace::parse<trace::outcome_kind>(value);
  if (!wanted) return trace::failure{"expected one of ok, err, cancelled, panicked"};
  return ask([wanted = *wanted](const trace_store& trace, event_index e) {
    switch (trace.kind_of(e)) {
    case event_kind::task_end:
      return trace.body_at<trace::task_end>(e).outcome == wanted;
    case event_kind::region_state:
      return trace.body_at<trace::region_moved>(e).outcome == wanted;
    case event_kind::finalizer:
      return trace.body_at<trace::finalizer_ran>(e).outcome == wanted;
    default:
      return false;
    }
  });
}

made with_effect(std::string_view value) {
  const auto wanted = trace::parse<trace::cancel_effect>(value);
  if (!wanted) return trace::failure{"expected one of applied, strengthened, absorbed"};
  return ask([wanted = *wanted](const trace_store& trace, event_index e) {
    return trace.kind_of(e) == event_kind::cancel &&
           trace.body_at<trace::cancel_request>(e).effect.value_or(trace::cancel_effect::applied) ==
               wanted;
  });
}

made by_name(std::string_view value) {
  return ask([value = std::string(value)](const trace_store& trace, event_index e) {
    return contains_ignoring_case(trace.name_of(trace.subject_of(e)), value);
  });
}

made on_thread(std::string_view value) {
  const auto range = parse_range(value, parse_count);
  if (!range) return range.error();
  return ask([range = *range](const trace_store& trace, event_index e) {
    std::vector<trace::extra_field> extra;
    const auto thread = trace.event_at(e, extra).th;
    return thread && range.holds(*thread);
  });
}

made at_time(std::string_view value) {
  const auto range = parse_range(value, parse_duration);
  if (!range) return range.error();
  return ask([range = *range](const trace_store& trace, event_index e) {
    return range.holds(trace.time_of(e));
  });
}

made on_line(std::string_view value) {
  const auto range = parse_range(value, parse_count);
  if (!range) return range.error();
  return ask([range = *range](const trace_store& trace, event_index e) {
    return range.holds(trace.line_of(e));
  });
}

} // namespace

const std::vector<query_key>& query_keys() {
  static const std::vector<query_key> keys{
      {"ev", "NAME", "events of that name: task_wait, cancel", named_event},
      {"id", "ID", "events that name this region, task, cancel or obligation",
       who<entity_type::none>},
      {"region", "ID|NAME", "events of this region and of what lives in it directly", in_region},
      {"under", "ID|NAME", "events of this region and of everything below it", under},
      {"task", "ID|NAME", "events that name this task", who<entity_type::task>},
      {"cancel", "ID", "events that name this cancel", who<entity_type::cancel>},
      {"obligation", "ID|NAME", "events that name this obligation", who<entity_type::obligation>},
      {"name", "TEXT", "events of whoever has the text in their name", by_name},
      {"kind", "KIND", "cancels or obligations of that kind: timeout, lease", of_kind},
      {"effect", "EFFECT", "cancels that were applied, strengthened or absorbed", with_effect},
      {"outcome", "OUTCOME", "ends with ok, err, cancelled or panicked", with_outcome},
      {"state", "STATE", "regions that become closing, draining, finalizing or closed",
       field_is<trace::region_moved, &trace::region_moved::state, event_kind::region_state>},
      {"phase", "PHASE", "targets that become draining, finalizing or completed",
       field_is<trace::cancel_phase, &trace::cancel_phase::phase, event_kind::cancel_phase>},
      {"on", "REASON", "waits for timer, channel, join, io, permit or other",
       field_is<trace::task_wait, &trace::task_wait::on, event_kind::task_wait>},
      {"how", "FATE", "obligations committed, aborted or leaked",
       field_is<trace::obligation_end, &trace::obligation_end::how, event_kind::obligation_end>},
      {"th", "N", "events on that thread", on_thread},
      {"t", "TIME|A..B", "events at that time: 1250, 1ms..2.5ms, 3s..", at_time},
      {"line", "N|A..B", "events on these lines", on_line},
  };
  return keys;
}

question says(std::string_view text) {
  return ask([text = std::string(text)](const trace_store& trace, event_index e) {
    const entity subject = trace.subject_of(e);
    return contains_ignoring_case(event_name(trace, e), text) ||
           contains_ignoring_case(trace.name_of(subject), text) ||
           contains_ignoring_case(trace.id_of(subject), text) ||
           contains_ignoring_case(describe(trace, e), text);
  });
}

} // namespace cancelscope::inspector
