#include "runtime/executor/scope.hpp"

namespace cancelscope::detail {

region_spec spec_of(std::string_view name, const region_options& options, executor& e,
                    place where) {
  region_spec spec{.name = name, .policy = options.policy, .where = where};
  if (const task_handle by = e.current_task()) {
    spec.by = by;
    spec.parent = e.core().region_of(by);
  }
  if (options.deadline > nanoseconds::zero())
    spec.limits.deadline = e.now() + static_cast<time_ns>(options.deadline.count());
  if (options.polls > 0) spec.limits.polls = options.polls;
  if (options.cost > 0) spec.limits.cost = options.cost;
  spec.limits.priority = options.priority;
  if (options.cleanup > nanoseconds::zero())
    spec.cleanup = static_cast<time_ns>(options.cleanup.count());
  if (options.cleanup_polls > 0) spec.cleanup_polls = options.cleanup_polls;
  return spec;
}

} // namespace cancelscope::detail
