// Which events a trace needs to explain one cancellation: the chain that led to it, what it led to in turn,
// what was under it or held it up from the request on, and everybody that these name. All else can be cut away,
// and `explain` answers the same.
//
// Cost: linear in the events of the entities that are kept. Threading: reads the store only; a value. Failure:
// none.
//
//     const causal_cone cone(trace, trace.find("t3.1"));
//     for (const event_index e : cone.events()) …            // in the trace's order
#pragma once

#include "inspector/attribution/explain.hpp"
#include "inspector/store/trace_store.hpp"

#include <unordered_set>
#include <vector>

namespace cancelscope::inspector {

class causal_cone {
public:
  /// Of the region, task, cancel or obligation that is asked about.
  causal_cone(const trace_store& trace, entity asked);

  /// The events that are kept, in the trace's order. The header is none of them.
  [[nodiscard]] const std::vector<event_index>& events() const { return events_; }
  /// Its introduction is kept, so that it may be named.
  [[nodiscard]] bool holds(entity who) const { return kept_.contains(who); }

private:
  void keep(event_index e);
  void keep(entity who);
  void keep_with_all_it_names(event_index e);
  void keep_all_named();
  void introduce(region_index region);
  void introduce(task_index task);
  void introduce(cancel_index cancel);
  void introduce(obligation_index obligation);

  void keep_clean_up(const explanation& why);
  void follow(entity who);
  void keep_life(entity who);
  void follow_what_is_in(region_index region);
  void follow_what_held_up(task_index task);
  void keep_obligations_of(entity owner);
  void keep_releases_of_reused_slots();
  void keep_the_frame();

  const trace_store& trace_;
  std::unordered_set<entity> kept_;
  std::vector<entity> to_introduce_;
  std::vector<event_index> events_;

  event_index since_; ///< the request, or the first sign of closing; none where nothing began
  std::unordered_set<entity> followed_; ///< whose doings since then are kept
  std::vector<entity> to_follow_;
};

} // namespace cancelscope::inspector
