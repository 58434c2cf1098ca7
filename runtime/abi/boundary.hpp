// One consumer's side of the kernel: what the C ABI (cancelscope.h) does, as an object.
//
// It checks what comes over a border that has no types, so that no call of a consumer can break the kernel: who may speak at
// all (`attach`), every handle's kind and life, every number that stands for an enumerator, and the order in which a task goes
// through its end. Functions mirror those of the ABI, which only forward; see there for what each means.
//
// Ownership: owns the kernel, made when a consumer attaches.
// Threading: one thread.
// Failure:   a cs_status, and a sentence in `message`; then nothing has changed, but for what the kernel counts and traces of
//            a stale handle.
#pragma once

#include "runtime/abi/cancelscope.h"
#include "runtime/abi/trace_buffer.hpp"
#include "runtime/kernel/kernel.hpp"

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace cancelscope::abi {

class boundary {
public:
  boundary();
  ~boundary();
  boundary(const boundary&) = delete;
  boundary& operator=(const boundary&) = delete;

  cs_status attach(const cs_attachment* with, std::string_view name);
  [[nodiscard]] bool is_attached() const noexcept { return core_ != nullptr; }
  [[nodiscard]] const std::string& message() const noexcept { return message_; }
  void* scratch(std::size_t bytes);

  cs_status time(std::uint64_t now);
  cs_status expire();
  cs_status next_deadline(std::uint64_t* at);

  cs_status open_region(const cs_region_spec* spec, std::string_view name, std::uint64_t* region);
  cs_status close_region(std::uint64_t region);
  cs_status on_close(std::uint64_t region, std::string_view label, std::uint32_t token);
  cs_status region_state(std::uint64_t region, std::uint32_t* state);

  cs_status spawn(const cs_task_spec* spec, std::string_view name, std::uint64_t* task);
  cs_status task_state(std::uint64_t task, std::uint32_t* state);
  cs_status checkpoint(std::uint64_t task);
  cs_status task_ran(std::uint64_t task, std::uint64_t duration);
  cs_status task_waits(std::uint64_t task, std::uint32_t reason, std::uint64_t what,
                       std::string_view label);
  cs_status task_waits_for_region(std::uint64_t task, std::uint64_t region);
  cs_status spend(std::uint64_t task, std::uint64_t cost);
  cs_status shield(std::uint64_t task);
  cs_status unshield(std::uint64_t task);
  cs_status on_exit(std::uint64_t task, std::string_view label);
  cs_status finalize(std::uint64_t task);
  cs_status exit_ran(std::uint64_t task, std::uint32_t how, std::string_view why);
  cs_status end_task(std::uint64_t task, std::uint32_t how, std::string_view why);
  cs_status join(std::uint64_t task, std::uint64_t by);
  cs_status stop_joining(std::uint64_t task);

  cs_status cancel(const cs_cancel_spec* spec, std::string_view why, std::uint64_t* id);
  cs_status why(std::uint64_t handle);

  cs_status reserve(const cs_obligation_spec* spec, std::string_view label,
                    std::uint64_t* obligation);
  cs_status commit(std::uint64_t obligation, std::uint64_t by);
  cs_status abort(std::uint64_t obligation, std::uint64_t by);

  cs_status take_notice(cs_notice* notice);
  cs_status read_outcome(cs_outcome* outcome);
  cs_status read_chain(std::uint32_t index, cs_cancellation* link);
  [[nodiscard]] const std::string& texts() const noexcept { return texts_; }
  cs_status read_counts(cs_counts* counts);

  cs_status place_of(std::string_view file, std::uint32_t line, std::uint32_t* number);
  cs_status mark(std::uint64_t region, std::uint64_t task, std::string_view label);
  cs_status take_trace(const char** lines, std::uint32_t* bytes);
  cs_status end_trace();

private:
  class foreign_body;
  class foreign_owner;
  struct notice;

  cs_status refuse(cs_status status, std::string sentence);
  cs_status not_attached(std::string_view operation);
  cs_status no_spec(std::string_view operation);
  /// The live entity that the bits name, or why not.
  template <class Handle>
  std::optional<Handle> presented(std::uint64_t bits, std::string_view operation,
                                  cs_status& status);
  /// The same; 0 is the null handle.
  template <class Handle>
  std::optional<Handle> presented_or_none(std::uint64_t bits, std::string_view operation,
                                          cs_status& status);
  std::optional<any_handle> presented_target(std::uint64_t bits, std::string_view operation,
                                             cs_status& status);
  /// A live task whose end has not come.
  std::optional<task_handle> unended(std::uint64_t bits, std::string_view operation,
                                     cs_status& status);
  std::optional<place> place_at(std::uint32_t number) const;
  std::optional<outcome<void>> ended(task_handle task, std::uint32_t how, std::string_view why,
                                     cs_status& status);
  void keep(std::unique_ptr<foreign_body> body, task_handle task);
  foreign_body& body_of(task_handle task);
  void notify(notice what);
  void load(outcome<void> how);
  std::uint32_t add_text(std::string_view text);

  manual_clock clock_;
  trace_buffer trace_;
  bool traced_ = false;
  std::unique_ptr<kernel> core_;
  std::vector<std::unique_ptr<foreign_body>> bodies_;  ///< by slot
  std::vector<std::unique_ptr<foreign_owner>> owners_; ///< by slot
  std::deque<notice> notices_;
  outcome<void> outcome_;
  std::vector<cancellation> chain_; ///< of `outcome_`, each also with what it took over from
  std::string texts_;
  std::unordered_set<std::string> files_;
  std::vector<place> places_;
  std::vector<std::uint64_t> scratch_;
  std::string message_;
};

} // namespace cancelscope::abi
