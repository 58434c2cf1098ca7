#include "runtime/lab/oracle.hpp"

#include <algorithm>

namespace cancelscope {

oracle_list all_oracles(const kernel_limits& limits) {
  oracle_list all;
  all.push_back(no_orphan_task());
  all.push_back(quiescence_at_close());
  all.push_back(obligations_resolved());
  all.push_back(protocol_monotone());
  all.push_back(losers_drained());
  all.push_back(siblings_untouched());
  all.push_back(slots_last_in_first_out(limits));
  all.push_back(no_stale_handle_accepted());
  all.push_back(attribution_complete());
  return all;
}

void oracle_panel::write(const trace::event& e) {
  now_ = e.t;
  if (next_ != nullptr) next_->write(e);
  const auto* found = std::get_if<trace::violation>(&e.body);
  if (found != nullptr && !is_meant(found->oracle))
    broken_.push_back({std::string{found->oracle}, std::string{found->message}, found->target});
  for (const auto& each : oracles_) {
    each->see(e);
    collect(*each);
  }
}

void oracle_panel::compare(const kernel_counts& left) {
  for (const auto& each : oracles_) {
    each->compare(left);
    collect(*each);
  }
}

bool oracle_panel::is_meant(std::string_view oracle_name) const {
  return std::ranges::find(meant_, oracle_name) != meant_.end();
}

void oracle_panel::collect(oracle& from) {
  for (broken_promise& found : from.take_found()) {
    if (is_meant(found.oracle)) continue;
    if (next_ != nullptr)
      next_->write({.t = now_,
                    .body = trace::violation{
                        .oracle = found.oracle, .message = found.message, .target = found.target}});
    broken_.push_back(std::move(found));
  }
}

} // namespace cancelscope
