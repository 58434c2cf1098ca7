// The events of regions and slots, and those that concern the trace as a whole.
#include "inspector/store/tracker.hpp"
#include "trace-format/names.hpp"

#include <fmt/format.h>

namespace cancelscope::inspector {

using trace::anomaly_code;

bool tracker::apply(const trace::region_open& body) {
  if (!is_new(body.region)) return false;
  region_row row{.id = body.region, .name = data_.intern(body.name)};
  if (body.parent.value) {
    row.parent = live(*body.parent.value).as<region_index>();
    if (!row.parent) return false;
    row.depth = data_.regions[row.parent.value()].depth + 1;
  }
  row.opened_by = optional("by", body.by).as<task_index>();
  row.opened = now_;

  const region_index region{static_cast<std::uint32_t>(data_.regions.size())};
  if (!row.parent) data_.roots.push_back(region);
  data_.regions.push_back(row);
  ids_.introduce(body.region, region, now_);
  subject_ = region;
  return true;
}

bool tracker::apply(const trace::region_moved& body) {
  const auto region = live(body.region).as<region_index>();
  if (!region) return false;
  region_row& row = data_.regions[region.value()];
  if (const event_index closed = row.closed()) {
    return refuse({anomaly_code::bad_transition,
                   fmt::format("`{}` was closed on line {}; it cannot be `{}` after that.",
                               trace::to_string(body.region), data_.events.line(closed),
                               to_string(body.state)),
                   region});
  }
  const auto step = static_cast<std::size_t>(body.state) - 1;
  for (std::size_t later = step + 1; later < row.moved.size(); ++later) {
    if (!row.moved[later]) continue;
    return refuse(
        {anomaly_code::bad_transition,
         fmt::format("`{}` went back from `{}` to `{}`.", trace::to_string(body.region),
                     to_string(static_cast<trace::region_state>(later + 1)), to_string(body.state)),
         region});
  }
  if (!row.moved[step]) row.moved[step] = now_;
  if (body.outcome) row.outcome = body.outcome;
  optional_cancel("cancel", body.cancel);
  subject_ = region;
  return true;
}

bool tracker::move_region(region_index region, const trace::cancel_phase& body) {
  region_row& row = data_.regions[region.value()];
  const auto step = static_cast<std::size_t>(body.phase) - 1;
  const bool completing = body.phase == trace::cancel_phase_name::completed;
  const event_index over = row.phases[2] ? row.phases[2]
                           : completing  ? event_index{}
                                         : row.closed();
  if (over) {
    return refuse(
        {anomaly_code::bad_transition,
         fmt::format("`{}` was over on line {}; phase `{}` cannot follow.",
                     trace::to_string(body.target), data_.events.line(over), to_string(body.phase)),
         region});
  }
  if (body.phase == trace::cancel_phase_name::draining && row.phases[1]) {
    return refuse({anomaly_code::bad_transition,
                   fmt::format("`{}` went back from `finalizing` to `draining`.",
                               trace::to_string(body.target)),
                   region});
  }
  if (!row.phases[step]) row.phases[step] = now_;
  return true;
}

bool tracker::apply(const trace::obligation_open& body) {
  if (!is_new(body.obligation)) return false;
  obligation_row row{.id = body.obligation, .kind = body.kind, .label = data_.intern(body.label)};
  row.region = optional("region", body.region).as<region_index>();
  row.task = optional("task", body.task).as<task_index>();
  row.opened = now_;

  const obligation_index obligation{static_cast<std::uint32_t>(data_.obligations.size())};
  data_.obligations.push_back(row);
  if (row.task) stops_waiting(row.task);
  ids_.introduce(body.obligation, obligation, now_);
  subject_ = obligation;
  return true;
}

bool tracker::apply(const trace::obligation_end& body) {
  const auto obligation = live(body.obligation).as<obligation_index>();
  if (!obligation) return false;
  obligation_row& row = data_.obligations[obligation.value()];
  if (row.ended) {
    return refuse({anomaly_code::bad_transition,
                   fmt::format("`{}` was {} on line {} already; it cannot be {} after that.",
                               trace::to_string(body.obligation), to_string(*row.fate),
                               data_.events.line(row.ended), to_string(body.how)),
                   obligation});
  }
  row.ended = now_;
  row.fate = body.how;
  optional_cancel("cancel", body.cancel);
  subject_ = obligation;
  return true;
}

bool tracker::apply(const trace::slot_release& body) {
  subject_ = live(body.id);
  if (!subject_) return false;
  ids_.release(body.id, subject_, now_);
  if (const auto task = subject_.as<task_index>()) stops_waiting(task);
  return true;
}

// The id is an old one by nature, and may be older than the trace: no anomaly.
bool tracker::apply(const trace::stale_use& body) {
  optional("by", body.by);
  subject_ = data_.find(body.id);
  return true;
}

bool tracker::apply(const trace::violation& body) {
  subject_ = optional("target", body.target);
  return true;
}

bool tracker::apply(const trace::dropped_events&) {
  data_.dropped.push_back(now_);
  return true;
}

bool tracker::apply(const trace::end_of_trace&) {
  data_.end = now_;
  return true;
}

} // namespace cancelscope::inspector
