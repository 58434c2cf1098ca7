// Who is meant by an id: every entity that was introduced, found by slot and generation, and the other way round; and
// who has a slot now.
//
// Threading: as std::vector. Failure: an id that was never introduced means nobody.
#pragma once

#include "inspector/store/chunked.hpp"
#include "inspector/store/grouped.hpp"
#include "inspector/store/indexes.hpp"
#include "inspector/store/lists_when_asked.hpp"
#include "inspector/store/number_table.hpp"
#include "trace-format/ids.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

namespace cancelscope::inspector {

class id_directory {
public:
  /// Whoever was introduced under the id, there still or not.
  [[nodiscard]] entity find(trace::entity_id id) const {
    const of_kind& kind = kinds_[place_of(id.kind)];
    const std::uint32_t slot = kind.slots.find(id.slot);
    if (slot == number_table::none) return {};
    const last_tenant& last = kind.last[slot];
    if (last.generation == id.generation) return last.who;
    if (last.generation < id.generation) return {};
    return older(kind, slot, id.generation);
  }

  /// As find, for whoever fills the store: an event asks several times for the same.
  [[gnu::always_inline]] entity resolve(trace::entity_id id) {
    resolved& last = resolved_[place_of(id.kind)];
    if (last.slot == id.slot && last.generation == id.generation) return last.who;
    return resolve_other(id);
  }

  /// Who was introduced under the id and has the slot still, or none.
  [[gnu::always_inline]] entity resolve_live(trace::entity_id id) {
    const of_kind& kind = kinds_[place_of(id.kind)];
    const std::uint32_t slot = kind.slots.find(id.slot);
    if (slot == number_table::none) return {};
    const last_tenant& last = kind.last[slot];
    if (last.generation != id.generation || !last.there) return {};
    resolved_[place_of(id.kind)] = {id.slot, id.generation, last.who};
    return last.who;
  }

  /// Who had the slot last, there still or not.
  [[nodiscard]] entity last_in_slot_of(trace::entity_id id) const {
    const of_kind& kind = kinds_[place_of(id.kind)];
    const std::uint32_t slot = kind.slots.find(id.slot);
    return slot == number_table::none ? entity{} : kind.last[slot].who;
  }

  /// The slot was never used, or is free again and its tenants were all of earlier generations.
  [[nodiscard]] bool is_free_for(trace::entity_id id) const {
    const of_kind& kind = kinds_[place_of(id.kind)];
    const std::uint32_t slot = kind.slots.find(id.slot);
    return slot == number_table::none ||
           (!kind.last[slot].there && kind.last[slot].generation < id.generation);
  }

  /// The id is the entity's from now on: of a later generation than all in its slot before, and of an index that is
  /// one more than the last of its kind. Gives who had the slot before, there still or not.
  entity introduce(arena& memory, trace::entity_id id, entity who) {
    of_kind& kind = kinds_[place_of(id.kind)];
    std::uint32_t slot = kind.slots.find(id.slot);
    if (slot == number_table::none) {
      slot = static_cast<std::uint32_t>(kind.last.size());
      kind.slots.put(id.slot, slot);
      kind.last.push_back({});
    }
    resolved_[place_of(id.kind)] = {id.slot, id.generation, who};
    kind.ids.push_back(memory, {id.slot, id.generation});
    return std::exchange(kind.last[slot], {id.generation, who, true}).who;
  }

  /// The last tenant of its slot is gone.
  void release(trace::entity_id id) {
    of_kind& kind = kinds_[place_of(id.kind)];
    kind.last[kind.slots.find(id.slot)].there = false;
  }

  [[nodiscard]] trace::entity_id id_of(entity who) const {
    const trace::entity_kind kind = who.type() == entity_type::region ? trace::entity_kind::region
                                    : who.type() == entity_type::task
                                        ? trace::entity_kind::task
                                        : trace::entity_kind::obligation;
    const tenancy& at = kinds_[place_of(kind)].ids[who.index()];
    return {kind, at.slot, at.generation};
  }

private:
  [[gnu::noinline]] entity resolve_other(trace::entity_id id) {
    const entity who = find(id);
    if (who) resolved_[place_of(id.kind)] = {id.slot, id.generation, who};
    return who;
  }

  using slot_number = dense_index<struct slot_number_tag>;
  using tenant_index = dense_index<struct tenant_tag>;
  struct last_tenant {
    std::uint64_t generation = 0;
    entity who;
    bool there = false;
  };
  struct resolved {
    std::uint64_t slot = 0;
    std::uint64_t generation = 0; ///< 0: none yet
    entity who;
  };
  struct tenancy {
    std::uint64_t slot = 0;
    std::uint64_t generation = 0;
  };
  struct of_kind {
    number_table slots;
    std::vector<last_tenant> last; ///< by the slot's number
    chunked<tenancy> ids;          ///< by the entity's index
    /// Indexes of each slot's tenants, oldest first.
    lists_when_asked<grouped<slot_number, tenant_index>> tenants;
  };

  static constexpr std::size_t place_of(trace::entity_kind kind) {
    return kind == trace::entity_kind::region ? 0 : kind == trace::entity_kind::task ? 1 : 2;
  }

  [[nodiscard]] static entity older(const of_kind& kind, std::uint32_t slot,
                                    std::uint64_t generation) {
    const auto add = [&kind](auto& lists, std::uint32_t tenant) {
      lists.add(slot_number{kind.slots.find(kind.ids[tenant].slot)}, tenant_index{tenant});
    };
    const auto tenants = kind.tenants.of_first(kind.ids.size(), add).of(slot_number{slot});
    const auto generation_of = [&kind](tenant_index i) { return kind.ids[i.value()].generation; };
    const auto found = std::ranges::lower_bound(tenants, generation, {}, generation_of);
    if (found == tenants.end() || generation_of(*found) != generation) return {};
    return kind.last[slot].who.with_index(found->value());
  }

  std::array<of_kind, 3> kinds_;
  std::array<resolved, 3> resolved_; ///< last, of each kind
};

} // namespace cancelscope::inspector
