// Who is meant by an id: every entity that was introduced, found by slot and generation, and the other way round.
//
// Threading: as std::vector. Failure: an id that was never introduced means nobody.
#pragma once

#include "inspector/store/chunked.hpp"
#include "inspector/store/grouped.hpp"
#include "inspector/store/indexes.hpp"
#include "inspector/store/number_table.hpp"
#include "trace-format/ids.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
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

  /// Who had the slot last, there still or not.
  [[nodiscard]] entity last_in_slot_of(trace::entity_id id) const {
    const of_kind& kind = kinds_[place_of(id.kind)];
    const std::uint32_t slot = kind.slots.find(id.slot);
    return slot == number_table::none ? entity{} : kind.last[slot].who;
  }

  /// The id is the entity's from now on: of a later generation than all in its slot before, and of an index that is
  /// one more than the last of its kind.
  void introduce(trace::entity_id id, entity who) {
    of_kind& kind = kinds_[place_of(id.kind)];
    std::uint32_t slot = kind.slots.find(id.slot);
    if (slot == number_table::none) {
      slot = static_cast<std::uint32_t>(kind.last.size());
      kind.slots.put(id.slot, slot);
      kind.last.push_back({});
    }
    kind.last[slot] = {id.generation, who};
    kind.tenants.add(slot_number{slot}, who);
    kind.ids.push_back({id.slot, id.generation});
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
  using slot_number = dense_index<struct slot_number_tag>;
  struct last_tenant {
    std::uint64_t generation = 0;
    entity who;
  };
  struct tenancy {
    std::uint64_t slot = 0;
    std::uint64_t generation = 0;
  };
  struct of_kind {
    number_table slots;
    std::vector<last_tenant> last;        ///< by the slot's number
    grouped<slot_number, entity> tenants; ///< of each slot, oldest first
    chunked<tenancy> ids;                 ///< by the entity's index
  };

  static constexpr std::size_t place_of(trace::entity_kind kind) {
    return kind == trace::entity_kind::region ? 0 : kind == trace::entity_kind::task ? 1 : 2;
  }

  [[nodiscard]] static entity older(const of_kind& kind, std::uint32_t slot,
                                    std::uint64_t generation) {
    const auto tenants = kind.tenants.of(slot_number{slot});
    const auto generation_of = [&kind](entity who) { return kind.ids[who.index()].generation; };
    const auto found = std::ranges::lower_bound(tenants, generation, {}, generation_of);
    return found != tenants.end() && generation_of(*found) == generation ? *found : entity{};
  }

  std::array<of_kind, 3> kinds_;
};

} // namespace cancelscope::inspector
