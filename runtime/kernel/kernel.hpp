// The kernel: a pure state machine of regions, tasks, cancellations and obligations.
//
// It owns who exists, in which state, and why; it never runs a body, reads no clock of its own,
// starts no thread and does no I/O. Executors stand above it: they run bodies and tell the kernel
// what happened; the kernel tells them whom to wake (`task_body`) and which region is closed
// (`region_owner`).
//
// Region:  open → closing → draining → finalizing → closed. It is `closing` from the moment its end is
//          asked for, `draining` while something under it lives, `finalizing` while its finalizers
//          run. `close` waits for what is under it; `cancel` also requests its end. A region that is
//          closing still takes new tasks, because whoever is alive in it may need them to finish; what
//          begins in a cancelled region is cancelled at birth. From `finalizing` on nothing new begins.
//          A closed region hands its outcome to its owner and is released at once.
// Task:    running → requested → draining → finalizing → completed, then pinned until it is joined:
//          by a task, or by its region's close. Joining releases it.
// A region's outcome is the worst end of the tasks that nobody else joined (an outcome that somebody
// took is theirs to act upon) and of the finalizers that failed.
//
// Threading: one owner at a time; callbacks come from within the calls and may call back in. Threads that take turns hold
//            a lock (kernel_lock.hpp), which is given up while a finalizer or a destructor runs.
// Failure:   a handle that names nothing live is refused: a `stale` event, a sentence, and no change.
//            A broken invariant aborts.
//
//     kernel k{clock, &sink};
//     auto root = k.open_region({.name = "root"});
//     auto task = k.spawn(*root, {.name = "work", .body = &body});
//     k.cancel(*root, {.message = "shutting down"}); // wakes body; k.end_task(...) when it is done
#pragma once

#include "runtime/kernel/deadline_heap.hpp"
#include "runtime/kernel/records.hpp"
#include "runtime/kernel/slot_table.hpp"
#include "runtime/kernel/trace_map.hpp"
#include "trace-format/result.hpp"

#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace cancelscope {

/// Who waits to take a task's outcome as it completes.
struct outcome_taker {
  bool waits = false;
  any_handle by{}; ///< null: somebody outside of all tasks

  constexpr outcome_taker() noexcept = default;
  /// The null handle: nobody waits.
  template <entity_kind Kind>
  constexpr outcome_taker(handle<Kind> h) noexcept : waits(static_cast<bool>(h)), by(h) {}
  [[nodiscard]] static constexpr outcome_taker outside() noexcept {
    outcome_taker somebody;
    somebody.waits = true;
    return somebody;
  }
};

/// What an executor hangs under a task of the kernel.
class task_body {
public:
  /// A request wants the task's attention: make it runnable, wherever it is parked.
  virtual void wake() noexcept = 0;
  /// Give up the body now, running its destructors; it ends as a panic that says why, and never
  /// runs again. Gives who waits to take the outcome, if somebody does.
  virtual outcome_taker destroy(std::string_view why) noexcept = 0;
  /// Its code runs on another thread: it cannot be destroyed before that comes to an await.
  [[nodiscard]] virtual bool is_running() const noexcept { return false; }
  /// A request is in effect that the body has not seen: only then has `must_stop` something to say.
  [[nodiscard]] bool is_requested() const noexcept { return requested_; }
  /// The kernel says so.
  void set_requested(bool requested) noexcept { requested_ = requested; }

protected:
  ~task_body() = default;

private:
  bool requested_ = false;
};

/// Whoever opened a region and wants to know when it is closed.
class region_owner {
public:
  virtual void region_closed(outcome<void> collected) noexcept = 0;

protected:
  ~region_owner() = default;
};

/// What a task's failure means for the others in its region.
enum class on_failure : std::uint8_t {
  cancel_siblings, ///< an `err` or a panic cancels the region (`fail_fast`)
  keep_going,      ///< the others go on; the failure waits to be joined
};

/// What a task is to its region.
enum class task_role : std::uint8_t {
  member,
  body,     ///< the region closes when it completes, and is cancelled when it fails
  finalizer ///< runs a finalizer that awaits: may begin in a finalizing region, and is shielded
};

struct region_spec {
  std::string_view name{};
  region_handle parent{}; ///< null: a root
  task_handle by{};       ///< the task that opens it, when one does
  region_owner* owner = nullptr;
  /// Combined with the parent's. What is spent is taken from the quotas of this region and of those
  /// around it.
  budget limits{};
  std::optional<time_ns>
      cleanup{}; ///< ns that clean-up under it may take, combined with the parent's
  std::optional<std::uint64_t>
      cleanup_polls{}; ///< polls that each task's clean-up may take, combined likewise
  on_failure policy = on_failure::cancel_siblings;
  place where{};
};

struct task_spec {
  std::string_view name{};
  task_body* body = nullptr;
  task_handle by{};
  task_role role = task_role::member;
  place where{};
};

/// Who asks for a cancellation and why. What is not known stays empty.
struct cancel_spec {
  cancel_kind kind = cancel_kind::user;
  std::string_view message{};
  region_handle origin_region{};
  task_handle origin_task{};
  cancellation cause{};
  place where{};
};

