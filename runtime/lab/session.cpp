#include "runtime/lab/session.hpp"

#include "trace-format/jsonl_writer.hpp"

namespace cancelscope {

class lab_session::tape final : public trace::sink {
public:
  void write(const trace::event& e) override {
    writer_.append(e, lines);
    if (condition != nullptr && (*condition)(e)) condition_met = true;
  }

  std::string lines;
  const std::function<bool(const trace::event&)>* condition = nullptr;
  bool condition_met = false;

private:
  trace::jsonl_writer writer_;
};

lab_session::lab_session(std::string name, const region_options& options, body program,
                         const lab_seed& seed)
    : name_(std::move(name)), options_(options), program_(std::move(program)), seed_(seed) {
  restart();
}

lab_session::~lab_session() = default;

void lab_session::restart() {
  lab_.reset();
  tape_ = std::make_unique<tape>();
  picks_ = scheduler_of(seed_);
  lab_ =
      std::make_unique<lab>(*picks_, lab_settings{.program = {.name = name_, .sink = tape_.get()}});
  lab_->start(name_, options_, program_);
}

bool lab_session::step() {
  if (is_over()) return false;
  static_cast<void>(lab_->step());
  return true;
}

bool lab_session::run_until(const std::function<bool(const trace::event&)>& condition) {
  tape_->condition = &condition;
  tape_->condition_met = false;
  while (!tape_->condition_met && step()) {
  }
  tape_->condition = nullptr;
  return tape_->condition_met;
}

bool lab_session::run_until_state(const std::function<bool(kernel&)>& condition) {
  while (step())
    if (condition(core())) return true;
  return false;
}

void lab_session::go_to(std::size_t step_number) {
  if (step_number < at()) restart();
  while (at() < step_number && step()) {
  }
}

const std::string& lab_session::lines() const noexcept {
  return tape_->lines;
}

} // namespace cancelscope
