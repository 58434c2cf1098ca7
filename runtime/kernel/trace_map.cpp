#include "runtime/kernel/trace_map.hpp"

#include <array>
#include <charconv>
#include <cstring>

namespace cancelscope {

namespace {

trace::maybe<trace::text> text_or_none(std::string_view text) {
  if (text.empty()) return std::nullopt;
  return text;
}

template <entity_kind Kind> trace::maybe<trace::typed_id<Kind>> id_or_none(handle<Kind> h) {
  if (!h) return std::nullopt;
  return h.id();
}

trace::maybe<trace::entity_id> id_or_none(any_handle h) {
  if (!h) return std::nullopt;
  return h.id();
}

trace::maybe<trace::cancel_id> id_or_none(const cancellation& c) {
  if (!c) return std::nullopt;
  return c.id();
}

/// "file.cpp:120" in a buffer of its own, for as long as the event is being written.
class place_text {
public:
  explicit place_text(place where) {
    const std::string_view name = where.base_name();
    if (name.empty() || name.size() + max_digits > buffer_.size()) return;
    std::memcpy(buffer_.data(), name.data(), name.size());
    char* at = buffer_.data() + name.size();
    *at++ = ':';
    length_ = static_cast<std::size_t>(
        std::to_chars(at, buffer_.data() + buffer_.size(), where.line).ptr - buffer_.data());
  }
  [[nodiscard]] trace::maybe<trace::text> get() const {
    return text_or_none({buffer_.data(), length_});
  }

private:
  static constexpr std::size_t max_digits = 11; // a colon and 32 bits
  std::array<char, 160> buffer_;                // filled so far as length_ says
  std::size_t length_ = 0;
};

/// An id written into a buffer of its own.
class id_text {
public:
  explicit id_text(any_handle h) {
    if (!h) return;
    char* at = buffer_.data();
    char* const last = at + buffer_.size();
    *at++ = static_cast<char>(h.kind());
    at = std::to_chars(at, last, h.slot()).ptr;
    *at++ = '.';
    length_ =
        static_cast<std::size_t>(std::to_chars(at, last, h.generation()).ptr - buffer_.data());
  }
  [[nodiscard]] trace::maybe<trace::text> get() const {
    return text_or_none({buffer_.data(), length_});
  }

private:
  std::array<char, 24> buffer_; // filled so far as length_ says
  std::size_t length_ = 0;
};

} // namespace

// Each body becomes an event where it is handed over: a variant that is moved is copied whole, however small what is in it.
template <class Body> void trace_map::write(const Body& body, place where) {
  write_at(clock_.now(), body, where, thread_);
}

template <class Body>
void trace_map::write_at(time_ns t, const Body& body, place where,
                         trace::maybe<std::uint64_t> thread) {
  if (where.file == nullptr) {
    sink_->write({.t = t, .th = thread, .body = body});
    return;
  }
  const place_text src{where};
  sink_->write({.t = t, .th = thread, .src = src.get(), .body = body});
}

void trace_map::trace_began(const trace::header& header) {
  if (sink_ != nullptr) write(header);
}

void trace_map::trace_ended() {
  if (sink_ != nullptr) write(trace::end_of_trace{});
}

void trace_map::write_region_opened(region_handle region, region_handle parent,
                                    std::string_view name, const budget& limits, task_handle by,
                                    place where) {
  write(
      trace::region_open{.region = region.id(),
                         .parent = id_or_none(parent),
                         .name = text_or_none(name),
                         .budget = is_limited(limits) ? trace::maybe<budget>{limits} : std::nullopt,
                         .by = id_or_none(by)},
      where);
}

void trace_map::write_region_moved(region_handle region, trace::region_state state,
                                   const cancellation& why) {
  write(trace::region_moved{.region = region.id(), .state = state, .cancel = id_or_none(why)});
}

void trace_map::write_region_closed(region_handle region, const cancellation& why,
                                    outcome_kind outcome) {
  write(trace::region_moved{.region = region.id(),
                            .state = trace::region_state::closed,
                            .cancel = id_or_none(why),
                            .outcome = outcome});
}

void trace_map::region_finalizer_ran(region_handle region, std::string_view label,
                                     trace::maybe<std::uint64_t> duration, outcome_kind outcome) {
  if (sink_ == nullptr) return;
  write(trace::finalizer_ran{
      .region = region.id(), .label = text_or_none(label), .dur = duration, .outcome = outcome});
}

void trace_map::write_task_spawned(task_handle task, region_handle region, std::string_view name,
                                   task_handle by, place where) {
  write(trace::task_spawn{.task = task.id(),
                          .region = region.id(),
                          .name = text_or_none(name),
                          .by = id_or_none(by)},
        where);
}

void trace_map::write_task_ran(task_handle task, time_ns began, time_ns duration,
                               trace::maybe<std::uint64_t> thread) {
  write_at(began, trace::task_run{.task = task.id(), .dur = duration}, {},
           thread ? thread : thread_);
}

void trace_map::write_task_parked(task_handle task, const wait_fact& wait) {
  const id_text what{wait.what};
  write(trace::task_wait{
      .task = task.id(), .on = wait.on, .what = what.get(), .label = text_or_none(wait.label)});
}

void trace_map::write_task_ended(task_handle task, const outcome<void>& outcome) {
  trace::task_end body{.task = task.id(), .outcome = outcome.kind()};
  if (outcome.is_cancelled()) body.cancel = id_or_none(outcome.why());
  if (outcome.is_err() || outcome.is_panicked()) body.error = outcome.message();
  write(body);
}

void trace_map::write_task_joined(task_handle task, any_handle by) {
  write(trace::task_join{.task = task.id(), .by = id_or_none(by)});
}

void trace_map::task_finalizer_ran(task_handle task, std::string_view label,
                                   trace::maybe<std::uint64_t> duration, outcome_kind outcome) {
  if (sink_ == nullptr) return;
  write(trace::finalizer_ran{
      .task = task.id(), .label = text_or_none(label), .dur = duration, .outcome = outcome});
}

void trace_map::write_cancel_requested(const cancellation& request, trace::cancel_effect effect) {
  write(trace::cancel_request{.cancel = request.id(),
                              .kind = request.kind(),
                              .target = request.target(),
                              .cause = id_or_none(request.cause()),
                              .origin_region = request.origin_region(),
                              .origin_task = request.origin_task(),
                              .message = text_or_none(request.message()),
                              .truncated =
                                  request.truncated() ? trace::maybe<bool>{true} : std::nullopt,
                              .effect = effect,
                              .deadline = request.deadline()},
        request.where());
}

void trace_map::write_phase_reached(any_handle target, const cancellation& why,
                                    trace::cancel_phase_name phase) {
  write(trace::cancel_phase{.target = target.id(), .cancel = why.id(), .phase = phase});
}

void trace_map::write_budget_told(any_handle target, trace::budget_resource resource,
                                  std::uint64_t left, bool exhausted) {
  write(trace::budget_left{.target = target.id(),
                           .resource = resource,
                           .left = left,
                           .exhausted = exhausted ? trace::maybe<bool>{true} : std::nullopt});
}

void trace_map::write_obligation_reserved(obligation_handle obligation, trace::obligation_kind kind,
                                          region_handle region, task_handle task,
                                          std::string_view label, place where) {
  write(trace::obligation_open{.obligation = obligation.id(),
                               .kind = kind,
                               .region = id_or_none(region),
                               .task = id_or_none(task),
                               .label = text_or_none(label)},
        where);
}

void trace_map::write_obligation_resolved(obligation_handle obligation, trace::obligation_fate fate,
                                          const cancellation& why) {
  write(
      trace::obligation_end{.obligation = obligation.id(), .how = fate, .cancel = id_or_none(why)});
}

void trace_map::write_slot_released(any_handle handle) {
  write(trace::slot_release{.id = handle.id()});
}

void trace_map::stale_refused(any_handle presented, std::uint32_t generation_now,
                              std::string_view operation, any_handle by) {
  if (sink_ == nullptr) return;
  write(trace::stale_use{.id = presented.id(),
                         .live = generation_now,
                         .op = text_or_none(operation),
                         .by = id_or_none(by)});
}

void trace_map::violation_found(std::string_view oracle, std::string_view message,
                                any_handle target) {
  if (sink_ == nullptr) return;
  write(trace::violation{.oracle = oracle, .message = message, .target = id_or_none(target)});
}

void trace_map::marked(std::string_view label, task_handle task, region_handle region) {
  if (sink_ == nullptr) return;
  write(trace::mark{.label = label, .task = id_or_none(task), .region = id_or_none(region)});
}

} // namespace cancelscope