/// What a request to a region is to those under it: that one's doing, of kind `parent`.
cancel_spec inherited_from(const cancellation& own);

struct obligation_spec {
  trace::obligation_kind kind = trace::obligation_kind::other;
  std::string_view label{};
  task_handle task{};
  place where{};
};

struct kernel_limits {
  std::uint32_t last_generation = widest_generation; ///< a slot is retired after that many tenants
  std::size_t chain_depth = 32; ///< requests kept in one chain before it is truncated
};

/// What lives now, and what has been found; for oracles and tests.
struct kernel_counts {
  std::size_t regions = 0;
  std::size_t tasks = 0; ///< completed but not yet joined ones included
  std::size_t obligations = 0;
  std::size_t leaked = 0;
  std::size_t refused = 0; ///< handles that named nothing live, or another kind

  friend bool operator==(const kernel_counts&, const kernel_counts&) = default;
};

/// It was done.
struct done {};

struct finalizer_run;

class kernel {
public:
  template <class Value> using result = trace::result<Value>;

  kernel(const clock& time, trace::sink* sink, kernel_limits limits = {});
  kernel(const kernel&) = delete;
  kernel& operator=(const kernel&) = delete;

  // ---- Regions ----
  result<region_handle> open_region(const region_spec& spec);
  /// Waits for what is under the region, then runs its finalizers and closes it: maybe before this
  /// returns.
  result<done> close(region_handle region);
  /// Requests the end of the region and of everything under it, and closes it when that has come.
  result<cancellation> cancel(region_handle region, const cancel_spec& spec);
  /// Runs when nothing lives under the region any more, the last registered first. It may spawn one
  /// `finalizer` task; the next finalizer then waits for that one's end.
  result<done> on_close(region_handle region, std::string label, std::function<void()> run);

  // ---- Tasks ----
  result<task_handle> spawn(region_handle region, const task_spec& spec);
  /// Requests the task's end. It says so at once; the task sees it at its next checkpoint.
  result<cancellation> cancel(task_handle task, const cancel_spec& spec);
  /// Takes the outcome of a completed task and releases it. A task that still lives is not joined:
  /// nothing.
  result<std::optional<outcome<void>>> join(task_handle task, any_handle by);
  /// Runs after the body, shielded, the last registered first. With nothing to run it is one that
  /// awaits: `finalize` says when its executor has to run it.
  result<done> on_exit(task_handle task, std::string label, std::function<void()> run);

  // ---- What executors say of the tasks they run; the handle must be live ----
  /// A checkpoint: true when the body must stop now and clean up. The task is then draining.
  bool must_stop(task_handle task);
  void task_ran(task_handle task, time_ns began, time_ns duration);
  /// The task waits. One whose clean-up budget is exhausted is destroyed here and completed.
  void task_parked(task_handle task, const wait_fact& wait);
  /// The body is over: runs its finalizers down to the first that awaits. True when that one has to be
  /// run, and `finalizer_ran` called, and then this again; false when none is left.
  bool finalize(task_handle task);
  /// Something was registered for its exit; else there is nothing to finalize.
  [[nodiscard]] bool has_finalizers(task_handle task) const noexcept {
    const task_record& t = tasks_.get(task);
    return t.state == task_state::finalizing || !t.finalizers.empty();
  }
  /// The awaiting finalizer that `finalize` came to is over.
  void finalizer_ran(task_handle task, outcome<void> ended);
  /// The worst end of the task's finalizers so far.
  [[nodiscard]] const outcome<void>& finalized_as(task_handle task) const;
  /// Takes the cost from the quotas of the regions around the task. False: one of them has not that
  /// much left; it was cancelled, and nothing was taken.
  bool spend(task_handle task, std::uint64_t cost);
  /// The body is over: finalizers run, the task completes, its region may close. Whoever already
  /// waits to take the outcome is handed it as the task completes, before anything comes of it.
  void end_task(task_handle task, const outcome<void>& how, outcome_taker taker = {});
  /// From now on, requests to the task are passed on to the region, whose close it awaits; null
  /// ends that.
  void wait_for_region(task_handle task, region_handle region);
  void shield(task_handle task);
  void unshield(task_handle task);
  /// Destroys every task under the region, whatever state it is in, and says so in the trace. The
  /// last resort.
  void stop_by_force(region_handle region, std::string_view oracle, std::string_view why);

  // ---- Obligations ----
  result<obligation_handle> reserve(region_handle region, const obligation_spec& spec);
  result<done> commit(obligation_handle obligation, any_handle by = {});
  result<done> abort(obligation_handle obligation, any_handle by = {});

  // ---- Time ----
  /// When `expire` has something to do next.
  [[nodiscard]] std::optional<time_ns> next_deadline();
  /// Keeps the deadlines that have passed: cancels regions, stops clean-up that took too long.
  void expire() {
    if (!to_stop_.empty()) stop_postponed();
    while (!deadlines_.empty() && expire_next()) {
    }
  }
  /// The first of them only; false when none has passed.
  bool expire_next();

