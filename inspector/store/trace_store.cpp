#include "inspector/store/trace_store.hpp"

#include "inspector/store/trace_data.hpp"

#include <utility>

namespace cancelscope::inspector {

trace_store::trace_store() : data_(std::make_shared<trace_data>()) {}
trace_store::trace_store(std::shared_ptr<trace_data> data) : data_(std::move(data)) {}
trace_store::trace_store(trace_store&&) noexcept = default;
trace_store& trace_store::operator=(trace_store&&) noexcept = default;
trace_store::~trace_store() = default;

const std::optional<trace::header>& trace_store::header() const {
  return data_->header;
}
const std::string& trace_store::name() const {
  return data_->name;
}

std::size_t trace_store::event_count() const {
  return data_->events.size();
}
event_kind trace_store::kind_of(event_index e) const {
  return data_->events.kind(e);
}
std::uint64_t trace_store::time_of(event_index e) const {
  return data_->events.time(e);
}
std::uint64_t trace_store::line_of(event_index e) const {
  return data_->events.line(e);
}
entity trace_store::subject_of(event_index e) const {
  return data_->events.subject(e);
}

trace::event trace_store::event_at(event_index e, std::vector<trace::extra_field>& extra) const {
  return data_->events.get(data_->pool, e, extra);
}

template <class Body> Body trace_store::body_at(event_index e) const {
  return data_->events.body<Body>(data_->pool, e);
}

std::uint64_t trace_store::last_time() const {
  return event_count() == 0 ? 0 : data_->events.times().back();
}
bool trace_store::ended_in_order() const {
  return static_cast<bool>(data_->end);
}

std::span<const region_row> trace_store::regions() const {
  return data_->regions;
}
std::span<const task_row> trace_store::tasks() const {
  return data_->tasks;
}
std::span<const cancel_row> trace_store::cancels() const {
  return data_->cancels;
}
std::span<const obligation_row> trace_store::obligations() const {
  return data_->obligations;
}
std::span<const wait_row> trace_store::waits() const {
  return data_->waits;
}

std::vector<entity> trace_store::maybe_present(std::uint32_t events_happened) const {
  return data_->living
      .of_first(event_count(),
                [this](living_set& living, std::uint32_t row) {
                  const event_index e{row};
                  const event_kind kind = kind_of(e);
                  const entity who = subject_of(e);
                  if (kind == event_kind::release) living.went(who, e);
                  if (kind != event_kind::region_open && kind != event_kind::task_spawn) return;
                  // Whose release was lost goes when another comes.
                  const entity before = data_->previous_tenant(who);
                  if (before && data_->released(before) == e) living.went(before, e);
                  living.came(who, e);
                })
      .candidates(events_happened);
}
std::span<const region_index> trace_store::roots() const {
  return data_->roots;
}
std::span<const region_index> trace_store::children_of(region_index i) const {
  return data_->children
      .of_first(data_->regions.size(),
                [this](auto& lists, std::uint32_t row) {
                  if (const region_index parent = data_->regions[row].parent)
                    lists.add(parent, region_index{row});
                })
      .of(i);
}
std::span<const task_index> trace_store::tasks_of(region_index i) const {
  return data_->tasks_of_region
      .of_first(data_->tasks.size(),
                [this](auto& lists, std::uint32_t row) {
                  lists.add(data_->tasks[row].region, task_index{row});
                })
      .of(i);
}
std::span<const obligation_index> trace_store::obligations_of(entity owner) const {
  return data_->obligations_of
      .of_first(data_->obligations.size(),
                [this](auto& lists, std::uint32_t row) {
                  const obligation_row& its = data_->obligations[row];
                  if (its.region) lists.add(its.region, obligation_index{row});
                  if (its.task) lists.add(its.task, obligation_index{row});
                })
      .of(owner);
}
std::span<const wait_index> trace_store::waits_of(task_index i) const {
  return data_->waits_of_task
      .of_first(data_->waits.size(),
                [this](auto& lists, std::uint32_t row) {
                  lists.add(data_->waits[row].task, wait_index{row});
                })
      .of(i);
}
std::span<const cancel_index> trace_store::cancels_on(entity target) const {
  return data_->cancels_on
      .of_first(data_->cancels.size(),
                [this](auto& lists, std::uint32_t row) {
                  lists.add(data_->cancels[row].target, cancel_index{row});
                })
      .of(target);
}
std::span<const cancel_index> trace_store::effects_of(cancel_index i) const {
  return data_->effects.of(i);
}
std::span<const event_index> trace_store::events_of(entity who) const {
  return data_->events_of
      .of_first(event_count(),
                [this](auto& lists, std::uint32_t row) {
                  const event_index e{row};
                  data_->each_mentioned(e, [&lists, e](entity named) {
                    const auto known = lists.of(named);
                    if (known.empty() || known.back() != e) lists.add(named, e);
                  });
                })
      .of(who);
}

std::span<const event_index> trace_store::budgets_of(entity target) const {
  return data_->budgets_of.of(target);
}

std::optional<trace::budget_limits> trace_store::limits_of(entity who) const {
  if (const auto region = who.as<region_index>())
    return body_at<trace::region_open>((*this)[region].opened).budget;
  if (const auto task = who.as<task_index>())
    return body_at<trace::task_spawn>((*this)[task].spawned).budget;
  return std::nullopt;
}

entity trace_store::find(std::string_view id) const {
  if (const auto entity_id = trace::parse_entity_id(id)) return find(*entity_id);
  if (const auto cancel = trace::parse_cancel_id(id)) return find(*cancel);
  return {};
}
entity trace_store::find(trace::entity_id id) const {
  return data_->find(id);
}
cancel_index trace_store::find(trace::cancel_id id) const {
  return data_->find(id);
}

std::vector<entity> trace_store::find_named(std::string_view name) const {
  const auto number = data_->pool.texts.find(name);
  if (!number) return {};
  const text_index wanted{*number};
  std::vector<entity> found;
  for (std::uint32_t i = 0; i < data_->regions.size(); ++i)
    if (data_->regions[i].name == wanted) found.emplace_back(region_index{i});
  for (std::uint32_t i = 0; i < data_->tasks.size(); ++i)
    if (data_->tasks[i].name == wanted) found.emplace_back(task_index{i});
  for (std::uint32_t i = 0; i < data_->obligations.size(); ++i)
    if (data_->obligations[i].label == wanted) found.emplace_back(obligation_index{i});
  return found;
}

std::string trace_store::id_of(entity who) const {
  switch (who.type()) {
  case entity_type::region:
    return trace::to_string((*this)[who.as<region_index>()].id);
  case entity_type::task:
    return trace::to_string((*this)[who.as<task_index>()].id);
  case entity_type::obligation:
    return trace::to_string((*this)[who.as<obligation_index>()].id);
  case entity_type::cancel:
    return trace::to_string((*this)[who.as<cancel_index>()].id);
  case entity_type::none:
    break;
  }
  return {};
}

std::string_view trace_store::name_of(entity who) const {
  switch (who.type()) {
  case entity_type::region:
    return text((*this)[who.as<region_index>()].name);
  case entity_type::task:
    return text((*this)[who.as<task_index>()].name);
  case entity_type::obligation:
    return text((*this)[who.as<obligation_index>()].label);
  case entity_type::cancel:
    return text((*this)[who.as<cancel_index>()].message);
  case entity_type::none:
    break;
  }
  return {};
}

std::string_view trace_store::text(text_index i) const {
  return i ? data_->pool.texts[i.value()] : std::string_view{};
}

std::span<const noticed_anomaly> trace_store::anomalies() const {
  return data_->anomalies;
}
std::span<const event_index> trace_store::dropped() const {
  return data_->dropped;
}

template trace::region_open trace_store::body_at(event_index) const;
template trace::region_moved trace_store::body_at(event_index) const;
template trace::task_spawn trace_store::body_at(event_index) const;
template trace::task_run trace_store::body_at(event_index) const;
template trace::task_wait trace_store::body_at(event_index) const;
template trace::cancel_request trace_store::body_at(event_index) const;
template trace::cancel_phase trace_store::body_at(event_index) const;
template trace::task_end trace_store::body_at(event_index) const;
template trace::task_join trace_store::body_at(event_index) const;
template trace::obligation_open trace_store::body_at(event_index) const;
template trace::obligation_end trace_store::body_at(event_index) const;
template trace::finalizer_ran trace_store::body_at(event_index) const;
template trace::budget_left trace_store::body_at(event_index) const;
template trace::slot_release trace_store::body_at(event_index) const;
template trace::stale_use trace_store::body_at(event_index) const;
template trace::handshake trace_store::body_at(event_index) const;
template trace::violation trace_store::body_at(event_index) const;
template trace::mark trace_store::body_at(event_index) const;
template trace::dropped_events trace_store::body_at(event_index) const;
template trace::end_of_trace trace_store::body_at(event_index) const;
template trace::unknown_event trace_store::body_at(event_index) const;

} // namespace cancelscope::inspector
