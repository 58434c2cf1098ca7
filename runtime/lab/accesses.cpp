#include "runtime/lab/accesses.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace cancelscope {

namespace {

using trace::entity_id;
using trace::entity_kind;

any_handle handle_of(entity_id id) {
  return {id.kind, static_cast<std::uint32_t>(id.slot), static_cast<std::uint32_t>(id.generation)};
}

access both(access a, access b) {
  return a == b ? a : access::changes;
}

bool conflict(access a, access b) {
  return both(a, b) == access::changes;
}

access_set::part part_of(entity_kind kind) {
  switch (kind) {
  case entity_kind::region:
    return access_set::part::region;
  case entity_kind::task:
    return access_set::part::task;
  case entity_kind::obligation:
    return access_set::part::obligation;
  }
  return access_set::part::memory;
}

} // namespace

void access_set::add(part of, std::uint64_t id, access how) {
  const auto key = [](const used& u) { return std::tuple{u.of, u.id}; };
  const auto at = std::ranges::lower_bound(used_, std::tuple{of, id}, {}, key);
  if (at != used_.end() && key(*at) == std::tuple{of, id})
    at->how = both(at->how, how);
  else
    used_.insert(at, {of, id, how});
}

bool depend(const access_set& a, const access_set& b) {
  if (a.everything_ || b.everything_) return true;
  auto left = a.used_.begin();
  auto right = b.used_.begin();
  while (left != a.used_.end() && right != b.used_.end()) {
    const auto order = std::tuple{left->of, left->id} <=> std::tuple{right->of, right->id};
    if (order < 0) {
      ++left;
    } else if (order > 0) {
      ++right;
    } else {
      if (conflict(left->how, right->how)) return true;
      ++left;
      ++right;
    }
  }
  return false;
}

bool may_depend(const access_set& a, const access_set& b) {
  const std::uint64_t known = std::min(a.names_known_, b.names_known_);
  return depend(a, b) || (a.uses_what_is_new(known) && b.uses_what_is_new(known));
}

bool access_set::uses_what_is_new(std::uint64_t since) const {
  return std::ranges::any_of(
      used_, [since](const used& u) { return u.of == part::memory && u.id > since; });
}

void access_log::begin(const lab_actor& acting) {
  set_ = {};
  set_.names_known_ = last_name_;
  acting_ = acting;
  if (acting.kind == lab_actor::what::task) woke(any_handle::from_bits(acting.id));
}

access_set access_log::end() {
  return std::exchange(set_, {});
}

void access_log::see(const trace::event& e) {
  std::visit([this](const auto& body) { saw(body); }, e.body);
}

void access_log::touched(const void* object, access how) noexcept {
  const auto [at, is_new] = names_.try_emplace(object, last_name_ + 1);
  if (is_new) ++last_name_;
  set_.add(access_set::part::memory, at->second, how);
}

void access_log::touched(any_handle entity, access how) noexcept {
  const auto of =
      entity.kind() == entity_kind::task ? access_set::part::task_end : part_of(entity.kind());
  set_.add(of, entity.bits(), how);
}

void access_log::uses(entity_id id, access how) {
  set_.add(part_of(id.kind), handle_of(id).bits(), how);
}

bool access_log::acts_within(trace::region_id region) const {
  if (acting_.kind != lab_actor::what::task) return false;
  const entity_id wanted = region;
  auto at = above_.find(any_handle::from_bits(acting_.id).id());
  while (at != above_.end() && at->second != wanted)
    at = above_.find(at->second);
  return at != above_.end();
}

void access_log::adds_to_region(trace::region_id region) {
  // From outside, a region that closes meanwhile is another thing than one that is still there.
  uses(region, acts_within(region) ? access::adds : access::reads);
}

void access_log::saw(const trace::region_open& e) {
  if (!e.parent.value) return;
  above_[e.region] = *e.parent.value;
  adds_to_region(*e.parent.value);
}

void access_log::saw(const trace::region_moved& e) {
  if (e.state < trace::region_state::finalizing) {
    uses(e.region, access::adds);
    return;
  }
  const auto parent = above_.find(e.region);
  if (e.state == trace::region_state::closed && parent != above_.end())
    uses(parent->second, access::adds);
}

void access_log::saw(const trace::task_spawn& e) {
  above_[e.task] = e.region;
  adds_to_region(e.region);
}

void access_log::saw(const trace::task_wait& e) {
  if (e.on != trace::wait_reason::join || !e.what) return;
  const auto joined = trace::parse_entity_id(*e.what);
  if (joined && joined->kind == entity_kind::task) touched(handle_of(*joined), access::changes);
}

void access_log::saw(const trace::task_end& e) {
  uses(e.task, access::changes); // it need not have been its own step
  touched(handle_of(e.task), access::changes);
  const auto region = above_.find(e.task);
  if (region == above_.end()) return;
  const bool spreads =
      e.outcome == trace::outcome_kind::err || e.outcome == trace::outcome_kind::panicked;
  uses(region->second, spreads ? access::changes : access::adds);
}

void access_log::saw(const trace::task_join& e) {
  const bool by_a_task = e.by && e.by->kind == entity_kind::task;
  if (by_a_task) touched(handle_of(e.task), access::changes);
}

void access_log::saw(const trace::cancel_request& e) {
  uses(e.target, e.effect == trace::cancel_effect::absorbed ? access::reads : access::changes);
}

void access_log::saw(const trace::obligation_open& e) {
  uses(e.obligation, access::changes);
  if (!e.region) return;
  home_[e.obligation] = *e.region;
  adds_to_region(*e.region);
}

void access_log::saw(const trace::obligation_end& e) {
  uses(e.obligation, access::changes);
  const auto region = home_.find(e.obligation);
  if (region == home_.end() || e.how == trace::obligation_fate::leaked) return;
  adds_to_region({region->second.slot, region->second.generation});
  home_.erase(region);
}

void access_log::saw(const trace::stale_use& e) {
  uses(e.id, access::reads);
  if (e.id.kind == entity_kind::task) touched(handle_of(e.id), access::reads);
}

} // namespace cancelscope