  // ---- Questions ----
  [[nodiscard]] bool is_live(any_handle handle) const;
  [[nodiscard]] bool is_live(region_handle region) const noexcept {
    return regions_.find(region) != nullptr;
  }
  [[nodiscard]] std::optional<trace::region_state> state_of(region_handle region) const;
  [[nodiscard]] std::optional<task_state> state_of(task_handle task) const;
  /// The request in effect, if any.
  [[nodiscard]] cancellation cancellation_of(any_handle handle) const;
  [[nodiscard]] cancellation cancellation_of(task_handle task) const {
    const task_record* const t = tasks_.find(task);
    return t == nullptr ? cancellation{} : t->cancelled;
  }
  [[nodiscard]] region_handle region_of(task_handle task) const;
  /// A request of that task, as far as it says who asks: null for nobody that is known.
  [[nodiscard]] cancel_spec asked_by(task_handle task) const;
  /// The region's budget, combined with those around it; unlimited for one that is gone.
  [[nodiscard]] budget limits_of(region_handle region) const;
  /// The budget's priority alone.
  [[nodiscard]] std::uint8_t priority_of(region_handle region) const noexcept {
    const region_record* const r = regions_.find(region);
    return r == nullptr ? unlimited.priority : r->limits.priority;
  }
  [[nodiscard]] std::string_view name_of(any_handle handle) const;
  [[nodiscard]] kernel_counts counts() const;
  /// Slots that will never be given out again, of all kinds.
  [[nodiscard]] std::size_t retired_slots() const;

  /// The handle with its type, when it is of that kind and live; else it is refused like a stale
  /// one.
  template <class Handle>
  result<Handle> checked(any_handle presented, std::string_view operation, any_handle by = {}) {
    const Handle typed{presented.slot(), presented.generation()};
    if (presented.kind() != Handle::kind || !is_live(presented))
      return refuse(presented, Handle::kind, operation, by);
    return typed;
  }

  [[nodiscard]] const clock& time() const noexcept { return clock_; }
  /// Where executors put the facts that only they know.
  [[nodiscard]] trace_map& trace() noexcept { return trace_; }

private:
  enum class reach : std::uint8_t { absorbed, applied };

  trace::failure refuse(any_handle presented, entity_kind wanted, std::string_view operation,
                        any_handle by);

  // cancel.cpp: requests
  cancellation make_cancellation(any_handle target, const cancel_spec& spec,
                                 const cancellation& current, std::optional<time_ns> cleanup);
  reach request(region_record& r, const cancel_spec& spec);
  reach request(task_record& t, const cancel_spec& spec);
  void pass_on(const task_record& t);
  void cascade(region_record& top);
  void cascade_to_tasks(region_record& r, const cancel_spec& spec);
  void fail_fast(const task_record& t, const outcome<void>& ended);

  // cleanup.cpp: what draining may take
  void stop_for_budget(task_handle task);
  void stop_postponed();
  [[nodiscard]] bool can_stop(const task_record& t) const;
  static void add_tasks_under(const region_record& top, std::vector<task_handle>& found);
  /// False: some still run, or wait for what does, and are left.
  bool stop_all(const std::vector<task_handle>& doomed, std::string_view oracle,
                std::string_view why);
  void stop(task_record& t, std::string_view oracle, std::string_view why);
  void bound_cleanup(task_record& t, std::optional<time_ns> until);
  void report_cleanup(const task_record& t, bool exhausted);
  bool cleanup_exhausted(const task_record& t) const;

  // quotas.cpp: what the regions around a task let it use
  static void meter(region_record& r, const budget& own);
  void count_poll(const task_record& t);
  void enforce_polls(task_handle task);
  void quota_exhausted(region_record& r, trace::budget_resource resource, std::uint64_t left,
                       const task_record& by);
  void report_quotas(const region_record& r);

  finalizer_run run(finalizer& f);
  bool finalize(task_record& t);
  void finalizer_ran(task_record& t, outcome<void> ended);

  // close.cpp: quiescence
  void begin_closing(region_record& r);
  void settle_later(const region_record& r);
  void settle_with(region_record& r);
  void settle(region_record& r);
  void settle_pending();
  void collect_tasks(region_record& r);
  bool run_region_finalizers(region_record& r);
  void find_leaks(region_record& r);
  void close_now(region_record& r);
  void release_task(task_record& t);
  void release_obligation(obligation_record& o, trace::obligation_fate fate);
  result<done> resolve(obligation_handle obligation, trace::obligation_fate fate, any_handle by);

  const clock& clock_;
  trace_map trace_;
  kernel_limits limits_;
  slot_table<region_record, entity_kind::region> regions_;
  slot_table<task_record, entity_kind::task> tasks_;
  slot_table<obligation_record, entity_kind::obligation> obligations_;
  deadline_heap deadlines_;
  std::uint64_t last_cancel_ = 0;
  std::vector<region_handle> to_settle_;
  std::vector<task_handle> to_stop_; ///< exhausted, but some of it still runs on another thread
  bool settling_ = false;
  std::size_t leaked_ = 0;
  std::size_t refused_ = 0;
};

} // namespace cancelscope
