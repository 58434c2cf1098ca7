// What the kernel knows of each region, task and obligation. Private to the kernel.
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

/// Ends of a doubly linked list through records of one kind.
template <class Handle> struct list_ends {
  Handle first{};
  Handle last{};
};

/// A record's own place in such a list.
template <class Handle> struct list_links {
  Handle next{};
  Handle previous{};
};

struct finalizer {
  std::string label;
  std::function<void()> run;
};

struct region_record {
  list_links<region_handle> siblings;
  region_handle parent{};
  list_ends<region_handle> children;
  list_ends<task_handle> tasks; ///< those not yet joined
  list_ends<obligation_handle> obligations;
  std::size_t unclosed_children = 0;
  std::size_t uncompleted_tasks = 0;
  trace::region_state state = trace::region_state::open;
  on_failure policy{};
  bool masked = false; ///< opened by clean-up or under a shield: requests from above stop here
  std::uint64_t depth = 1;
  std::optional<time_ns> deadline; ///< its own, when it is the one that would pass first
  budget limits;                   ///< its own combined with its parent's
  std::optional<time_ns> cleanup;  ///< how long the clean-up of what is under it may take
  std::optional<std::uint64_t> cleanup_polls;
  task_handle opened_by{};
  region_owner* owner = nullptr;
  cancellation cancelled;
  outcome<void>
      collected; ///< the worst end of the tasks that nobody joined, and of what failed in closing
  std::vector<finalizer> finalizers;
  std::string name;
};

enum class task_state : std::uint8_t { running, requested, draining, finalizing, completed };

struct task_record {
  list_links<task_handle> siblings;
  region_handle region{};
  task_state state = task_state::running;
  bool is_body = false; ///< its region closes when it completes, and is cancelled when it fails
  std::uint32_t shields = 0;
  region_handle waits_for{}; ///< the region whose close it awaits: requests are passed on to it
  std::optional<std::uint64_t> cleanup_polls_left;
  task_body* body = nullptr;
  cancellation cancelled;
  outcome<void> ended;
  std::vector<finalizer> finalizers;
  std::string name;
};

struct obligation_record {
  list_links<obligation_handle> siblings;
  region_handle region{};
  task_handle task{};
  trace::obligation_kind kind{};
};

} // namespace cancelscope
