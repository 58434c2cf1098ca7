#include "trace-format/binary/living.hpp"

#include "trace-format/recording/record.hpp"

#include <algorithm>
#include <utility>

namespace cancelscope::trace {

namespace {

/// A record behind its place in the order of all events.
struct placed_record {
  std::uint64_t order = 0;
  const std::byte* record = nullptr;
};

/// The record that begins at `at`, which is moved on to the next.
placed_record next_record(const std::vector<std::byte>& bytes, std::size_t& at) {
  placed_record found;
  std::memcpy(&found.order, bytes.data() + at, sizeof found.order);
  found.record = bytes.data() + at + sizeof found.order;
  std::uint32_t size = 0;
  std::memcpy(&size, found.record, sizeof size);
  at += sizeof found.order + size;
  return found;
}

} // namespace

living::tenant& living::slots::at(std::uint64_t slot) {
  if (slot >= dense_.size()) {
    // A slot far beyond the others is not worth the room between.
    constexpr std::uint64_t near = 64;
    const auto known = sparse_.find(slot);
    if (known != sparse_.end()) return known->second;
    if (slot >= most_dense || slot > 2 * dense_.size() + near) return sparse_[slot];
    dense_.resize(static_cast<std::size_t>(slot) + 1);
  }
  return dense_[static_cast<std::size_t>(slot)];
}

living::tenant* living::slots::find(std::uint64_t slot, std::uint64_t generation) {
  if (slot < dense_.size()) {
    tenant& found = dense_[static_cast<std::size_t>(slot)];
    if (found.generation == generation) return &found;
  }
  if (sparse_.empty())
    return nullptr; // where one may be that came before the dense ones grew as far
  const auto sparse = sparse_.find(slot);
  return sparse != sparse_.end() && sparse->second.generation == generation ? &sparse->second
                                                                            : nullptr;
}

living::slots& living::of(entity_kind kind) {
  if (kind == entity_kind::region) return slots_[0];
  return kind == entity_kind::task ? slots_[1] : slots_[2];
}

living::tenant* living::find(entity_id id) {
  return of(id.kind).find(id.slot, id.generation);
}

living::tenant& living::introduce(entity_id id, std::optional<region_id> owner) {
  tenant& made = of(id.kind).at(id.slot);
  release(made);
  made.generation = id.generation;
  made.owner = owner;
  return made;
}

/// Keeps the memory for the slot's next tenant.
void living::release(tenant& gone) {
  kept_ -= gone.events.records;
  gone.events.bytes.clear();
  gone.events.records = 0;
  gone.events.wait = none;
  gone.generation = 0;
  gone.closed = false;
}

void living::end_wait(tenant& task) {
  if (task.events.wait == none) return;
  task.events.bytes.resize(std::exchange(task.events.wait, none));
  --task.events.records;
  --kept_;
}

void living::add(story& to, const event& e) {
  const std::size_t begin = to.bytes.size();
  std::visit(
      [&](const auto& body) {
        to.bytes.resize(begin + sizeof order_ + record_bound(e, body));
        std::byte* at = to.bytes.data() + begin;
        std::memcpy(at, &order_, sizeof order_);
        to.bytes.resize(begin + sizeof order_ + put_record(at + sizeof order_, e, body, 0));
      },
      e.body);
  ++to.records;
  ++kept_;
}

living::tenant* living::add(entity_id who, const event& e) {
  tenant* const found = find(who);
  if (found == nullptr) return nullptr;
  end_wait(*found);
  add(found->events, e);
  return found;
}

// ---- What each kind of event means for that ----

template <class Body> void living::take_body(const event& e, const Body& body) {
  using std::is_same_v;
  if constexpr (is_same_v<Body, region_open>) {
    add(introduce(body.region, body.parent.value).events, e);
  } else if constexpr (is_same_v<Body, region_moved>) {
    tenant* const region = add(body.region, e);
    if (region != nullptr && body.state == region_state::closed) region->closed = true;
  } else if constexpr (is_same_v<Body, task_spawn>) {
    add(introduce(body.task, body.region).events, e);
  } else if constexpr (is_same_v<Body, task_wait>) {
    tenant* const task = find(body.task);
    if (task == nullptr) return;
    end_wait(*task);
    const std::size_t begin = task->events.bytes.size();
    add(task->events, e);
    task->events.wait = begin;
  } else if constexpr (is_same_v<Body, task_run>) {
    if (tenant* const task = find(body.task)) end_wait(*task);
  } else if constexpr (is_same_v<Body, budget_left>) {
    if (tenant* const target = find(body.target)) end_wait(*target);
  } else if constexpr (is_same_v<Body, finalizer_ran> || is_same_v<Body, mark>) {
    if (tenant* const task = body.task ? find(*body.task) : nullptr) end_wait(*task);
  } else if constexpr (is_same_v<Body, cancel_request>) {
    tenant* const target = find(body.target);
    if (target != nullptr && body.effect != cancel_effect::absorbed) end_wait(*target);
    requests_.push_back({.number = body.cancel.number,
                         .cause = body.cause,
                         .target = body.target,
                         .at = request_events_.bytes.size()});
    add(request_events_, e);
  } else if constexpr (is_same_v<Body, cancel_phase>) {
    add(body.target, e);
  } else if constexpr (is_same_v<Body, task_end> || is_same_v<Body, task_join>) {
    add(body.task, e);
  } else if constexpr (is_same_v<Body, obligation_open>) {
    std::optional<region_id> owner = body.region;
    if (body.task) {
      if (tenant* const task = find(*body.task)) {
        end_wait(*task);
        if (!owner) owner = task->owner;
      }
    }
    add(introduce(body.obligation, owner).events, e);
  } else if constexpr (is_same_v<Body, obligation_end>) {
    add(body.obligation, e);
  } else if constexpr (is_same_v<Body, slot_release>) {
    if (tenant* const gone = find(body.id)) release(*gone);
  }
  // The others leave nothing that lasts.
}

void living::take(const event& e) {
  ++order_;
  std::visit([&](const auto& body) { take_body(e, body); }, e.body);
}

// ---- A snapshot ----

/// Regions that are not closed, and those above them; then what belongs to these; then the cancels that led to it.
void living::mark_needed() {
  const auto region = [this](const std::optional<region_id>& id) {
    return id ? find(*id) : nullptr;
  };
  for (slots& kind : slots_)
    kind.for_each([](tenant& t) { t.needed = false; });
  of(entity_kind::region).for_each([&](tenant& open) {
    if (open.closed) return;
    for (tenant* at = &open; at != nullptr && !at->needed; at = region(at->owner))
      at->needed = true;
  });
  for (const entity_kind kind : {entity_kind::task, entity_kind::obligation}) {
    of(kind).for_each([&](tenant& t) {
      const tenant* const owner = region(t.owner);
      t.needed = owner != nullptr && owner->needed;
    });
  }

  std::ranges::stable_sort(requests_, {}, &request::number);
  for (request& r : requests_) {
    const tenant* const target = find(r.target);
    r.needed = target != nullptr && target->needed;
  }
  // A cause has the smaller number, so one pass from the last to the first follows every chain.
  for (auto r = requests_.rbegin(); r != requests_.rend(); ++r) {
    if (!r->needed || !r->cause) continue;
    const auto cause = std::ranges::lower_bound(requests_, r->cause->number, {}, &request::number);
    if (cause != requests_.end() && cause->number == r->cause->number) cause->needed = true;
  }
}

void living::forget_rest() {
  for (slots& kind : slots_)
    kind.for_each([this](tenant& t) {
      if (!t.needed) release(t);
    });
  story kept;
  for (request& r : requests_) {
    if (!r.needed) continue;
    std::size_t end = r.at;
    next_record(request_events_.bytes, end);
    const auto from = request_events_.bytes.begin();
    const std::size_t at = std::exchange(r.at, kept.bytes.size());
    kept.bytes.insert(kept.bytes.end(), from + static_cast<std::ptrdiff_t>(at),
                      from + static_cast<std::ptrdiff_t>(end));
    ++kept.records;
  }
  kept_ -= request_events_.records - kept.records;
  request_events_ = std::move(kept);
  std::erase_if(requests_, [](const request& r) { return !r.needed; });
}

void living::for_each_needed(const std::function<void(const event&)>& use) {
  mark_needed();
  forget_rest();
  std::vector<placed_record> found;
  const auto gather = [&found](const story& from) {
    for (std::size_t at = 0; at < from.bytes.size();)
      found.push_back(next_record(from.bytes, at));
  };
  for (slots& kind : slots_)
    kind.for_each([&gather](const tenant& t) { gather(t.events); });
  gather(request_events_);
  std::ranges::sort(found, {}, &placed_record::order);
  std::vector<extra_field> extras;
  for (const placed_record& r : found)
    use(event_of(r.record, extras));
}

} // namespace cancelscope::trace
