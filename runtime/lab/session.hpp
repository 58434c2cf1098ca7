// A program in the lab, a step at a time: forward, to a condition, and back.
//
// Going back is going there again: the program runs anew from its seed up to the earlier step. It does the same, so
// nobody sees the difference.
//
// Threading: one thread. Failure: none; at the end of the program there are no more steps.
//
//     lab_session session{"transfer", {}, body, lab_seed{42}};
//     session.run_until([](const trace::event& e) { return std::holds_alternative<trace::cancel_request>(e.body); });
//     session.go_to(session.at() - 1);       // the step before it
#pragma once

#include "runtime/lab/lab.hpp"

namespace cancelscope {

class lab_session {
public:
  using body = std::function<task<void>(region)>;

  lab_session(std::string name, const region_options& options, body program,
              const lab_seed& seed = lab_choices{});
  ~lab_session();

  /// The next thing happens; false when the program is over, and nothing did.
  bool step();
  /// Runs until an event satisfies the condition, to the end of the step that emitted it. False: none did, to the end.
  bool run_until(const std::function<bool(const trace::event&)>& condition);
  /// Runs until the state that a step left satisfies the condition. False: it never did, to the end.
  bool run_until_state(const std::function<bool(kernel&)>& condition);
  /// To the state after that many steps, forward or back; not beyond the end.
  void go_to(std::size_t step);

  /// How many steps were taken.
  [[nodiscard]] std::size_t at() const noexcept { return lab_->steps(); }
  [[nodiscard]] bool is_over() const noexcept { return !lab_->is_running(); }
  /// For questions about the state now.
  [[nodiscard]] kernel& core() noexcept { return lab_->core(); }
  [[nodiscard]] const std::vector<broken_promise>& broken() const noexcept {
    return lab_->broken();
  }
  /// The trace so far, as JSON Lines.
  [[nodiscard]] const std::string& lines() const noexcept;

private:
  class tape;
  void restart();

  std::string name_;
  region_options options_;
  body program_;
  lab_seed seed_;
  std::unique_ptr<tape> tape_; ///< outlives the lab that writes to it
  std::unique_ptr<scheduler> picks_;
  std::unique_ptr<lab> lab_;
};

} // namespace cancelscope
