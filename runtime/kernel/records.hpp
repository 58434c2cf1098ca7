// What the kernel knows of each region, task and obligation. Private to the kernel.
//
// A record does not move while it lives, and what is under a region is gone before the region is: so records name each
// other by pointers where that order holds, and by handles, which are checked, where it does not.
#pragma once

#include "runtime/kernel/budget.hpp"
#include "runtime/kernel/cancellation.hpp"
#include "runtime/kernel/handles.hpp"
#include "runtime/kernel/outcome.hpp"

#include <functional>
#include <string>
#include <vector>

namespace cancelscope {

class task_body;
class region_owner;
enum class on_failure : std::uint8_t;
enum class task_role : std::uint8_t;

struct region_record;
struct task_record;
struct obligation_record;

/// Ends of a doubly linked list through records of one kind.
template <class Record> struct list_ends {
  Record* first = nullptr;
  Record* last = nullptr;
};

/// A record's own place in such a list.
template <class Record> struct list_links {
  Record* next = nullptr;
  Record* previous = nullptr;
};

struct finalizer {
  std::string label;
  std::function<void()> run; ///< none: one of a task that its executor runs, because it awaits
};

struct region_record {
  region_handle handle{};
  list_links<region_record> siblings{};
  region_record* parent = nullptr;
  list_ends<region_record> children{};
  list_ends<task_record> tasks{}; ///< those not yet joined
  list_ends<obligation_record> obligations{};
  std::size_t unclosed_children = 0;
  std::size_t uncompleted_tasks = 0;
  trace::region_state state = trace::region_state::open;
  on_failure policy{};
  bool masked = false; ///< opened by clean-up or under a shield: requests from above stop here
  bool in_finalizer = false;         ///< one of its finalizers runs now
  std::optional<time_ns> deadline{}; ///< its own, when it is the one that would pass first
  budget limits{};                   ///< its own combined with its parent's
  std::optional<time_ns> cleanup{};  ///< how long the clean-up of what is under it may take
  std::optional<std::uint64_t> cleanup_polls{};
  std::optional<std::uint64_t> polls_left{}; ///< of its own quota
  std::optional<std::uint64_t> cost_left{};  ///< of its own quota
  region_handle meter{};      ///< the innermost one with a quota of its own, from here upwards
  region_handle next_meter{}; ///< of a region with a quota: the next one above it
  task_handle opened_by{};
  region_owner* owner = nullptr;
  cancellation cancelled{};
  outcome<void>
      collected{}; ///< the worst end of the tasks that nobody joined, and of what failed in closing
  std::vector<finalizer> finalizers{};
  std::string name{};

  /// Nothing under it lives, though some may have to be joined.
  [[nodiscard]] bool is_quiet() const noexcept {
    return uncompleted_tasks == 0 && unclosed_children == 0;
  }
};

enum class task_state : std::uint8_t { running, requested, draining, finalizing, completed };

struct task_record {
  task_handle handle{};
  list_links<task_record> siblings{};
  region_record* region = nullptr;
  task_state state = task_state::running;
  task_role role{};
  std::uint32_t shields = 0;
  region_handle waits_for{}; ///< the region whose close it awaits: requests are passed on to it
  std::optional<time_ns> cleanup_deadline{}; ///< when its clean-up must be over
  std::optional<std::uint64_t> cleanup_polls_left{};
  task_body* body = nullptr;
  bool is_being_stopped =
      false; ///< its frames are being destroyed now, or its finalizers run after that
  cancellation cancelled{};
  outcome<void> ended{}; ///< while it is finalizing: the worst end of the finalizers that ran
  std::vector<finalizer> finalizers{};
  std::string name{};

  /// Its clean-up may not take for ever.
  [[nodiscard]] bool is_bounded() const noexcept { return cleanup_deadline || cleanup_polls_left; }
};

struct obligation_record {
  obligation_handle handle{};
  list_links<obligation_record> siblings{};
  region_record* region = nullptr;
  task_handle task{};
  trace::obligation_kind kind{};
};

} // namespace cancelscope
