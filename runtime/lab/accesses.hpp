// What one step of the lab used, and whether that forbids to change its order with another's.
//
// The accesses are read from the events that the step emitted, from the jobs that it woke, and from what the program
// told by `touches`. Two steps are *independent* when neither changes what the other uses; then they give the same in
// either order, up to the numbers of ids. That quiescence is reached is put down to nobody: whichever of
// two tasks ends last closes their region, and the region is the same.
//
// Threading: that of the lab. Failure: none.
#pragma once

#include "runtime/executor/touches.hpp"
#include "trace-format/events.hpp"

#include <cstdint>
#include <unordered_map>
#include <vector>

namespace cancelscope {

/// Something that can happen next: a timer that is due, the kernel's next deadline, a task that is ready. The same in
/// every run that took the same choices so far.
struct lab_actor {
  enum class what : std::uint8_t { timer, deadline, task };
  what kind{};
  std::uint64_t id = 0; ///< of a timer its order, of a task its handle's bits

  friend auto operator<=>(const lab_actor&, const lab_actor&) = default;
};

class access_set {
public:
  /// What can be used: of a task what it is told to do, and its end; a region; an obligation; the program's own.
  enum class part : std::uint8_t { task, task_end, region, obligation, memory };

  void add(part of, std::uint64_t id, access how);
  /// It moved the clock, say: nothing is known to commute with it.
  void add_everything() { everything_ = true; }
  /// One of them changes what the other uses. Both are of one run.
  friend bool depend(const access_set& a, const access_set& b);
  /// The same of steps from the same state in two runs, or of one from a state later in the other run. What the
  /// program shares is named as it is met: a name that is new since that state may mean another thing in the other run.
  friend bool may_depend(const access_set& a, const access_set& b);

private:
  friend class access_log;
  [[nodiscard]] bool uses_what_is_new(std::uint64_t since) const;

  struct used {
    part of{};
    std::uint64_t id = 0;
    access how{};
  };
  std::vector<used> used_;        ///< sorted by part and id, each once
  std::uint64_t names_known_ = 0; ///< of memory, when the step began
  bool everything_ = false;
};

/// Collects what the steps of one run use.
class access_log final : public access_observer {
public:
  void begin(const lab_actor& acting);
  access_set end();

  void see(const trace::event& e);
  void woke(any_handle task) { set_.add(access_set::part::task, task.bits(), access::changes); }
  void moved_the_clock() { set_.add_everything(); }

  void touched(const void* object, access how) noexcept override;
  void touched(any_handle entity, access how) noexcept override;
  void forgotten(const void* object) noexcept override { names_.erase(object); }

private:
  void saw(const trace::region_open& e);
  void saw(const trace::region_moved& e);
  void saw(const trace::task_spawn& e);
  void saw(const trace::task_wait& e);
  void saw(const trace::task_end& e);
  void saw(const trace::task_join& e);
  void saw(const trace::cancel_request& e);
  void saw(const trace::obligation_open& e);
  void saw(const trace::obligation_end& e);
  void saw(const trace::stale_use& e);
  template <class Other> void saw(const Other&) {}

  void uses(trace::entity_id id, access how);
  /// Whoever lives in a region keeps it open: for them to add to it commutes with what else is added.
  void adds_to_region(trace::region_id region);
  [[nodiscard]] bool acts_within(trace::region_id region) const;

  access_set set_;
  lab_actor acting_;
  std::unordered_map<trace::entity_id, trace::entity_id>
      above_;                                                   ///< of a region or task, its region
  std::unordered_map<trace::entity_id, trace::entity_id> home_; ///< of an obligation, its region
  std::unordered_map<const void*, std::uint64_t> names_; ///< addresses are not the same in two runs
  std::uint64_t last_name_ = 0;
};

} // namespace cancelscope
