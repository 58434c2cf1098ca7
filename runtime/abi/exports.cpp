// The C functions of cancelscope.h: each forwards to the one boundary of this program.
#include "runtime/abi/boundary.hpp"

namespace {

using cancelscope::abi::boundary;

boundary& here() {
  static boundary only;
  return only;
}

std::string_view text(const char* bytes, std::uint32_t size) {
  return {bytes, size};
}

} // namespace

void* cs_scratch(std::uint32_t bytes) {
  return here().scratch(bytes);
}
std::uint32_t cs_attach(const cs_attachment* with, const char* name, std::uint32_t name_bytes) {
  return here().attach(with, text(name, name_bytes));
}
const char* cs_message(std::uint32_t* bytes) {
  *bytes = static_cast<std::uint32_t>(here().message().size());
  return here().message().data();
}

std::uint32_t cs_time(std::uint64_t now) {
  return here().time(now);
}
std::uint32_t cs_expire(void) {
  return here().expire();
}
std::uint32_t cs_next_deadline(std::uint64_t* at) {
  return here().next_deadline(at);
}

std::uint32_t cs_region_open(const cs_region_spec* spec, const char* name, std::uint32_t name_bytes,
                             std::uint64_t* region) {
  return here().open_region(spec, text(name, name_bytes), region);
}
std::uint32_t cs_region_close(std::uint64_t region) {
  return here().close_region(region);
}
std::uint32_t cs_region_on_close(std::uint64_t region, const char* label, std::uint32_t label_bytes,
                                 std::uint32_t token) {
  return here().on_close(region, text(label, label_bytes), token);
}
std::uint32_t cs_region_state_of(std::uint64_t region, std::uint32_t* state) {
  return here().region_state(region, state);
}

std::uint32_t cs_task_spawn(const cs_task_spec* spec, const char* name, std::uint32_t name_bytes,
                            std::uint64_t* task) {
  return here().spawn(spec, text(name, name_bytes), task);
}
std::uint32_t cs_task_state_of(std::uint64_t task, std::uint32_t* state) {
  return here().task_state(task, state);
}
std::uint32_t cs_task_checkpoint(std::uint64_t task) {
  return here().checkpoint(task);
}
std::uint32_t cs_task_ran(std::uint64_t task, std::uint64_t duration) {
  return here().task_ran(task, duration);
}
std::uint32_t cs_task_waits(std::uint64_t task, std::uint32_t reason, std::uint64_t what,
                            const char* label, std::uint32_t label_bytes) {
  return here().task_waits(task, reason, what, text(label, label_bytes));
}
std::uint32_t cs_task_waits_for_region(std::uint64_t task, std::uint64_t region) {
  return here().task_waits_for_region(task, region);
}
std::uint32_t cs_task_spend(std::uint64_t task, std::uint64_t cost) {
  return here().spend(task, cost);
}
std::uint32_t cs_task_shield(std::uint64_t task) {
  return here().shield(task);
}
std::uint32_t cs_task_unshield(std::uint64_t task) {
  return here().unshield(task);
}
std::uint32_t cs_task_on_exit(std::uint64_t task, const char* label, std::uint32_t label_bytes) {
  return here().on_exit(task, text(label, label_bytes));
}
std::uint32_t cs_task_finalize(std::uint64_t task) {
  return here().finalize(task);
}
std::uint32_t cs_task_exit_ran(std::uint64_t task, std::uint32_t how, const char* message,
                               std::uint32_t message_bytes) {
  return here().exit_ran(task, how, text(message, message_bytes));
}
std::uint32_t cs_task_end(std::uint64_t task, std::uint32_t how, const char* message,
                          std::uint32_t message_bytes) {
  return here().end_task(task, how, text(message, message_bytes));
}
std::uint32_t cs_task_join(std::uint64_t task, std::uint64_t by) {
  return here().join(task, by);
}

std::uint32_t cs_task_join_stop(std::uint64_t task) {
  return here().stop_joining(task);
}

std::uint32_t cs_cancel(const cs_cancel_spec* spec, const char* message,
                        std::uint32_t message_bytes, std::uint64_t* cancel) {
  return here().cancel(spec, text(message, message_bytes), cancel);
}
std::uint32_t cs_why(std::uint64_t handle) {
  return here().why(handle);
}

std::uint32_t cs_obligation_reserve(const cs_obligation_spec* spec, const char* label,
                                    std::uint32_t label_bytes, std::uint64_t* obligation) {
  return here().reserve(spec, text(label, label_bytes), obligation);
}
std::uint32_t cs_obligation_commit(std::uint64_t obligation, std::uint64_t by) {
  return here().commit(obligation, by);
}
std::uint32_t cs_obligation_abort(std::uint64_t obligation, std::uint64_t by) {
  return here().abort(obligation, by);
}

std::uint32_t cs_notice_take(cs_notice* notice) {
  return here().take_notice(notice);
}
std::uint32_t cs_outcome_read(cs_outcome* outcome) {
  return here().read_outcome(outcome);
}
std::uint32_t cs_chain_read(std::uint32_t index, cs_cancellation* cancellation) {
  return here().read_chain(index, cancellation);
}
const char* cs_texts(std::uint32_t* bytes) {
  *bytes = static_cast<std::uint32_t>(here().texts().size());
  return here().texts().data();
}
std::uint32_t cs_counts_read(cs_counts* counts) {
  return here().read_counts(counts);
}

std::uint32_t cs_place(const char* file, std::uint32_t file_bytes, std::uint32_t line,
                       std::uint32_t* place) {
  return here().place_of(text(file, file_bytes), line, place);
}
std::uint32_t cs_mark(std::uint64_t region, std::uint64_t task, const char* label,
                      std::uint32_t label_bytes) {
  return here().mark(region, task, text(label, label_bytes));
}
std::uint32_t cs_trace_take(const char** lines, std::uint32_t* bytes) {
  return here().take_trace(lines, bytes);
}
std::uint32_t cs_trace_end(void) {
  return here().end_trace();
}
