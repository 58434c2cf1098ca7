#include "inspector/store/id_book.hpp"

#include <fmt/format.h>

namespace cancelscope::inspector {

entity id_book::last_tenant(trace::entity_id id) const {
  return data_.pool.ids.last_in_slot_of(id);
}

trace::entity_id id_book::id_of(entity who) const {
  if (const auto region = who.as<region_index>()) return data_.regions[region.value()].id;
  if (const auto task = who.as<task_index>()) return data_.tasks[task.value()].id;
  return data_.obligations[who.as<obligation_index>().value()].id;
}

void id_book::release(trace::entity_id id, entity who, event_index now) {
  data_.pool.ids.release(id);
  set_released(who, now);
}

void id_book::set_released(entity who, event_index now) {
  if (const auto region = who.as<region_index>()) data_.regions[region.value()].released = now;
  if (const auto task = who.as<task_index>()) data_.tasks[task.value()].released = now;
  if (const auto obligation = who.as<obligation_index>())
    data_.obligations[obligation.value()].released = now;
}

void id_book::set_previous_tenant(entity who, entity before) {
  if (const auto region = who.as<region_index>())
    data_.regions[region.value()].previous_tenant = before.as<region_index>();
  if (const auto task = who.as<task_index>())
    data_.tasks[task.value()].previous_tenant = before.as<task_index>();
  if (const auto obligation = who.as<obligation_index>())
    data_.obligations[obligation.value()].previous_tenant = before.as<obligation_index>();
}

refusal id_book::why_not_live(trace::entity_id id) const {
  const entity who = data_.find(id);
  const entity tenant = last_tenant(id);
  const bool held = tenant && !data_.released(tenant);
  if (held && id_of(tenant).generation > id.generation) {
    return refusal{trace::anomaly_code::stale_id,
                   fmt::format("`{}` is of an earlier life of its slot, which `{}` has now.",
                               trace::to_string(id), trace::to_string(id_of(tenant))),
                   who};
  }
  if (!who) {
    return refusal{trace::anomaly_code::unknown_id,
                   fmt::format("`{}` was never introduced.", trace::to_string(id)),
                   {}};
  }
  return refusal{trace::anomaly_code::stale_id,
                 fmt::format("`{}` was released on line {}.", trace::to_string(id),
                             data_.events.line(data_.released(who))),
                 who};
}

std::optional<refusal> id_book::why_not_free(trace::entity_id id) const {
  if (const entity who = data_.find(id)) {
    return refusal{trace::anomaly_code::reused_id,
                   fmt::format("`{}` was introduced before; every new tenant of a slot has a "
                               "higher generation.",
                               trace::to_string(id)),
                   who};
  }
  const entity tenant = last_tenant(id);
  if (!tenant) return std::nullopt;
  const std::string name = trace::to_string(id);
  const std::string tenant_name = trace::to_string(id_of(tenant));
  const bool held = !data_.released(tenant);
  if (id_of(tenant).generation > id.generation) {
    return refusal{held ? trace::anomaly_code::stale_id : trace::anomaly_code::reused_id,
                   fmt::format("`{}` is introduced after `{}`, a later generation of its slot.",
                               name, tenant_name),
                   tenant};
  }
  // Where events are missing, the release may be one of them.
  const bool release_lost =
      !data_.dropped.empty() && data_.introduced(tenant) < data_.dropped.back();
  if (held && !release_lost) {
    return refusal{trace::anomaly_code::reused_id,
                   fmt::format("`{}` is introduced into a slot that `{}` still has: there was no "
                               "`release`.",
                               name, tenant_name),
                   tenant};
  }
  return std::nullopt;
}

void id_book::introduce(trace::entity_id id, entity who, event_index now) {
  if (const entity before = data_.pool.ids.introduce(data_.pool.memory, id, who)) {
    set_previous_tenant(who, before);
    if (!data_.released(before)) set_released(before, now);
  }
}

void id_book::introduce(trace::cancel_id id, cancel_index cancel) {
  data_.cancel_numbers.put(id.number, cancel.value());
}

} // namespace cancelscope::inspector
