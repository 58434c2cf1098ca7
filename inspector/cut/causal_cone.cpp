#include "inspector/cut/causal_cone.hpp"

#include "inspector/attribution/effects.hpp"
#include "inspector/store/mentions.hpp"

#include <algorithm>
#include <map>
#include <type_traits>
#include <utility>

namespace cancelscope::inspector {

namespace {

/// From when on it is told how the end of the target went.
event_index beginning_of_end(const trace_store& trace, const explanation& why) {
  const auto region = why.target.as<region_index>();
  if (why.phases.requested || !region) return why.phases.requested;
  const auto& moved = trace[region].moved;
  return *std::min_element(moved.begin(), moved.end());
}

} // namespace

causal_cone::causal_cone(const trace_store& trace, entity asked) : trace_(trace) {
  const explanation why = explain(trace, asked);
  since_ = beginning_of_end(trace, why);
  keep(asked);
  keep_clean_up(why);
  if (why.cancelled())
    for (const effect& e : effects_from(trace, why.chain.links.front()))
      keep(e.cancel);
  follow(why.target);
  while (!to_follow_.empty()) {
    const entity who = to_follow_.back();
    to_follow_.pop_back();
    keep_life(who);
  }
  keep_all_named();
  keep_releases_of_reused_slots();
  keep_the_frame();
  std::sort(events_.begin(), events_.end());
  events_.erase(std::unique(events_.begin(), events_.end()), events_.end());
}

void causal_cone::keep(event_index e) {
  if (e) events_.push_back(e);
}

void causal_cone::keep(entity who) {
  if (who && kept_.insert(who).second) to_introduce_.push_back(who);
}

void causal_cone::keep_with_all_it_names(event_index e) {
  if (!e) return;
  keep(e);
  std::vector<trace::extra_field> extra;
  for_each_mentioned(trace_.event_at(e, extra).body, [this](auto id) {
    if constexpr (std::is_same_v<decltype(id), trace::cancel_id>) {
      if (const cancel_index cancel = trace_.find(id)) keep(entity{cancel});
    } else {
      keep(trace_.find(id));
    }
  });
}

/// Whoever is introduced names others, who must be introduced, too.
void causal_cone::keep_all_named() {
  while (!to_introduce_.empty()) {
    const entity who = to_introduce_.back();
    to_introduce_.pop_back();
    if (const auto region = who.as<region_index>())
      introduce(region);
    else if (const auto task = who.as<task_index>())
      introduce(task);
    else if (const auto cancel = who.as<cancel_index>())
      introduce(cancel);
    else if (const auto obligation = who.as<obligation_index>())
      introduce(obligation);
  }
}

// With the end of each, so that nothing looks as if it had been left open.

void causal_cone::introduce(region_index region) {
  const region_row& row = trace_[region];
  keep(row.opened);
  keep(row.closed());
  keep(entity{row.parent});
}

void causal_cone::introduce(task_index task) {
  const task_row& row = trace_[task];
  keep(row.spawned);
  keep(row.ended);
  keep(row.phases[2]);
  if (row.phases[2])
    keep(entity{trace_.find(trace_.body_at<trace::cancel_phase>(row.phases[2]).cancel)});
  keep(row.joined);
  keep(entity{row.region});
}

void causal_cone::introduce(cancel_index cancel) {
  const cancel_row& row = trace_[cancel];
  keep(row.requested);
  keep(row.target);
  keep(entity{row.cause});
  keep(entity{row.origin_region});
  keep(entity{row.origin_task});
}

void causal_cone::introduce(obligation_index obligation) {
  const obligation_row& row = trace_[obligation];
  keep(row.opened);
  keep(row.ended);
  keep(entity{row.task});
  keep(entity{row.region});
}

void causal_cone::keep_clean_up(const explanation& why) {
  for (const cancel_index c : trace_.cancels_on(why.target))
    keep(entity{c});
  keep(entity{why.handed_on});
  keep(why.joined_by);
  for (const obligation_index o : why.open_obligations)
    keep(entity{o});
  for (const obligation_index o : why.leaked_obligations)
    keep(entity{o});
  for (const event_index e : trace_.events_of(why.target)) {
    const event_kind kind = trace_.kind_of(e);
    const bool clean_up = kind == event_kind::budget || kind == event_kind::finalizer;
    if (kind == event_kind::violation || (clean_up && since_ && e > since_))
      keep_with_all_it_names(e);
  }
}

void causal_cone::follow(entity who) {
  if (who && followed_.insert(who).second) to_follow_.push_back(who);
}

/// What it did and what was done to it from the request on. Of what it did before, only what it still waited
/// for.
void causal_cone::keep_life(entity who) {
  keep(who);
  for (const event_index e : trace_.events_of(who)) {
    if (trace_.subject_of(e) != who) continue;
    const event_kind kind = trace_.kind_of(e);
    // A phase may stand before the request that took effect; it is told all the same.
    if (kind == event_kind::cancel_phase || kind == event_kind::region_state)
      keep_with_all_it_names(e);
    if (kind == event_kind::cancel && since_ && e >= since_) keep_with_all_it_names(e);
  }
  if (!since_) return;
  keep_obligations_of(who);
  if (const auto region = who.as<region_index>())
    follow_what_is_in(region);
  else if (const auto task = who.as<task_index>())
    follow_what_held_up(task);
}

/// Of what was over already, only what it still held.
void causal_cone::follow_what_is_in(region_index region) {
  std::vector<region_index> ahead{region};
  while (!ahead.empty()) {
    const region_index at = ahead.back();
    ahead.pop_back();
    for (const task_index task : trace_.tasks_of(at)) {
      if (trace_[task].completed() > since_)
        follow(task);
      else
        keep_obligations_of(task);
    }
    for (const region_index child : trace_.children_of(at)) {
      if (trace_[child].closed() > since_) {
        follow(child);
      } else {
        keep_obligations_of(child);
        ahead.push_back(child);
      }
    }
  }
}

void causal_cone::follow_what_held_up(task_index task) {
  const task_row& row = trace_[task];
  for (const wait_index w : trace_.waits_of(task)) {
    const wait_row& wait = trace_[w];
    if (wait.ended <= since_) continue;
    keep_with_all_it_names(wait.began);
    keep_with_all_it_names(wait.ended);
    if (wait.what.as<task_index>() || wait.what.as<region_index>()) follow(wait.what);
  }
  // Before it was there, who made it was at work.
  if (row.spawned > since_) follow(row.spawned_by);
}

void causal_cone::keep_obligations_of(entity owner) {
  for (const obligation_index o : trace_.obligations_of(owner))
    if (trace_[o].ended > since_) keep(entity{o});
}

/// A slot must be free before its next tenant comes.
void causal_cone::keep_releases_of_reused_slots() {
  std::sort(events_.begin(), events_.end());
  std::map<std::pair<entity_type, std::uint64_t>, event_index> released;
  std::vector<event_index> needed;
  const auto arrive = [&](entity who, std::uint64_t slot, event_index freed) {
    const auto [before, first] = released.try_emplace({who.type(), slot}, freed);
    if (!first) needed.push_back(std::exchange(before->second, freed));
  };
  for (const event_index e : events_) {
    const entity who = trace_.subject_of(e);
    if (trace_.kind_of(e) == event_kind::region_open) {
      const region_row& row = trace_[who.as<region_index>()];
      arrive(who, row.id.slot, row.released);
    } else if (trace_.kind_of(e) == event_kind::task_spawn) {
      const task_row& row = trace_[who.as<task_index>()];
      arrive(who, row.id.slot, row.released);
    } else if (trace_.kind_of(e) == event_kind::obligation) {
      const obligation_row& row = trace_[who.as<obligation_index>()];
      arrive(who, row.id.slot, row.released);
    }
  }
  for (const event_index e : needed)
    keep(e);
}

/// What makes states unknown, and the end in order.
void causal_cone::keep_the_frame() {
  for (const event_index e : trace_.dropped())
    keep(e);
  if (trace_.ended_in_order())
    keep(event_index{static_cast<std::uint32_t>(trace_.event_count() - 1)});
}

} // namespace cancelscope::inspector
