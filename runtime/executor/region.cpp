#include "runtime/executor/region.hpp"

namespace cancelscope {

cancel_spec asked_by_current(executor& e, std::string_view message, place where) {
  cancel_spec spec = e.core().asked_by(e.current_task());
  spec.message = message;
  spec.where = where;
  return spec;
}

void region::cancel(std::string_view message, const std::source_location& where) const {
  const runtime_entry entry;
  static_cast<void>(
      executor_->core().cancel(handle_, asked_by_current(*executor_, message, where)));
}

void region::add_finalizer(std::string label, std::function<void()> run) const {
  const runtime_entry entry;
  static_cast<void>(executor_->core().on_close(handle_, std::move(label), std::move(run)));
}

obligation region::reserve(trace::obligation_kind kind, std::string_view label,
                           const std::source_location& where) const {
  const runtime_entry entry;
  const auto reserved = executor_->core().reserve(
      handle_, {.kind = kind, .label = label, .task = executor_->current_task(), .where = where});
  return obligation{*executor_, reserved ? *reserved : obligation_handle{}};
}

void region::mark(std::string_view label) const {
  const runtime_entry entry;
  executor_->core().trace().marked(label, executor_->current_task(), handle_);
}

cancellation region::why() const {
  const runtime_entry entry;
  return executor_->core().cancellation_of(handle_);
}

void obligation::commit() {
  if (!handle_) return;
  const runtime_entry entry;
  static_cast<void>(
      executor_->core().commit(std::exchange(handle_, {}), executor_->current_task()));
}

void obligation::abort() {
  if (!handle_) return;
  const runtime_entry entry;
  static_cast<void>(executor_->core().abort(std::exchange(handle_, {}), executor_->current_task()));
}

} // namespace cancelscope
