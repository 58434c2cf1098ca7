#include "runtime/executor/thread_pool.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace cancelscope {

thread_local thread_pool::worker* thread_pool::worker_of_thread = nullptr;

thread_pool::thread_pool(executor_clock& clock, unsigned threads, const runtime_settings& settings)
    : run_loop(clock, settings), clock_(clock),
      time_passes_by_itself_(clock.machine_time(0).has_value()),
      last_turn_(std::this_thread::get_id()), helpers_([this] {
        const working_for here{this};
        const runtime_entry entry;
        helpers_.take_in();
      }) {
  core().trace().happens_on(0);
  if (threads == 0) threads = std::max(1U, std::thread::hardware_concurrency());
  for (std::uint64_t number = 1; number <= threads; ++number)
    workers_.push_back(std::make_unique<worker>(this, number));
  try {
    const std::lock_guard all_begin_together{turn_};
    for (const auto& each : workers_)
      each->thread = std::thread{[this, &me = *each] { work(me); }};
  } catch (...) {
    end_threads();
    throw;
  }
}

thread_pool::~thread_pool() {
  end_threads();
  core().trace().happens_on(0);
}

void thread_pool::end_threads() noexcept {
  {
    const std::lock_guard mine{turn_};
    closing_ = true;
    needed_.notify_all();
  }
  for (const auto& each : workers_)
    if (each->thread.joinable()) each->thread.join();
}

// ---- As an executor ----

void thread_pool::make_ready(job& j) noexcept {
  if (j.is_queued || j.is_over()) return;
  if (j.is_polled()) {
    j.is_woken = true;
    return;
  }
  worker* to = own_worker();
  if (to == nullptr) to = workers_[next_queue_++ % workers_.size()].get();
  to->ready.push(j);
  ++ready_;
}

void thread_pool::run_until_closed(region_handle root) {
  if (root_ || own_worker() != nullptr) std::abort(); // one program at a time, and not within it
  root_ = root;
  needed_.notify_one();
  while (core().is_live(root_))
    wait(closed_);
  root_ = {};
  has_closed();
}

job* thread_pool::current() const noexcept {
  const worker* const me = own_worker();
  return me == nullptr ? nullptr : me->runs;
}

// ---- Whose turn it is ----

void thread_pool::lock() noexcept {
  turn_.lock();
  has_turn();
}

void thread_pool::unlock() noexcept {
  wake_one_if_needed();
  turn_.unlock();
}

void thread_pool::wait(std::condition_variable& condition, std::optional<time_ns> due) {
  // Whoever waits looks again at what it waited for, however it was woken.
  std::unique_lock turn{turn_, std::adopt_lock};
  const auto until = due ? clock_.machine_time(*due) : std::nullopt;
  if (until)
    condition.wait_until(turn, *until); // NOLINT(bugprone-spuriously-wake-up-functions)
  else
    condition.wait(turn);
  static_cast<void>(turn.release());
  has_turn();
}

void thread_pool::has_turn() noexcept {
  const std::thread::id me = std::this_thread::get_id();
  if (std::exchange(last_turn_, me) == me) return;
  const worker* const mine = own_worker();
  core().trace().happens_on(mine == nullptr ? 0 : mine->number);
  // Equal times of different threads are in no particular order in a recording.
  set_poll_time(poll_time() + 1);
  if (now() < poll_time()) clock_.wait_until(poll_time());
  pass_time();
}

void thread_pool::pass_time() noexcept {
  const time_ns until = std::max(now(), poll_time());
  cut_runs(until);
  set_poll_time(until);
}

void thread_pool::cut_runs(time_ns until) noexcept {
  const time_ns from = poll_time();
  if (from == until) return;
  for (const auto& each : workers_)
    if (each->runs != nullptr)
      core().trace().task_ran(each->runs->handle(), from, until - from, each->number);
}

void thread_pool::wake_one_if_needed() noexcept {
  if (resting_ == 0 || waking_) return;
  if (ready_ == 0) {
    if (!time_passes_by_itself_) return;
    const auto due = next_due();
    if (!due || (timekeeper_ != nullptr && keeps_time_until_ <= *due)) return;
  }
  waking_ = true;
  needed_.notify_one();
}

// ---- What the threads do ----

thread_pool::worker* thread_pool::own_worker() const noexcept {
  worker* const mine = worker_of_thread;
  return mine != nullptr && mine->pool == this ? mine : nullptr;
}

void thread_pool::work(worker& me) {
  worker_of_thread = &me;
  const working_for here{this};
  const runtime_entry entry;
  while (!closing_) {
    if (root_) {
      timers().fire_due(poll_time());
      core().expire();
    }
    if (job* const next = take(me))
      run_job(me, *next);
    else
      rest(me);
  }
}

job* thread_pool::take(worker& me) noexcept {
  if (ready_ == 0) return nullptr;
  worker* from = &me;
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    worker& other = *workers_[(me.number + i) % workers_.size()];
    if (other.ready.highest() > from->ready.highest()) from = &other;
  }
  --ready_;
  return from->ready.pop();
}

void thread_pool::run_job(worker& me, job& next) {
  if (!next.is_polled()) { // it is being destroyed otherwise
    me.runs = &next;
    const bool ran = next.run();
    me.runs = nullptr;
    if (ran) {
      const time_ns until = std::max(now(), poll_time());
      cut_runs(until);
      has_run(next, until);
    }
    if (std::exchange(next.is_woken, false)) make_ready(next);
  }
  next.drop_reference();
}

void thread_pool::rest(worker& me) {
  const bool runs = core().is_live(root_);
  if (root_ && !runs) closed_.notify_all();
  const bool all_rest = resting_ + 1 == workers_.size();
  const auto due = runs ? next_due() : std::nullopt;
  if (runs && all_rest && !due && !helpers_.are_busy()) {
    give_up(root_);
    return;
  }
  if (due && all_rest && !time_passes_by_itself_) {
    wait_for_time();
    return;
  }
  ++resting_;
  const bool keeps_time =
      due && time_passes_by_itself_ && (timekeeper_ == nullptr || *due < keeps_time_until_);
  if (keeps_time) {
    timekeeper_ = &me;
    keeps_time_until_ = *due;
    wait(needed_, due);
    if (timekeeper_ == &me) timekeeper_ = nullptr;
    pass_time();
  } else {
    wait(needed_);
  }
  --resting_;
  waking_ = false;
}

} // namespace cancelscope
