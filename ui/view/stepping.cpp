#include "ui/view/stepping.hpp"

#include "inspector/attribution/explain.hpp"

#include <algorithm>

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

step_target at_cancel(const trace_store& trace, cancel_index cancel) {
  const event_index e = trace[cancel].requested;
  return {moment::after(e), trace.time_of(e), {cancel, {}}};
}

// Along the chain of what Why is about; the selected link is where we are in it, the subject is its lower end.
std::optional<step_target> along_chain(const document& open, const view_state& view,
                                       bool towards_cause) {
  if (!view.subject) return {};
  const std::vector<cancel_index> links = explain(open.trace, view.subject).chain.links;
  const auto here = std::find(links.begin(), links.end(), view.selected.who.as<cancel_index>());
  if (towards_cause) {
    // From a cancel that is itself the subject the first link is where we stand already.
    const auto next = here == links.end() ? links.begin() : here + 1;
    if (next == links.end()) return {};
    return at_cancel(open.trace, *next);
  }
  if (here == links.end()) return {};
  if (here != links.begin()) return at_cancel(open.trace, *(here - 1));
  if (const auto subject = view.subject.as<cancel_index>()) {
    const auto effects = open.trace.effects_of(subject);
    if (effects.empty()) return {};
    return at_cancel(open.trace, effects.front());
  }
  const moment m = telling_moment(open.trace, view.subject);
  return step_target{m, time_of(open.trace, m), {view.subject, {}}};
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
  case step_direction::first:
    return step_target{moment{}, 0, view.selected};
  case step_direction::last:
    return step_target{end_of(open.trace), open.trace.last_time(), view.selected};
  }
  return {};
}

} // namespace cancelscope::ui
