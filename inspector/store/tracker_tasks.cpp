// The events of tasks and of their cancellation.
#include "inspector/store/tracker.hpp"
#include "trace-format/names.hpp"

#include <fmt/format.h>

namespace cancelscope::inspector {

using trace::anomaly_code;

bool tracker::apply(const trace::task_spawn& body) {
  if (!is_new(body.task)) return false;
  const auto region = live(body.region).as<region_index>();
  if (!region) return false;
  task_row row{.id = body.task, .name = data_.intern(body.name)};
  row.region = region;
  row.spawned_by = optional("by", body.by).as<task_index>();
  row.spawned = now_;

  const task_index task{static_cast<std::uint32_t>(data_.tasks.size())};
  data_.tasks.push_back(row);
  ids_.introduce(body.task, task, now_);
  if (const auto before = data_.tasks[task.value()].previous_tenant) stops_waiting(before);
  subject_ = task;
  return true;
}

bool tracker::refuse_after_end(task_index task, std::string_view what) {
  const task_row& row = data_.tasks[task.value()];
  return refuse({anomaly_code::bad_transition,
                 fmt::format("`{}` was completed on line {}; {} cannot follow.",
                             trace::to_string(row.id), data_.events.line(row.completed()), what),
                 task});
}

// A run is known when it is over, so it may be written after the end that it led to, with the time it began.
bool tracker::apply(const trace::task_run& body) {
  const auto task = live(body.task).as<task_index>();
  if (!task) return false;
  const event_index over = data_.tasks[task.value()].completed();
  if (over && data_.events.time(over) < t_) return refuse_after_end(task, "`task_run`");
  stops_waiting(task);
  subject_ = task;
  return true;
}

bool tracker::apply(const trace::task_wait& body) {
  const auto task = live(body.task).as<task_index>();
  if (!task) return false;
  if (data_.tasks[task.value()].completed()) return refuse_after_end(task, "`task_wait`");
  stops_waiting(task);

  wait_row row{.task = task, .on = body.on, .label = data_.intern(body.label), .began = now_};
  if (body.what) {
    if (const auto cancel = trace::parse_cancel_id(*body.what)) {
      optional_cancel("what", cancel);
      row.what = data_.find(*cancel);
    } else {
      row.what = optional("what", trace::parse_entity_id(*body.what));
    }
  }
  const wait_index wait{static_cast<std::uint32_t>(data_.waits.size())};
  data_.waits.push_back(row);
  if (open_waits_.size() <= task.value()) open_waits_.resize(task.value() + 1);
  open_waits_[task.value()] = wait;
  subject_ = task;
  return true;
}

bool tracker::apply(const trace::cancel_request& body) {
  if (const cancel_index before = data_.find(body.cancel)) {
    return refuse(
        {anomaly_code::reused_id,
         fmt::format("`{}` was requested before, on line {}.", trace::to_string(body.cancel),
                     data_.events.line(data_.cancels[before.value()].requested)),
         before});
  }
  const entity whom = live(body.target);
  if (!whom) return false;

  cancel_row row{.id = body.cancel,
                 .kind = body.kind,
                 .effect = body.effect.value_or(trace::cancel_effect::applied),
                 .message = data_.intern(body.message),
                 .target = whom,
                 .cause_id = body.cause,
                 .requested = now_,
                 .deadline = body.deadline};
  if (body.kind == trace::cancel_kind::other) row.kind_name = data_.intern(body.kind_name);

  const auto task = row.target.as<task_index>();
  if (task && row.took_effect()) {
    task_row& target = data_.tasks[task.value()];
    if (target.completed()) return refuse_after_end(task, "a request that takes effect");
    if (!target.requested) target.requested = now_;
    stops_waiting(task);
  }
  const auto region = row.target.as<region_index>();
  if (region && row.took_effect() && data_.regions[region.value()].closed()) {
    return refuse(
        {anomaly_code::bad_transition,
         fmt::format("`{}` was closed on line {}; a request that takes effect cannot follow.",
                     trace::to_string(body.target),
                     data_.events.line(data_.regions[region.value()].closed())),
         region});
  }
  row.origin_region = optional("origin_region", body.origin_region).as<region_index>();
  row.origin_task = optional("origin_task", body.origin_task).as<task_index>();

  const cancel_index cancel{static_cast<std::uint32_t>(data_.cancels.size())};
  data_.cancels.push_back(row);
  ids_.introduce(body.cancel, cancel);
  if (!causes_.link(cancel, body.truncated.value_or(false))) {
    notice(
        anomaly_code::cause_cycle,
        fmt::format("The cause of `{}` is `{}`, which leads back to it; the chain is cut at `{}`.",
                    trace::to_string(body.cancel), trace::to_string(*body.cause),
                    trace::to_string(body.cancel)),
        row.target);
  }
  subject_ = row.target;
  return true;
}

bool tracker::apply(const trace::cancel_phase& body) {
  const entity target = live(body.target);
  if (!target) return false;
  if (!data_.find(body.cancel)) {
    return refuse({anomaly_code::unknown_id,
                   fmt::format("`cancel` names `{}`, which was never requested.",
                               trace::to_string(body.cancel)),
                   data_.find(body.target)});
  }
  subject_ = target;
  if (const auto region = subject_.as<region_index>()) return move_region(region, body);
  return move_task(subject_.as<task_index>(), body);
}

bool tracker::move_task(task_index task, const trace::cancel_phase& body) {
  task_row& row = data_.tasks[task.value()];
  const auto step = static_cast<std::size_t>(body.phase) - 1;
  const bool completing = body.phase == trace::cancel_phase_name::completed;
  // `completed` and `task_end` say the same and may come in either order, once each.
  if (completing ? static_cast<bool>(row.phases[2]) : static_cast<bool>(row.completed()))
    return refuse_after_end(task, fmt::format("phase `{}`", to_string(body.phase)));
  if (body.phase == trace::cancel_phase_name::draining && row.phases[1]) {
    return refuse({anomaly_code::bad_transition,
                   fmt::format("`{}` went back from `finalizing` to `draining`.",
                               trace::to_string(body.target)),
                   task});
  }
  if (!row.phases[step]) row.phases[step] = now_;
  stops_waiting(task);
  return true;
}

bool tracker::apply(const trace::task_end& body) {
  const auto task = live(body.task).as<task_index>();
  if (!task) return false;
  task_row& row = data_.tasks[task.value()];
  if (row.ended) return refuse_after_end(task, "a second `task_end`");
  row.ended = now_;
  row.outcome = body.outcome;
  row.error = data_.intern(body.error);
  optional_cancel("cancel", body.cancel);
  stops_waiting(task);
  subject_ = task;
  return true;
}

bool tracker::apply(const trace::task_join& body) {
  const auto task = live(body.task).as<task_index>();
  if (!task) return false;
  task_row& row = data_.tasks[task.value()];
  const std::optional<trace::entity_id> by = body.by;
  const entity joiner = optional("by", by);
  if (!row.joined) {
    row.joined = now_;
    row.joined_by = joiner;
  }
  if (joiner != entity{row.region}) row.joined_by_another = true;
  subject_ = task;
  return true;
}

bool tracker::apply(const trace::finalizer_ran& body) {
  const entity region = optional("region", body.region);
  const entity task = optional("task", body.task);
  subject_ = task ? task : region;
  if (const auto index = task.as<task_index>()) stops_waiting(index);
  return true;
}

bool tracker::apply(const trace::budget_left& body) {
  subject_ = live(body.target);
  if (!subject_) return false;
  data_.budgets_of.add(subject_, now_);
  if (const auto task = subject_.as<task_index>()) stops_waiting(task);
  return true;
}

bool tracker::apply(const trace::mark& body) {
  const entity region = optional("region", body.region);
  const entity task = optional("task", body.task);
  subject_ = task ? task : region;
  if (const auto index = task.as<task_index>()) stops_waiting(index);
  return true;
}

} // namespace cancelscope::inspector
