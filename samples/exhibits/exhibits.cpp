#include "samples/exhibits/exhibits.hpp"

namespace cancelscope::samples {

std::span<const sample> exhibits() {
  static const std::vector<sample> all{
      region_tree(),         outcomes(),       cancel_protocol(),  budget_algebra(),
      stale_handle(),        cascade(),        cancel_then_join(), chaos(),
      join_all_of_five(),    forensics(),      slot_reuse(),       sibling_isolation(),
      deterministic_slots(), forgotten_join(), group_timeout(),    benchmark(),
  };
  return all;
}

} // namespace cancelscope::samples
