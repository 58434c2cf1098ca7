// The events of regions and slots, and those that concern the trace as a whole.
#include "inspector/store/tracker.hpp"
#include "trace-format/names.hpp"

#include <fmt/format.h>

namespace cancelscope::inspector {

using trace::anomaly_code;

tracker::verdict tracker::apply(const trace::region_open& body) {
  if (auto no = ids_.why_not_new(body.region)) return no;
  region_row row{.id = body.region, .name = data_.intern(body.name)};
  if (body.parent.value) {
    if (auto no = ids_.why_not_live(*body.parent.value)) return no;
    row.parent = live<region_index>(*body.parent.value);
    row.depth = data_.regions[row.parent.value()].depth + 1;
  }
  row.opened_by = optional("by", body.by).as<task_index>();
  row.opened = now_;

  const region_index region{static_cast<std::uint32_t>(data_.regions.size())};
  if (row.parent)
    data_.children.add(row.parent, region);
  else
    data_.roots.push_back(region);
  data_.regions.push_back(row);
  ids_.introduce(body.region, region, now_);
  subject_ = region;
  return {};
}

tracker::verdict tracker::apply(const trace::region_moved& body) {
  if (auto no = ids_.why_not_live(body.region)) return no;
  const auto region = live<region_index>(body.region);
  region_row& row = data_.regions[region.value()];
  if (const event_index closed = row.closed()) {
    return refusal{anomaly_code::bad_transition,
                   fmt::format("`{}` was closed on line {}; it cannot be `{}` after that.",
                               trace::to_string(body.region), data_.events.line(closed),
                               to_string(body.state)),
                   region};
  }
  const auto step = static_cast<std::size_t>(body.state) - 1;
  for (std::size_t later = step + 1; later < row.moved.size(); ++later) {
    if (!row.moved[later]) continue;
    return refusal{anomaly_code::bad_transition,
                   fmt::format("`{}` went back from `{}` to `{}`.", trace::to_string(body.region),
                               to_string(static_cast<trace::region_state>(later + 1)),
                               to_string(body.state)),
                   region};
  }
  if (!row.moved[step]) row.moved[step] = now_;
  if (body.outcome) row.outcome = body.outcome;
  optional_cancel("cancel", body.cancel);
  subject_ = region;
  return {};
}

tracker::verdict tracker::move_region(region_index region, const trace::cancel_phase& body) {
  region_row& row = data_.regions[region.value()];
  const auto step = static_cast<std::size_t>(body.phase) - 1;
  const bool completing = body.phase == trace::cancel_phase_name::completed;
  const event_index over = row.phases[2] ? row.phases[2]
                           : completing  ? event_index{}
                                         : row.closed();
  if (over) {
    return refusal{anomaly_code::bad_transition,
                   fmt::format("`{}` was over on line {}; phase `{}` cannot follow.",
                               trace::to_string(body.target), data_.events.line(over),
                               to_string(body.phase)),
                   region};
  }
  if (body.phase == trace::cancel_phase_name::draining && row.phases[1]) {
    return refusal{anomaly_code::bad_transition,
                   fmt::format("`{}` went back from `finalizing` to `draining`.",
                               trace::to_string(body.target)),
                   region};
  }
  if (!row.phases[step]) row.phases[step] = now_;
  return {};
}

tracker::verdict tracker::apply(const trace::obligation_open& body) {
  if (auto no = ids_.why_not_new(body.obligation)) return no;
  obligation_row row{.id = body.obligation, .kind = body.kind, .label = data_.intern(body.label)};
  row.region = optional("region", body.region).as<region_index>();
  row.task = optional("task", body.task).as<task_index>();
  row.opened = now_;

  const obligation_index obligation{static_cast<std::uint32_t>(data_.obligations.size())};
  data_.obligations.push_back(row);
  if (row.region) data_.obligations_of.add(row.region, obligation);
  if (row.task) {
    data_.obligations_of.add(row.task, obligation);
    stops_waiting(row.task);
  }
  ids_.introduce(body.obligation, obligation, now_);
  subject_ = obligation;
  return {};
}

tracker::verdict tracker::apply(const trace::obligation_end& body) {
  if (auto no = ids_.why_not_live(body.obligation)) return no;
  const auto obligation = live<obligation_index>(body.obligation);
  obligation_row& row = data_.obligations[obligation.value()];
  if (row.ended) {
    return refusal{anomaly_code::bad_transition,
                   fmt::format("`{}` was {} on line {} already; it cannot be {} after that.",
                               trace::to_string(body.obligation), to_string(*row.fate),
                               data_.events.line(row.ended), to_string(body.how)),
                   obligation};
  }
  row.ended = now_;
  row.fate = body.how;
  optional_cancel("cancel", body.cancel);
  subject_ = obligation;
  return {};
}

tracker::verdict tracker::apply(const trace::slot_release& body) {
  if (auto no = ids_.why_not_live(body.id)) return no;
  subject_ = data_.find(body.id);
  ids_.release(subject_, now_);
  if (const auto task = subject_.as<task_index>()) stops_waiting(task);
  return {};
}

// The id is an old one by nature, and may be older than the trace: no anomaly.
tracker::verdict tracker::apply(const trace::stale_use& body) {
  optional("by", body.by);
  subject_ = data_.find(body.id);
  return {};
}

tracker::verdict tracker::apply(const trace::violation& body) {
  subject_ = optional("target", body.target);
  return {};
}

tracker::verdict tracker::apply(const trace::dropped_events&) {
  data_.dropped.push_back(now_);
  return {};
}

tracker::verdict tracker::apply(const trace::end_of_trace&) {
  data_.end = now_;
  return {};
}

} // namespace cancelscope::inspector
