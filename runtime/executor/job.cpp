#include "runtime/executor/job.hpp"

#include "runtime/executor/executor.hpp"

#include <utility>

namespace cancelscope {

void frame::destroy() noexcept {
  if (held_by != nullptr) *held_by = {};
  const user_code destructors;
  coroutine.destroy();
}

panic panic_of(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& e) {
    return panic{e.what()};
  } catch (...) {
    return panic{"an exception that is no std::exception"};
  }
}

job::job(executor& runs_on, frame& root) : executor_(runs_on), leaf_(&root) {
  root.runs_in = this;
}

bool job::run() {
  if (over_ || !wakes_up()) return false;
  running_ = true;
  const user_code body;
  while (!over_) {
    switch (step_) {
    case step::resume:
      user_code::leave();
      leaf_->coroutine.resume();
      break;
    case step::unwind:
      user_code::leave();
      unwind();
      break;
    case step::returned:
      finish_frame();
      break;
    case step::parked:
      return true;
    }
  }
  return true;
}

bool job::wakes_up() {
  if (is_requested() && executor_.core().must_stop(handle_)) {
    if (op_ != nullptr && !op_->abandon()) {
      stops_after_wait_ = true;
      return false;
    }
    op_ = nullptr;
    ending_ = executor_.core().cancellation_of(handle_);
    step_ = step::unwind;
    started_ = true; // a body that was cancelled before it began never begins
    return true;
  }
  if (op_ == nullptr) return !std::exchange(started_, true);
  if (!op_->is_done()) return false;
  if (std::exchange(stops_after_wait_, false)) {
    static_cast<void>(op_->abandon());
    ending_ = executor_.core().cancellation_of(handle_);
    step_ = step::unwind;
  } else {
    step_ = step::resume;
  }
  op_ = nullptr;
  return true;
}

bool job::sees_request(frame& at) {
  if (!executor_.core().must_stop(handle_)) return false;
  end_with(at, executor_.core().cancellation_of(handle_));
  return true;
}

void job::park(frame& at, wait_op& op, const wait_fact& fact) {
  leaf_ = &at;
  op_ = &op;
  parked_at_ = fact;
  step_ = step::parked;
}

void job::call(frame& child, frame& parent) {
  child.runs_in = this;
  child.parent = &parent;
  leaf_ = &child;
  step_ = step::resume;
}

void job::returned(frame& from) {
  leaf_ = &from;
  step_ = step::returned;
}

void job::end_with(frame& at, failure how) {
  leaf_ = &at;
  ending_ = std::move(how);
  step_ = step::unwind;
}

void job::finish_frame() {
  frame& from = *leaf_;
  if (from.parent == nullptr) {
    outcome<void> how;
    if (from.thrown)
      how = panic_of(from.thrown);
    else if (from.failed)
      how = std::move(*from.failed);
    else if (!is_in_exit())
      take_value(from);
    from.destroy();
    if (is_in_exit())
      exit_over(std::move(how));
    else
      end(std::move(how));
  } else if (from.failed && from.catcher == nullptr) {
    ending_ = std::move(from.failed);
    step_ = step::unwind;
  } else {
    leaf_ = from.parent;
    step_ = step::resume;
  }
}

void job::unwind() {
  unwinding_ = true;
  while (leaf_ != nullptr) {
    frame* const parent = leaf_->parent;
    std::optional<failure>* const catcher = leaf_->catcher;
    leaf_->destroy();
    leaf_ = parent;
    if (catcher == nullptr) continue;
    *catcher = std::move(ending_);
    ending_.reset();
    unwinding_ = false;
    step_ = step::resume;
    return;
  }
  unwinding_ = false;
  failure how = *std::exchange(ending_, std::nullopt);
  if (is_in_exit()) {
    exit_over(std::move(how));
    return;
  }
  end(std::move(how));
}

bool job::finalize() {
  kernel& core = executor_.core();
  if (!core.has_finalizers(handle_)) return true;
  if (core.finalize(handle_)) {
    begin_exit();
    return false;
  }
  const outcome<void>& finalized = core.finalized_as(handle_);
  if (finalized.kind() > ended_.kind()) ended_ = finalized;
  return true;
}

void job::add_exit(std::string label, exit_maker make) {
  if (!executor_.core().on_exit(handle_, std::move(label), {})) return;
  if (exits_ == nullptr) exits_ = std::make_unique<awaiting_exits>();
  exits_->registered.push_back(std::move(make));
}

bool job::is_in_exit() const noexcept {
  return exits_ != nullptr && exits_->running != nullptr;
}

void job::begin_exit() {
  exits_->running = std::move(exits_->registered.back());
  exits_->registered.pop_back();
  over_ = false;
  started_ = false; // there is something to begin again
  step_ = step::resume;
  {
    const user_code body;
    leaf_ = exits_->running();
  }
  leaf_->runs_in = this;
  schedule();
}

void job::exit_over(outcome<void> how) {
  const runtime_entry entry;
  executor_.core().finalizer_ran(handle_, std::move(how));
  body_over();
  const user_code destructors;
  exits_->running = nullptr;
}

outcome_taker job::destroy(std::string_view why) noexcept {
  add_reference(); // dropped below: nobody else may end our life while frames go
  running_ = true; // and nobody runs it
  if (op_ != nullptr) static_cast<void>(op_->abandon());
  op_ = nullptr;
  unwinding_ = true;
  while (leaf_ != nullptr) {
    frame* const parent = leaf_->parent;
    leaf_->destroy();
    leaf_ = parent;
  }
  unwinding_ = false;
  if (exits_ != nullptr) {
    const user_code destructors;
    exits_.reset();
  }
  end(panic{std::string{why}});
  const outcome_taker taker = taker_;
  announce_end();
  drop_reference();
  return taker;
}

void job::refuse(failure why) {
  leaf_->destroy();
  end(std::move(why));
  announce_end();
}

void job::end(outcome<void> how) noexcept {
  ended_ = std::move(how);
  body_over();
}

void job::body_over() noexcept {
  leaf_ = nullptr;
  over_ = true;
}

void job::announce_end() noexcept {
  announced_ = true;
  if (job_watcher* const watcher = std::exchange(watcher_, nullptr)) watcher->job_over(*this);
  drop_reference();
}

void job::schedule() noexcept {
  executor_.make_ready(*this);
}

void job::drop_reference() noexcept {
  const runtime_entry entry;
  if (--references_ == 0) delete this;
}

} // namespace cancelscope
