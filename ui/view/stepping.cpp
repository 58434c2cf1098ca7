#include "ui/view/stepping.hpp"

#include "inspector/navigation/steps.hpp"
#include "inspector/query/query.hpp"

namespace cancelscope::ui {
namespace {

using namespace inspector;

step_target at_event(const trace_store& trace, event_index e, entity who) {
  return {moment::after(e), trace.time_of(e), {who, e}};
}

std::optional<step_target> forward(const document& open, const view_state& view, entity who) {
  const event_index e =
      who ? next_event(open.trace, view.cursor, who) : next_event(open.trace, view.cursor);
  if (!e) return {};
  return at_event(open.trace, e, who ? who : open.trace.subject_of(e));
}

std::optional<step_target> backward(const document& open, const view_state& view, entity who) {
  const auto previous = [&](moment m) {
    return who ? previous_event(open.trace, m, who) : previous_event(open.trace, m);
  };
  event_index e = previous(view.cursor);
  if (!e) return {};
  // The cursor stands on an event of this very row: the step is to the one before it.
  if (e == view.cursor.last_event()) {
    const event_index before = previous(moment::before(e));
    if (!before) return step_target{moment::before(e), open.trace.time_of(e), {who, {}}};
    e = before;
  }
  return at_event(open.trace, e, who ? who : open.trace.subject_of(e));
}

/// Along the chain of what Why is about; the selection says where in it we are.
std::optional<step_target> along_chain(const document& open, const view_state& view,
                                       bool to_cause) {
  const trace_store& trace = open.trace;
  const entity at = view.selected.who;
  const entity next =
      to_cause ? towards_cause(trace, view.subject, at) : towards_effect(trace, view.subject, at);
  if (!next) return {};
  const moment m = telling_moment(trace, next);
  return step_target{m, time_of(trace, m), {next, {}}};
}

std::optional<step_target> to_stop(const document& open, const view_state& view, bool forward) {
  const trace_store& trace = open.trace;
  const auto stop = query::parse(view.stop_condition);
  if (!stop || stop->matches_everything()) return {};
  const condition holds = stop->on(trace);
  event_index e =
      forward ? next_where(trace, view.cursor, holds) : previous_where(trace, view.cursor, holds);
  if (!forward && e && e == view.cursor.last_event())
    e = previous_where(trace, moment::before(e), holds);
  if (!e) return {};
  return at_event(trace, e, trace.subject_of(e));
}

} // namespace

std::optional<step_target> step_from(const document& open, const view_state& view,
                                     step_direction direction) {
  switch (direction) {
  case step_direction::next:
    return forward(open, view, view.selected.who);
  case step_direction::previous:
    return backward(open, view, view.selected.who);
  case step_direction::next_any:
    return forward(open, view, {});
  case step_direction::previous_any:
    return backward(open, view, {});
  case step_direction::cause:
    return along_chain(open, view, true);
  case step_direction::effect:
    return along_chain(open, view, false);
  case step_direction::next_stop:
    return to_stop(open, view, true);
  case step_direction::previous_stop:
    return to_stop(open, view, false);
  case step_direction::first:
    return step_target{moment{}, 0, view.selected};
  case step_direction::last:
    return step_target{end_of(open.trace), open.trace.last_time(), view.selected};
  }
  return {};
}

} // namespace cancelscope::ui
