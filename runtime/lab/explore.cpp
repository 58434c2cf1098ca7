#include "runtime/lab/explore.hpp"

#include "runtime/lab/exploration/path.hpp"

namespace cancelscope {

exploration explore(const lab_program& program, const exploration_options& options) {
  exploration found;
  exploring::tree schedules;
  std::optional<exploring::plan> next;
  while (found.run < options.schedules) {
    exploring::path way{schedules, next, options.reduced_by};
    const lab_run done = run_in_lab(program, way, nullptr, options.limits);
    ++found.run;
    if (way.is_redundant()) ++found.redundant;
    if (!done.broken.empty()) {
      found.failure = {done.choices, done.steps, done.broken};
      break;
    }
    found.not_repeatable = way.not_repeatable();
    if (found.not_repeatable) break;
    if (options.after_run) options.after_run(done);
    way.plan_alternatives();
    next = schedules.next_plan();
    if (!next) {
      found.complete = true;
      break;
    }
  }
  found.pruned = schedules.pruned();
  return found;
}

} // namespace cancelscope
