#include "runtime/lab/program.hpp"

namespace cancelscope {

namespace {

/// Writes to two sinks, either of which may be absent.
class both_sinks final : public trace::sink {
public:
  both_sinks(trace::sink* first, trace::sink* second) : first_(first), second_(second) {}
  void write(const trace::event& e) override {
    if (first_ != nullptr) first_->write(e);
    if (second_ != nullptr) second_->write(e);
  }

private:
  trace::sink* first_;
  trace::sink* second_;
};

/// A failure under it may have cancelled the body before it could end with it.
bool has_failed(const outcome<void>& ended) {
  if (ended.is_cancelled()) return ended.why().root().kind() == cancel_kind::fail_fast;
  return !ended;
}

} // namespace

lab_program lab_program_of(std::string name, region_options options,
                           std::function<task<void>(region)> body) {
  auto run = [name, options, body = std::move(body)](host& on) -> std::optional<std::string> {
    const outcome<void> ended = on.run(name, options, body);
    if (!has_failed(ended)) return std::nullopt;
    return std::string{ended.message()};
  };
  return {.name = std::move(name), .run = std::move(run)};
}

lab_run run_in_lab(const lab_program& program, scheduler& picks, trace::sink* sink,
                   const lab_limits& limits) {
  both_sinks written{sink, program.recorded_by ? program.recorded_by() : nullptr};
  lab_run done;
  std::optional<std::string> wrong;
  {
    lab runtime{picks,
                {.program = {.name = program.name, .sink = &written},
                 .most_steps = limits.steps,
                 .shows = program.shows}};
    wrong = program.run(runtime);
    runtime.compare();
    done.steps = runtime.steps();
    done.choices = runtime.choices();
    done.broken = runtime.broken();
  }
  if (wrong) done.broken.push_back({"program", *std::move(wrong), std::nullopt});
  return done;
}

lab_run run_in_lab(const lab_program& program, const lab_seed& seed, trace::sink* sink,
                   const lab_limits& limits) {
  const auto picks = scheduler_of(seed);
  return run_in_lab(program, *picks, sink, limits);
}

} // namespace cancelscope
